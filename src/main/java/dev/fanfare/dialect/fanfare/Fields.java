package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A mapping whose keys are known: reports the others when it is opened, and hands out typed values.
 */
final class Fields {

  private final Mapping map;
  private final String what;
  private final Values values;

  private Fields(Mapping map, String what, Values values) {
    this.map = map;
    this.what = what;
    this.values = values;
  }

  /**
   * Opens a mapping.
   *
   * @param what how messages name it: {@code a step}, {@code 'retry'}
   * @param hint the remedy where the value is no mapping
   * @return empty, and reported, where the value is no mapping
   */
  static Optional<Fields> open(
      YamlNode node, String what, Collection<String> known, String hint, Values values) {
    if (!(node instanceof Mapping map)) {
      values.wrongType(node, what, "a mapping", hint);
      return Optional.empty();
    }
    for (Entry entry : map.entries()) {
      if (!known.contains(entry.key())) {
        values
            .problems()
            .error(
                "unknown-key",
                what + " has no key '" + entry.key() + "'",
                entry.keySpan(),
                () -> Suggestion.forKey(entry.key(), known));
      }
    }
    return Optional.of(new Fields(map, what, values));
  }

  Mapping map() {
    return map;
  }

  SourceSpan span() {
    return map.span();
  }

  boolean has(String key) {
    return map.has(key);
  }

  Optional<YamlNode> node(String key) {
    return map.get(key);
  }

  SourceSpan keySpan(String key) {
    return map.entry(key).map(Entry::keySpan).orElse(map.span());
  }

  /** Reports that a key is absent. */
  void missing(String key, String hint) {
    values.problems().error("missing-key", what + " needs '" + key + "'", map.span(), hint);
  }

  Optional<String> literal(String key) {
    return node(key).flatMap(node -> values.literal(node, quoted(key)));
  }

  /** Literal text for people, which may be empty. */
  String note(String key) {
    return node(key)
        .filter(node -> !Values.isNull(node))
        .flatMap(
            node ->
                node instanceof Scalar scalar
                    ? values.literalText(scalar, quoted(key))
                    : values.literal(node, quoted(key)))
        .orElse("");
  }

  List<String> literals(String key) {
    return node(key).map(node -> values.literals(node, quoted(key))).orElse(List.of());
  }

  boolean bool(String key, boolean absent) {
    return node(key).flatMap(node -> values.bool(node, quoted(key))).orElse(absent);
  }

  int integer(String key, int min, int max, int absent) {
    return node(key).flatMap(node -> values.integer(node, quoted(key), min, max)).orElse(absent);
  }

  Optional<Duration> duration(String key) {
    return node(key).flatMap(node -> values.duration(node, quoted(key)));
  }

  Optional<Template> text(String key) {
    return node(key).flatMap(node -> values.text(node, quoted(key)));
  }

  Optional<Template> condition(String key) {
    return node(key).flatMap(node -> values.condition(node, quoted(key)));
  }

  Optional<Template> count(String key, int min) {
    return node(key).flatMap(node -> values.count(node, quoted(key), min));
  }

  /** A value of any shape. */
  Optional<Template> value(String key) {
    return node(key).map(values.templates()::computed);
  }

  /** One of the words of an enum, written in lower case with hyphens. */
  <E extends Enum<E>> E choice(String key, E[] choices, E absent) {
    return node(key).flatMap(node -> choice(node, quoted(key), choices, values)).orElse(absent);
  }

  static <E extends Enum<E>> Optional<E> choice(
      YamlNode node, String what, E[] choices, Values values) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E choice : choices) {
      words.put(choice.name().toLowerCase(Locale.ROOT).replace('_', '-'), choice);
    }
    Optional<String> word = values.literal(node, what);
    if (word.isPresent() && !words.containsKey(word.get())) {
      values.badValue(
          node,
          what + " cannot be '" + word.get() + "'",
          Suggestion.forValue(word.get(), words.keySet()));
    }
    return word.flatMap(w -> Optional.ofNullable(words.get(w)));
  }

  private static String quoted(String key) {
    return "'" + key + "'";
  }
}
