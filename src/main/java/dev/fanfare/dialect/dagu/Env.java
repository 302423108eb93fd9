package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.dagu.Piece.Command;
import dev.fanfare.dialect.dagu.Piece.Reference;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;

/** Environment variables: a mapping, or a list of mappings or of {@code KEY=value}. */
final class Env {

  /** One variable as it is written. */
  record Entry(String name, String text, SourceSpan span) {

    /** Whether only a shell can tell the value. */
    boolean needsShell(Scope scope) {
      return Texts.pieces(text).stream()
          .anyMatch(
              piece ->
                  piece instanceof Command
                      || (piece instanceof Reference reference
                          && reference.isPlain()
                          && Scope.OF_THE_SHELL.contains(reference.name())
                          && !scope.variables.containsKey(reference.name())));
    }
  }

  private Env() {}

  static List<Entry> read(Fields fields, String key) {
    List<Entry> entries = new ArrayList<>();
    fields
        .free(key)
        .ifPresent(
            value -> Section.oneOrMany(value).forEach(item -> add(fields, key, item, entries)));
    return entries;
  }

  private static void add(Fields fields, String key, YamlNode item, List<Entry> entries) {
    switch (item) {
      case Mapping map ->
          map.entries()
              .forEach(
                  entry -> {
                    if (entry.value() instanceof Scalar scalar) {
                      String text = scalar.isNull() ? "" : scalar.text();
                      entries.add(new Entry(entry.key(), text, entry.keySpan()));
                    } else {
                      fields.wrongType(entry.value(), "'" + entry.key() + "'", "a text");
                    }
                  });
      case Scalar scalar when scalar.text().indexOf('=') > 0 -> {
        int equals = scalar.text().indexOf('=');
        entries.add(
            new Entry(
                scalar.text().substring(0, equals),
                scalar.text().substring(equals + 1),
                scalar.span()));
      }
      default -> fields.wrongType(item, "'" + key + "'", "KEY: value");
    }
  }
}
