package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.circleci.Parameters.Argument;
import dev.fanfare.dialect.yaml.YamlNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job, or a group of jobs, in its place in a workflow, matrices expanded.
 *
 * @param definition what is invoked, as it is written
 * @param name by which people know it, unique in its workflow
 * @param aliases other names by which it can be required: of its matrix, of a name that several
 *     have
 * @param type as the invocation writes it, which only approvals do
 * @param scope with the values of its combination
 */
record Invocation(
    String definition,
    String name,
    List<String> aliases,
    Map<String, Argument> arguments,
    List<Requirement> requires,
    Filter filter,
    List<String> contexts,
    Optional<String> serialGroup,
    Optional<String> type,
    Optional<YamlNode> before,
    Optional<YamlNode> after,
    Scope scope,
    SourceSpan span) {

  Invocation {
    aliases = List.copyOf(aliases);
    requires = List.copyOf(requires);
    contexts = List.copyOf(contexts);
  }

  /** Each is itself: two that say the same are two jobs. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  /** The same under another name. */
  Invocation called(String other, List<String> also) {
    return new Invocation(
        definition,
        other,
        also,
        arguments,
        requires,
        filter,
        contexts,
        serialGroup,
        type,
        before,
        after,
        scope,
        span);
  }

  /** A job that must have ended in one of some statuses. */
  record Requirement(String name, List<String> statuses, SourceSpan span) {
    Requirement {
      statuses = List.copyOf(statuses);
    }
  }
}
