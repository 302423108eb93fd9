package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.DurationText;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.key.Ledger;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys of a section as computed values of a type. What is wrong is reported, and empty. */
final class Fields {

  private final Ledger ledger;
  private final Rendering rendering;

  private final List<Ledger> shadows;

  Fields(Ledger ledger) {
    this(ledger, new ArrayList<>());
  }

  private Fields(Ledger ledger, List<Ledger> shadows) {
    this.ledger = ledger;
    this.rendering = new Rendering(ledger.problems());
    this.shadows = shadows;
  }

  /** For parts of the file that do not run: of what is wrong with them only the keys are told. */
  Fields shadow() {
    Ledger apart = new Ledger(ledger.table(), new Problems());
    shadows.add(apart);
    return new Fields(apart, shadows);
  }

  /** The accounts of all parts that do not run. */
  List<Ledger> shadows() {
    return shadows;
  }

  Ledger ledger() {
    return ledger;
  }

  Problems problems() {
    return ledger.problems();
  }

  Rendering rendering() {
    return rendering;
  }

  /** The value of a scalar; empty for nothing, and for what is no scalar. */
  Optional<Value> value(Section section, String key, Scope scope) {
    return section
        .node(key)
        .flatMap(node -> scalar(section, node, "'" + key + "'", scope))
        .filter(value -> !(value instanceof Value.Nothing));
  }

  private Optional<Value> scalar(Section section, YamlNode node, String what, Scope scope) {
    if (node instanceof Scalar scalar) {
      return Optional.of(rendering.value(scalar, scope));
    }
    section.wrongType(node, what, "a single value");
    return Optional.empty();
  }

  /** A text; numbers and flags count as their characters. */
  Optional<String> text(Section section, String key, Scope scope) {
    return value(section, key, scope).map(Value::shown);
  }

  /** One text or a list of texts; an empty text in a list is left out. */
  List<String> texts(Section section, String key, Scope scope) {
    return section.node(key).map(node -> texts(section, node, key, scope)).orElse(List.of());
  }

  List<String> texts(Section section, YamlNode node, String key, Scope scope) {
    List<String> texts = new ArrayList<>();
    for (YamlNode item : Section.oneOrMany(node)) {
      scalar(section, item, "'" + key + "'", scope)
          .map(Value::shown)
          .filter(text -> !text.isEmpty())
          .ifPresent(texts::add);
    }
    return texts;
  }

  Optional<Boolean> flag(Section section, String key, Scope scope) {
    Optional<Value> value = value(section, key, scope);
    if (value.isPresent() && !(value.get() instanceof Value.Flag)) {
      wrong(section, key, "true or false", value.get());
    }
    return value.filter(Value.Flag.class::isInstance).map(Value::isTruthy);
  }

  /** A whole number within bounds; a text of digits is one. */
  Optional<Integer> integer(Section section, String key, int min, int max, Scope scope) {
    Optional<Value> value = value(section, key, scope);
    Optional<Double> number = value.flatMap(Fields::number);
    if (value.isPresent()
        && number.filter(n -> n == Math.rint(n) && n >= min && n <= max).isEmpty()) {
      wrong(section, key, "a whole number from " + min + " to " + max, value.get());
      return Optional.empty();
    }
    return number.map(Double::intValue);
  }

  private static Optional<Double> number(Value value) {
    return switch (value) {
      case Value.Numeric number -> Optional.of(number.number());
      case Value.Text text when text.text().matches("[0-9]{1,9}") ->
          Optional.of(Double.valueOf(text.text()));
      default -> Optional.empty();
    };
  }

  Optional<Duration> duration(Section section, String key, Duration max, Scope scope) {
    Optional<Value> value = value(section, key, scope);
    Optional<Duration> read = value.map(Value::shown).flatMap(DurationText::parse);
    if (value.isPresent() && read.filter(d -> d.compareTo(max) <= 0).isEmpty()) {
      wrong(
          section, key, "a duration such as 30s, 20m or 1.25h, at most " + shown(max), value.get());
      return Optional.empty();
    }
    return read;
  }

  private static String shown(Duration max) {
    return max.toHours() > 0 ? max.toHours() + "h" : max.toMinutes() + "m";
  }

  private void wrong(Section section, String key, String expected, Value found) {
    String shown = found.shown();
    problems()
        .error(
            "wrong-type",
            "'" + key + "' must be " + expected + ", found '" + shown + "'",
            section.node(key).map(YamlNode::span).orElse(section.span()),
            "");
  }

  /** Variables: a mapping, or a list of mappings of which later ones win. */
  Map<String, String> environment(Section section, String key, Scope scope) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (YamlNode node : section.free(key).map(Section::oneOrMany).orElse(List.of())) {
      if (node instanceof Mapping map) {
        map.entries().forEach(entry -> variable(entry, scope, variables));
      } else {
        section.wrongType(node, "'" + key + "'", "a mapping of names and values");
      }
    }
    return variables;
  }

  private void variable(Entry entry, Scope scope, Map<String, String> variables) {
    if (!entry.key().matches("[A-Za-z_][A-Za-z0-9_]{0,127}")) {
      problems()
          .error(
              "bad-name",
              "an environment variable cannot be called '" + entry.key() + "'",
              entry.keySpan(),
              "letters, digits and '_', beginning with a letter or '_'");
    } else if (entry.value() instanceof Scalar scalar) {
      variables.put(entry.key(), rendering.value(scalar, scope).shown());
    } else {
      problems()
          .error(
              "wrong-type",
              "the variable '"
                  + entry.key()
                  + "' must be a single value, found "
                  + Section.describe(entry.value()),
              entry.value().span(),
              "");
    }
  }

  /** Says that a key is needed. */
  void missing(String what, String key, SourceSpan span) {
    problems().error("missing-key", what + " needs '" + key + "'", span, "");
  }
}
