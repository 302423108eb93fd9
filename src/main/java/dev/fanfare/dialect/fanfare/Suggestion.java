package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Nearest;
import java.util.Collection;
import java.util.Map;

/** What a person probably meant by a word the language does not have. */
final class Suggestion {

  /** Words of other systems and the way to say them here. */
  private static final Map<String, String> FOREIGN_KEYS =
      Map.ofEntries(
          Map.entry("if", "when"),
          Map.entry("condition", "when"),
          Map.entry("depends", "needs"),
          Map.entry("depends_on", "needs"),
          Map.entry("dependsOn", "needs"),
          Map.entry("dependencies", "needs"),
          Map.entry("requires", "needs"),
          Map.entry("command", "run"),
          Map.entry("commands", "run"),
          Map.entry("script", "run"),
          Map.entry("cmd", "run"),
          Map.entry("continue-on-error", "onFailure: {tolerate: true}"),
          Map.entry("continueOn", "onFailure: {tolerate: true}"),
          Map.entry("timeout-minutes", "timeout: 30m"),
          Map.entry("strategy", "matrix"),
          Map.entry("withItems", "forEach"),
          Map.entry("withParam", "forEach"),
          Map.entry("max-parallel", "maxParallel"),
          Map.entry("fail-fast", "failFast"),
          Map.entry("working-directory", "workdir"),
          Map.entry("inputs", "params"),
          Map.entry("parameters", "params"),
          Map.entry("variables", "env"),
          Map.entry("environment", "env"),
          Map.entry("on", "triggers"),
          Map.entry("jobs", "steps"),
          Map.entry("tasks", "steps"),
          Map.entry("retries", "retry"),
          Map.entry("group", "key"),
          Map.entry("uses", "call"),
          Map.entry("mutex", "lock"));

  private static final Map<String, String> FOREIGN_VALUES =
      Map.of(
          "success", "succeeded",
          "failure", "failed",
          "completed", "finished",
          "done", "finished",
          "always", "finished",
          "terminal", "finished",
          "canceled", "cancelled");

  private Suggestion() {}

  /** A hint for an unknown key. */
  static String forKey(String key, Collection<String> known) {
    String foreign = FOREIGN_KEYS.get(key);
    if (foreign != null && known.contains(foreign.split(":", 2)[0])) {
      return "Fanfare says '" + foreign + "'";
    }
    return Nearest.to(key, known)
        .map(close -> "did you mean '" + close + "'?")
        .orElseGet(() -> "allowed here: " + String.join(", ", known.stream().sorted().toList()));
  }

  /** A hint for a value that is none of the allowed ones. */
  static String forValue(String value, Collection<String> allowed) {
    String list = "one of " + String.join(", ", allowed);
    String foreign = FOREIGN_VALUES.get(value);
    if (foreign != null && allowed.contains(foreign)) {
      return "did you mean '" + foreign + "'? " + list;
    }
    return Nearest.to(value, allowed)
        .map(close -> "did you mean '" + close + "'? " + list)
        .orElse(list);
  }
}
