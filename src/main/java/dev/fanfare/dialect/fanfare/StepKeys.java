package dev.fanfare.dialect.fanfare;

import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys of a step, and which of them only make sense beside another. */
final class StepKeys {

  /** What a step does: exactly one of these. */
  static final List<String> BODIES =
      List.of(
          "run",
          "http",
          "lambda",
          "call",
          "workflow",
          "approval",
          "waitFor",
          "sleep",
          "pass",
          "parallel",
          "sequence",
          "race",
          "loop",
          "switch");

  private static final List<String> AROUND =
      List.of(
          "needs",
          "join",
          "when",
          "onSkip",
          "retry",
          "timeout",
          "onFailure",
          "outputs",
          "env",
          "detached",
          "lock",
          "cache",
          "breaker",
          "hooks",
          "idempotencyKey",
          "title",
          "stage",
          "reads",
          "writes",
          "forEach",
          "matrix");

  /** A key and the keys of which one must stand beside it. */
  private static final Map<String, List<String>> BESIDE =
      Map.ofEntries(
          Map.entry("image", List.of("run")),
          Map.entry("shell", List.of("run")),
          Map.entry("workdir", List.of("run")),
          Map.entry("with", List.of("call")),
          Map.entry("params", List.of("workflow")),
          Map.entry("payload", List.of("lambda")),
          Map.entry("wait", List.of("lambda", "workflow")),
          Map.entry("output", List.of("pass")),
          Map.entry("all", List.of("switch")),
          Map.entry("as", List.of("forEach")),
          Map.entry("batch", List.of("forEach")),
          Map.entry("key", List.of("forEach")),
          Map.entry("distinct", List.of("forEach")),
          Map.entry("collect", List.of("forEach")),
          Map.entry("empty", List.of("forEach")),
          Map.entry("exclude", List.of("matrix")),
          Map.entry("include", List.of("matrix")),
          Map.entry("failFast", List.of("forEach", "matrix")),
          Map.entry("maxParallel", List.of("forEach", "matrix")));

  /** Keys that move into the body where the body is written as a mapping. */
  private static final Set<String> INSIDE = Set.of("with", "params", "payload", "wait", "all");

  /** Keys that a hook cannot have: nothing orders or surrounds it. */
  private static final Set<String> NOT_IN_HOOK = Set.of("needs", "join", "onSkip", "hooks");

  static final Set<String> ALL = all();

  private StepKeys() {}

  private static Set<String> all() {
    Set<String> all = new LinkedHashSet<>(BODIES);
    all.addAll(AROUND);
    all.addAll(BESIDE.keySet());
    return all;
  }

  /** Reports keys whose companion is missing. */
  static void checkCompanions(Fields step, Problems problems) {
    for (Entry entry : step.map().entries()) {
      List<String> beside = BESIDE.get(entry.key());
      if (beside == null) {
        continue;
      }
      List<String> present = beside.stream().filter(step::has).toList();
      if (present.isEmpty()) {
        misplaced(entry, "only beside " + quoted(beside), remedy(entry.key(), step), problems);
      } else if (INSIDE.contains(entry.key())
          && step.node(present.getFirst()).orElse(null) instanceof Mapping) {
        misplaced(
            entry,
            "inside '" + present.getFirst() + "' where that is a mapping",
            "move it there",
            problems);
      }
    }
  }

  /** Reports keys that a hook cannot have. */
  static void checkHook(Mapping hook, Problems problems) {
    for (Entry entry : hook.entries()) {
      if (NOT_IN_HOOK.contains(entry.key())) {
        misplaced(
            entry, "on a step, not on a hook", "a hook starts when its moment comes", problems);
      }
    }
  }

  private static String remedy(String key, Fields step) {
    if (key.equals("maxParallel") && step.has("parallel")) {
      return "move it into 'parallel'";
    }
    if (key.equals("params")) {
      return "a step reads parameters in expressions; 'params' belongs to a sub-workflow";
    }
    return "";
  }

  private static String quoted(List<String> keys) {
    return "'" + String.join("' or '", keys) + "'";
  }

  private static void misplaced(Entry entry, String where, String hint, Problems problems) {
    problems.error("misplaced-key", "'" + entry.key() + "' stands " + where, entry.keySpan(), hint);
  }
}
