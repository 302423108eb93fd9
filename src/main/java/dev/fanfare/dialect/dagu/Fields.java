package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A mapping whose keys are asked for in snake_case and may be written either way. */
record Fields(Section section) {

  /** The key as it is written; as it was asked for where it is not. */
  String written(String key) {
    String camel = DaguKeys.camel(key);
    if (camel.equals(key) || !section.has(camel)) {
      return key;
    }
    if (section.has(key)) {
      section.badValue(
          section.keySpan(key),
          "'" + key + "' and '" + camel + "' are the same key, and both stand here",
          "remove one of them");
      section.node(key);
    }
    return camel;
  }

  boolean has(String key) {
    return section.node(written(key)).isPresent();
  }

  /** Whether a key is written, also with nothing behind it. */
  boolean isWritten(String key) {
    return section.has(written(key));
  }

  Optional<YamlNode> node(String key) {
    return section.node(written(key));
  }

  Optional<YamlNode> free(String key) {
    return section.free(written(key));
  }

  Optional<String> text(String key) {
    return section.text(written(key));
  }

  List<String> texts(String key) {
    return section.texts(written(key));
  }

  boolean flag(String key) {
    return section.flag(written(key)).orElse(false);
  }

  Optional<Integer> integer(String key, int min, int max) {
    return section.integer(written(key), min, max);
  }

  Optional<Double> number(String key, double min, double max) {
    return section.number(written(key), min, max);
  }

  /** A number of seconds above zero. */
  Optional<Duration> seconds(String key) {
    return number(key, 0, Integer.MAX_VALUE)
        .filter(seconds -> seconds > 0)
        .map(seconds -> Duration.ofMillis(Math.round(seconds * 1000)));
  }

  Optional<Fields> section(String key, String name) {
    return section.section(written(key), name).map(Fields::new);
  }

  Optional<Fields> section(YamlNode value, String what, String name) {
    return section.section(value, what, name).map(Fields::new);
  }

  Fields open(Mapping map, String name) {
    return new Fields(section.ledger().open(name, map));
  }

  SourceSpan span() {
    return section.span();
  }

  SourceSpan keySpan(String key) {
    return section.keySpan(written(key));
  }

  Problems problems() {
    return section.problems();
  }

  void wrongType(YamlNode value, String what, String expected) {
    section.wrongType(value, what, expected);
  }

  void badValue(SourceSpan span, String message, String hint) {
    section.badValue(span, message, hint);
  }

  /** Leaves a key unread, so that closing reports it by the table. */
  void close() {
    section.close();
  }
}
