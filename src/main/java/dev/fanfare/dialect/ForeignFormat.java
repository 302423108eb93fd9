package dev.fanfare.dialect;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Formats a person may hand in by mistake, and the key that gives each away. */
enum ForeignFormat {
  CIRCLECI("CircleCI"),
  DAGU("Dagu"),
  FLOWTOY("flowtoy"),
  GITHUB_ACTIONS("GitHub Actions");

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
      case CIRCLECI ->
          map.has("version") || map.has("workflows")
              ? first(map, Set.of("jobs", "workflows", "orbs"))
              : Optional.empty();
      case DAGU -> dagu(map);
      case FLOWTOY -> map.entry("flow").filter(flow -> flow.value() instanceof Sequence);
      case GITHUB_ACTIONS -> map.has("on") ? map.entry("jobs") : Optional.empty();
    };
  }

  /** A file with a name and a mapping of steps may as well be a Fanfare file with a wrong key. */
  private static Optional<Entry> dagu(Mapping map) {
    boolean fanfare = map.has("name") && map.get("steps").orElse(null) instanceof Mapping;
    return fanfare ? Optional.empty() : first(map, DAGU_ROOT).or(() -> listedStep(map));
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
