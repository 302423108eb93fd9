package dev.fanfare.dialect.dagu;

import dev.fanfare.dialect.dagu.Piece.Reference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the names in texts mean at a place: each a value, as the source of an expression. */
final class Scope {

  /** What a shell sets or inherits by itself. */
  static final Set<String> OF_THE_SHELL =
      Set.of(
          "PATH",
          "HOME",
          "PWD",
          "OLDPWD",
          "SHELL",
          "USER",
          "LANG",
          "TZ",
          "JAVA_HOME",
          "IFS",
          "UID",
          "RANDOM",
          "LINENO",
          "SECONDS",
          "HOSTNAME",
          "TMPDIR",
          "PPID",
          "OPTARG",
          "OPTIND",
          "LOGNAME",
          "EUID",
          "BASHPID",
          "BASH",
          "BASH_VERSION",
          "BASH_SOURCE",
          "FUNCNAME",
          "TERM",
          "REPLY");

  final Map<String, String> variables = new LinkedHashMap<>();

  /** Parameters by name. */
  final Map<String, String> params = new LinkedHashMap<>();

  final Map<String, String> consts = new LinkedHashMap<>();
  final Map<String, Draft> steps = new HashMap<>();

  /** Names that only a place inside a fan-out has: {@code ITEM}, or those below {@code foreach}. */
  final Map<String, String> item = new HashMap<>();

  /** Variables whose value is known when the run has begun, and not before. */
  final Set<String> late = new LinkedHashSet<>();

  /** Names that nothing sets: somebody may give them as parameters. Shared by all places. */
  private final Set<String> free;

  private @Nullable Outside outside;

  Scope(Set<String> free) {
    this.free = free;
  }

  /** The same, to which names can be added. */
  Scope inner() {
    Scope inner = new Scope(free);
    inner.variables.putAll(variables);
    inner.params.putAll(params);
    inner.consts.putAll(consts);
    inner.steps.putAll(steps);
    inner.item.putAll(item);
    inner.late.addAll(late);
    return inner;
  }

  boolean isLate(String name) {
    return late.contains(name) || OF_THE_SHELL.contains(name);
  }

  /** The value of a variable, empty where there is none. */
  String source(String name) {
    return variables.getOrDefault(name, "\"\"");
  }

  /** Lets names that nothing sets be looked up elsewhere too; nowhere where it is null. */
  void outside(@Nullable Outside other) {
    outside = other;
  }

  /** A name that nothing sets becomes a parameter that may be given. */
  String free(String name) {
    free.add(name);
    Optional<String> found = Optional.ofNullable(outside).flatMap(where -> where.value(name));
    return found
        .map(text -> "params[?" + Cel.quoted(name) + "].orValue(" + Cel.quoted(text) + ")")
        .orElseGet(() -> given(name));
  }

  static String given(String name) {
    return "params[?" + Cel.quoted(name) + "].orValue(\"\")";
  }

  /**
   * What a reference stands for; empty for one that means nothing here and stays as it is written.
   */
  Optional<String> value(Reference reference) {
    List<String> path = reference.path();
    Optional<String> found =
        switch (reference.name()) {
          case "params" -> named(params, path).or(() -> whole(params, path));
          case "env" -> named(variables, path);
          case "consts" -> named(consts, path);
          case "steps" -> path.size() < 3 ? Optional.empty() : ofStep(path.getFirst(), rest(path));
          case "foreach" ->
              path.isEmpty() ? Optional.empty() : item("foreach." + path.getFirst(), rest(path));
          case "ITEM" -> item("ITEM", path);
          case "context" -> context(String.join(".", path));
          default -> Optional.empty();
        };
    return found.isPresent() ? found : variable(reference);
  }

  private Optional<String> variable(Reference reference) {
    String name = reference.name();
    List<String> path = reference.path();
    if (variables.containsKey(name)) {
      String value = variables.get(name);
      return Optional.of(
          path.isEmpty() ? orElse(value, reference.fallback()) : inside(value, path));
    }
    if (!path.isEmpty()) {
      return ofStep(name, path);
    }
    return OF_THE_SHELL.contains(name)
        ? Optional.empty()
        : Optional.of(orElse(free(name), reference.fallback()));
  }

  private String orElse(String value, Optional<String> fallback) {
    return fallback
        .map(
            other ->
                "cel.bind(d, %s, d == null || d == \"\" ? %s : d)"
                    .formatted(value, Words.text(other, this)))
        .orElse(value);
  }

  private static List<String> rest(List<String> path) {
    return path.subList(1, path.size());
  }

  private static Optional<String> named(Map<String, String> values, List<String> path) {
    return path.size() == 1 ? Optional.ofNullable(values.get(path.getFirst())) : Optional.empty();
  }

  private static Optional<String> whole(Map<String, String> values, List<String> path) {
    if (!path.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder map = new StringBuilder("{");
    values.forEach(
        (name, value) ->
            map.append(map.length() > 1 ? ", " : "")
                .append(Cel.quoted(name))
                .append(": ")
                .append(value));
    return Optional.of(map.append("}").toString());
  }

  private Optional<String> item(String name, List<String> path) {
    return Optional.ofNullable(item.get(name))
        .map(value -> path.isEmpty() ? value : optional(value, path) + ".orValue(\"\")");
  }

  private static Optional<String> context(String path) {
    return Optional.ofNullable(
        switch (path) {
          case "run.id", "run.root_id" -> "run.id";
          case "dag.name", "run.root_name" -> "workflow.name";
          case "run.scheduled_at" -> "run.?scheduledAt.orValue(\"\")";
          case "attempt.id" -> "run.attempt";
          case "attempt.started_at" -> "run.startedAt";
          case "trigger.type" -> "run.trigger";
          case "run.status" -> Words.RUN_STATUS;
          default -> null;
        });
  }

  /** {@code ${id.exitCode}}, {@code ${id.outputs.name}}, {@code ${id.output.name}}. */
  private Optional<String> ofStep(String id, List<String> path) {
    Draft step = steps.get(id);
    if (step == null) {
      return Optional.empty();
    }
    boolean output = path.getFirst().equals("outputs") || path.getFirst().equals("output");
    if (output && path.size() > 1) {
      String value =
          step.kind == Draft.Kind.HUMAN
              ? step.variableValue() + "[?" + Cel.quoted(path.get(1)) + "]"
              : step.output(path.get(1));
      List<String> more = path.subList(2, path.size());
      return Optional.of(
          more.isEmpty() ? value + ".orValue(null)" : inside(value + ".orValue(null)", more));
    }
    return path.size() == 1 && path.getFirst().matches("exit_?[cC]ode")
        ? Optional.of(step.step() + ".exitCode")
        : Optional.empty();
  }

  /** What lies inside a value, which may be JSON in a text. */
  private static String inside(String value, List<String> path) {
    String none = path.stream().anyMatch(step -> step.startsWith("[")) ? "\"<nil>\"" : "null";
    return ("cel.bind(w, %s, w == null ? null : type(w) == string ? (w.matches(\"^\\\\s*[\\\\[{]\")"
            + " ? %s : null) : %s)")
        .formatted(
            value,
            optional("fromJson(w)", path) + ".orValue(" + none + ")",
            optional("w", path) + ".orValue(" + none + ")");
  }

  private static String optional(String value, List<String> path) {
    StringBuilder found = new StringBuilder(value);
    for (String step : path) {
      found.append("[?").append(step.startsWith("[") ? step.substring(1) : Cel.quoted(step) + "]");
    }
    return found.toString();
  }
}
