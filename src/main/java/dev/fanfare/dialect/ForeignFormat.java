package dev.fanfare.dialect;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Formats a person may hand in by mistake, and the key that gives each away. */
enum ForeignFormat {
  CODEFRESH("Codefresh"),
  CIRCLECI("CircleCI"),
  DAGU("Dagu"),
  FLOWTOY("flowtoy"),
  GITHUB_ACTIONS("GitHub Actions");

  private static final Set<String> CODEFRESH_ROOT =
      Set.of("mode", "stages", "indicators", "fail_fast", "strict_fail_fast", "success_criteria");
  private static final Set<String> CODEFRESH_STEP =
      Set.of("type", "commands", "fail_fast", "arguments", "main_clone");
  private static final Set<String> DAGU_ROOT =
      Set.of(
          "schedule",
          "maxActiveSteps",
          "max_active_steps",
          "maxActiveRuns",
          "max_active_runs",
          "handlerOn",
          "handler_on",
          "histRetentionDays",
          "preconditions",
          "skipIfSuccessful");
  private static final Set<String> DAGU_STEP =
      Set.of("command", "script", "depends", "executor", "continueOn", "continue_on", "parallel");

  private final String title;

  ForeignFormat(String title) {
    this.title = title;
  }

  /** A diagnostic at the key that shows that a file is written for another system. */
  static Optional<Diagnostic> of(String fileName, YamlNode root) {
    if (!(root instanceof Mapping map)) {
      return Optional.empty();
    }
    for (ForeignFormat format : values()) {
      Optional<Entry> mark = format.mark(fileName, map);
      if (mark.isPresent()) {
        return Optional.of(format.diagnostic(mark.get()));
      }
    }
    return Optional.empty();
  }

  private Diagnostic diagnostic(Entry mark) {
    return Diagnostic.error(
        "foreign-format",
        "this looks like a file of " + title + ": '" + mark.key() + "' stands here",
        mark.keySpan(),
        "this version reads Fanfare files only; if it is one, say --dialect fanfare to see what is"
            + " wrong with it");
  }

  private Optional<Entry> mark(String fileName, Mapping map) {
    return switch (this) {
      case CODEFRESH -> codefresh(fileName, map);
      case CIRCLECI ->
          map.has("version") || map.has("workflows")
              ? first(map, Set.of("jobs", "workflows", "orbs"))
              : Optional.empty();
      case DAGU -> dagu(map);
      case FLOWTOY -> map.entry("flow").filter(flow -> flow.value() instanceof Sequence);
      case GITHUB_ACTIONS -> map.has("on") ? map.entry("jobs") : Optional.empty();
    };
  }

  private static Optional<Entry> codefresh(String fileName, Mapping map) {
    if (isPipelineKind(map)) {
      return map.entry("kind");
    }
    boolean versioned = map.has("version") && map.has("steps");
    if (versioned && (fileName.startsWith("codefresh.") || !map.has("name"))) {
      return map.entry("version");
    }
    return map.has("steps") && !map.has("name")
        ? first(map, CODEFRESH_ROOT).or(() -> stepWith(map, CODEFRESH_STEP))
        : Optional.empty();
  }

  private static boolean isPipelineKind(Mapping map) {
    return map.has("spec")
        && map.get("kind").orElse(null) instanceof Scalar kind
        && kind.text().equals("pipeline");
  }

  /** A file with a name and a mapping of steps may as well be a Fanfare file with a wrong key. */
  private static Optional<Entry> dagu(Mapping map) {
    boolean fanfare = map.has("name") && map.get("steps").orElse(null) instanceof Mapping;
    return fanfare ? Optional.empty() : first(map, DAGU_ROOT).or(() -> listedStep(map));
  }

  private static Optional<Entry> stepWith(Mapping map, Set<String> keys) {
    return map.get("steps").orElse(null) instanceof Mapping steps
        ? steps.entries().stream()
            .flatMap(
                step ->
                    step.value() instanceof Mapping body ? body.entries().stream() : Stream.empty())
            .filter(entry -> keys.contains(entry.key()))
            .findFirst()
        : Optional.empty();
  }

  private static Optional<Entry> listedStep(Mapping map) {
    List<YamlNode> items =
        map.get("steps").orElse(null) instanceof Sequence steps ? steps.items() : List.of();
    return items.stream()
        .flatMap(item -> item instanceof Mapping body ? body.entries().stream() : Stream.empty())
        .filter(entry -> DAGU_STEP.contains(entry.key()))
        .findFirst();
  }

  private static Optional<Entry> first(Mapping map, Set<String> keys) {
    return map.entries().stream().filter(entry -> keys.contains(entry.key())).findFirst();
  }
}
