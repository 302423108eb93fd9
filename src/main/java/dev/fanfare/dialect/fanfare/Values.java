package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.DurationText;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Single values of expected types, out of nodes.
 *
 * <p>{@code what} is how messages name the place, such as {@code 'timeout'}. A value of a wrong
 * type is reported and empty.
 */
final class Values {

  private final Problems problems;
  private final Templates templates;

  Values(Problems problems) {
    this.problems = problems;
    this.templates = new Templates(problems);
  }

  Problems problems() {
    return problems;
  }

  Templates templates() {
    return templates;
  }

  void wrongType(YamlNode node, String what, String expected, String hint) {
    problems.error(
        "wrong-type",
        what + " must be " + expected + ", found " + describe(node),
        node.span(),
        hint);
  }

  void badValue(YamlNode node, String message, String hint) {
    problems.error("bad-value", message, node.span(), hint);
  }

  void badValue(YamlNode node, String message, Supplier<String> hint) {
    problems.error("bad-value", message, node.span(), hint);
  }

  static String describe(YamlNode node) {
    return switch (node) {
      case Sequence list -> list.items().isEmpty() ? "an empty list" : "a list";
      case Mapping map -> map.entries().isEmpty() ? "an empty mapping" : "a mapping";
      case Scalar scalar when scalar.isNull() -> "nothing";
      case Scalar scalar when scalar.value() instanceof String text ->
          "the text '" + cut(text) + "'";
      case Scalar scalar -> cut(scalar.text());
    };
  }

  private static String cut(String text) {
    String line = text.strip().lines().findFirst().orElse("");
    return line.length() <= 40 ? line : line.substring(0, 40) + "...";
  }

  static boolean isNull(YamlNode node) {
    return node instanceof Scalar scalar && scalar.isNull();
  }

  static boolean hasExpression(YamlNode node) {
    return node instanceof Scalar scalar && !ExpressionText.isPlain(scalar.text());
  }

  /** Literal text that is not empty; a number or a boolean counts as its characters. */
  Optional<String> literal(YamlNode node, String what) {
    if (!(node instanceof Scalar scalar) || scalar.isNull() || scalar.text().isBlank()) {
      wrongType(node, what, "a text", "");
      return Optional.empty();
    }
    return literalText(scalar, what);
  }

  /** Literal text, which may be empty. */
  Optional<String> literalText(Scalar scalar, String what) {
    if (hasExpression(scalar)) {
      problems.error(
          "expression-not-allowed",
          what + " cannot contain an expression",
          scalar.span(),
          "it is read before any run exists: write the value itself");
      return Optional.empty();
    }
    return Optional.of(scalar.text());
  }

  /** One literal text or a list of them. */
  List<String> literals(YamlNode node, String what) {
    List<String> texts = new ArrayList<>();
    for (YamlNode item : oneOrMany(node)) {
      literal(item, what).ifPresent(texts::add);
    }
    return texts;
  }

  /** The items of a list, nothing for nothing, any other value as the only item. */
  static List<YamlNode> oneOrMany(YamlNode node) {
    if (node instanceof Sequence list) {
      return list.items();
    }
    return isNull(node) ? List.of() : List.of(node);
  }

  Optional<Boolean> bool(YamlNode node, String what) {
    if (node instanceof Scalar scalar && scalar.value() instanceof Boolean value) {
      return Optional.of(value);
    }
    wrongType(node, what, "true or false", "");
    return Optional.empty();
  }

  Optional<Integer> integer(YamlNode node, String what, int min, int max) {
    if (!(node instanceof Scalar scalar && scalar.value() instanceof Long value)) {
      wrongType(node, what, "a whole number", hasExpression(node) ? "it cannot be computed" : "");
      return Optional.empty();
    }
    if (value < min || value > max) {
      String range = max == Integer.MAX_VALUE ? min + " or more" : min + " to " + max;
      badValue(node, what + " must be " + range + ", found " + value, "");
      return Optional.empty();
    }
    return Optional.of(value.intValue());
  }

  Optional<Double> number(YamlNode node, String what, double min, double max) {
    if (!(node instanceof Scalar scalar && scalar.value() instanceof Number value)) {
      wrongType(node, what, "a number", "");
      return Optional.empty();
    }
    if (value.doubleValue() < min || value.doubleValue() > max) {
      badValue(node, what + " must be " + min + " to " + max + ", found " + value, "");
      return Optional.empty();
    }
    return Optional.of(value.doubleValue());
  }

  /** A whole number from {@code min} on, or an expression that yields one. */
  Optional<Template> count(YamlNode node, String what, int min) {
    if (node instanceof Scalar scalar && hasExpression(scalar)) {
      return single(scalar, what);
    }
    return integer(node, what, min, Integer.MAX_VALUE).map(n -> templates.value(node));
  }

