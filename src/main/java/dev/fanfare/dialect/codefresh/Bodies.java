package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Output;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a step does, by its type. */
final class Bodies {

  /** Keys around a step, which its Java step has nothing to do with. */
  private static final Set<String> AROUND =
      Set.of(
          "type",
          "name",
          "title",
          "description",
          "stage",
          "when",
          "retry",
          "timeout",
          "fail_fast",
          "fail-fast",
          "strict_fail_fast",
          "hooks",
          "metadata",
          "annotations",
          "on_success",
          "on_fail",
          "on_finish",
          "environment");

  private static final Duration APPROVAL_LIMIT = Duration.ofDays(7);

  private final Context context;
  private final FreestyleBodies freestyle;
  private final ImageBodies images;

  Bodies(Context context) {
    this.context = context;
    this.freestyle = new FreestyleBodies(context);
    this.images = new ImageBodies(context);
  }

  /**
   * What was made of a step.
   *
   * @param env variables that its script needs besides the step's own
   * @param timeout a limit that belongs to the work itself
   * @param terminates whether the end of that limit ends the run, whatever else is said
   */
  record Made(
      Work work,
      Map<String, Template> env,
      Map<String, Output> outputs,
      Optional<Duration> timeout,
      boolean terminates) {

    static Made of(Work work) {
      return new Made(work, Map.of(), Map.of(), Optional.empty(), false);
    }

    static Made of(Work work, Map<String, Template> env) {
      return new Made(work, env, Map.of(), Optional.empty(), false);
    }
  }

  Made read(StepNode node, Section step, Place place) {
    return switch (node.type) {
      case FREESTYLE -> freestyle.read(node, step, place);
      case BUILD -> images.build(node, step, place);
      case PUSH -> images.push(node, step, place);
      case CLONE -> new Clones(context).read(node, step, place);
      case APPROVAL -> approval(node, step, place);
      case PIPELINE -> new Pipelines(context).read(node, step, place);
      case CLOUD -> cloud(node, step, place);
      case PLUGIN -> plugin(node, step, place);
      case PARALLEL -> Made.of(new Work.Pass(Optional.empty()));
    };
  }

  private Made approval(StepNode node, Section step, Place place) {
    Template message =
        context.texts().template(node.text("title").orElse(node.id), node.span, place);
    Optional<Section> limit =
        step.node("timeout").flatMap(value -> step.section(value, "'timeout'", "approval-timeout"));
    double amount = limit.flatMap(s -> s.number("duration", 0, 100_000)).orElse(168.0);
    String unit = limit.flatMap(s -> s.text("timeUnit")).orElse("hours");
    String end = limit.flatMap(s -> s.text("finalState")).orElse("denied");
    limit.ifPresent(Section::close);
    oneOf(limit, "timeUnit", unit, List.of("hours", "minutes"));
    oneOf(limit, "finalState", end, List.of("approved", "denied", "terminated"));
    long unitMillis = unit.equals("minutes") ? 60_000 : 3_600_000;
    Duration after =
        limit.isEmpty() ? APPROVAL_LIMIT : Duration.ofMillis(Math.round(amount * unitMillis));
    boolean terminates = end.equals("terminated");
    Work.Approval.OnTimeout onTimeout =
        end.equals("approved") ? Work.Approval.OnTimeout.APPROVE : Work.Approval.OnTimeout.DENY;
    Work work =
        new Work.Approval(
            message,
            terminates ? Optional.empty() : Optional.of(after),
            onTimeout,
            Optional.empty());
    return new Made(
        work, Map.of(), Map.of(), terminates ? Optional.of(after) : Optional.empty(), terminates);
  }

  private void oneOf(Optional<Section> section, String key, String found, List<String> allowed) {
    if (!allowed.contains(found)) {
      context
          .problems()
          .error(
              "bad-value",
              "'" + key + "' cannot be '" + found + "'",
              section.orElseThrow().keySpan(key),
              "it is one of " + String.join(", ", allowed));
    }
  }

  /** A built-in type that only Codefresh's cloud can do: all its keys go to a Java step. */
  private Made cloud(StepNode node, Section step, Place place) {
    String type = StepType.bare(node.writtenType);
    JavaSteps.warn(type, typeSpan(node), context);
    Map<String, Template> with = new LinkedHashMap<>();
    for (Entry entry : step.entries()) {
      boolean known = context.ledger().table().rule("step", entry.key()).isPresent();
      if (known && !AROUND.contains(entry.key())) {
        context.ledger().settleAll(step.read(entry));
        with.put(entry.key(), context.texts().value(entry.value(), place));
      }
    }
    with.putAll(Environment.read(step, context).templates(context, place));
    return Made.of(new Work.Call(JavaSteps.bean(type), new Template.Entries(with, node.span)));
  }

  private Made plugin(StepNode node, Section step, Place place) {
    String type = StepType.bare(node.writtenType);
    JavaSteps.warn(type, typeSpan(node), context);
    Template with =
        step.free("arguments")
            .filter(Mapping.class::isInstance)
            .map(arguments -> context.texts().value(arguments, place))
            .orElseGet(() -> new Template.Entries(Map.of(), node.span));
    return Made.of(new Work.Call(JavaSteps.bean(type), with));
  }

  private static dev.fanfare.definition.SourceSpan typeSpan(StepNode node) {
    YamlNode type = node.body.get("type").orElse(null);
    return type instanceof Scalar scalar ? scalar.span() : node.span;
  }
}
