package dev.fanfare.dialect;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.Optional;

/** Formats a person may hand in by mistake, and the key that gives each away. */
enum ForeignFormat {
  GITHUB_ACTIONS("GitHub Actions");

  private final String title;

  ForeignFormat(String title) {
    this.title = title;
  }

  /** A diagnostic at the key that shows that a file is written for another system. */
  static Optional<Diagnostic> of(YamlNode root) {
    if (!(root instanceof Mapping map)) {
      return Optional.empty();
    }
    for (ForeignFormat format : values()) {
      Optional<Entry> mark = format.mark(map);
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
        "no importer reads those; if it is a Fanfare file, say --dialect fanfare to see what is"
            + " wrong with it");
  }

  private Optional<Entry> mark(Mapping map) {
    return switch (this) {
      case GITHUB_ACTIONS -> map.has("on") ? map.entry("jobs") : Optional.empty();
    };
  }
}