  /** An expression in braces with nothing around it. */
  private Optional<Template> single(Scalar scalar, String what) {
    Template template = templates.value(scalar);
    boolean reported = template instanceof Template.Literal literal && "".equals(literal.value());
    if (!(template instanceof Template.Expression) && !reported) {
      problems.error(
          "mixed-expression",
          what + " must be one expression with nothing around it",
          scalar.span(),
          "write \"${{ ... }}\" around the whole of it");
    }
    return Optional.of(template);
  }

  /**
   * A condition: an expression with or without braces, or {@code true} or {@code false}.
   *
   * <p>A text without braces is an expression as a whole, as GitHub Actions' {@code if} has it.
   */
  Optional<Template> condition(YamlNode node, String what) {
    if (node instanceof Scalar scalar && scalar.value() instanceof Boolean) {
      return Optional.of(templates.value(scalar));
    }
    return expression(node, what, "an expression");
  }

  /** An expression with or without braces. */
  Optional<Template> expression(YamlNode node, String what, String expected) {
    if (!(node instanceof Scalar scalar && scalar.value() instanceof String text)
        || text.isBlank()) {
      wrongType(node, what, expected, "write it as \"${{ ... }}\", or without the braces");
      return Optional.empty();
    }
    return hasExpression(scalar) ? single(scalar, what) : Optional.of(templates.bare(scalar));
  }

  /** A text with or without expressions, not empty. */
  Optional<Template> text(YamlNode node, String what) {
    if (!(node instanceof Scalar scalar) || scalar.isNull() || scalar.text().isBlank()) {
      wrongType(node, what, "a text or an expression", "");
      return Optional.empty();
    }
    return Optional.of(templates.text(scalar));
  }

  /** A mapping of names to texts; nothing counts as an empty one. */
  Map<String, Template> texts(YamlNode node, String what) {
    Map<String, Template> texts = new LinkedHashMap<>();
    for (Entry entry : entries(node, what)) {
      if (entry.value() instanceof Scalar scalar) {
        texts.put(entry.key(), templates.text(scalar));
      } else {
        wrongType(entry.value(), "'" + entry.key() + "' of " + what, "a text", "");
      }
    }
    return texts;
  }

  /** A mapping of names to values of any shape; nothing counts as an empty one. */
  Map<String, Template> values(YamlNode node, String what) {
    Map<String, Template> values = new LinkedHashMap<>();
    for (Entry entry : entries(node, what)) {
      values.put(entry.key(), templates.computed(entry.value()));
    }
    return values;
  }

  List<Entry> entries(YamlNode node, String what) {
    if (node instanceof Mapping map) {
      return map.entries();
    }
    if (!isNull(node)) {
      wrongType(node, what, "a mapping", "write it as 'name: value' lines");
    }
    return List.of();
  }

  /** A duration of more than nothing. */
  Optional<Duration> duration(YamlNode node, String what) {
    Optional<Duration> duration = durationOrZero(node, what);
    if (duration.isPresent() && duration.get().isZero()) {
      badValue(node, what + " must be longer than nothing", "leave the key out for no limit");
      return Optional.empty();
    }
    return duration;
  }

  Optional<Duration> durationOrZero(YamlNode node, String what) {
    if (!(node instanceof Scalar scalar) || scalar.isNull() || scalar.value() instanceof Boolean) {
      wrongType(node, what, "a duration", "such as 30s, 15m or 1h30m");
      return Optional.empty();
    }
    if (literalText(scalar, what).isEmpty()) {
      return Optional.empty();
    }
    Optional<Duration> duration = DurationText.parse(scalar.text());
    if (duration.isEmpty()) {
      problems.error(
          "bad-duration",
          what + " is no duration: '" + cut(scalar.text()) + "'",
          scalar.span(),
          "write 250ms, 30s, 15m, 24h, 7d or 1h30m; a bare number means seconds; at most 100"
              + " years");
    }
    return duration;
  }

  /** JSON as Java, without expressions. */
  @Nullable Object plain(YamlNode node, String what) {
    return switch (node) {
      case Scalar scalar -> {
        if (hasExpression(scalar)) {
          literalText(scalar, what);
        }
        yield scalar.value();
      }
      case Sequence list -> {
        List<@Nullable Object> items = new ArrayList<>();
        list.items().forEach(item -> items.add(plain(item, what)));
        yield items;
      }
      case Mapping map -> {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        map.entries().forEach(entry -> entries.put(entry.key(), plain(entry.value(), what)));
        yield entries;
      }
    };
  }
}
