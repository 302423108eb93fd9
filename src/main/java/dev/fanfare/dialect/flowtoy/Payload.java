package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.flowtoy.jinja.Cel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a step hands to its source.
 *
 * @param given absent where the step has no input
 */
record Payload(Optional<Template> given, SourceSpan span) {

  static final Payload NONE = new Payload(Optional.empty(), SourceSpan.NONE);

  boolean isPresent() {
    return given.isPresent();
  }

  Template template() {
    return given.orElseThrow();
  }

  /** Whether it is a text, and no structure of YAML. */
  boolean isText() {
    return given
        .filter(value -> value instanceof Template.Items || value instanceof Template.Entries)
        .isEmpty();
  }

  /** CEL for it as it is. */
  Cel value() {
    return given.map(Payload::cel).orElse(Cel.any("null"));
  }

  /** CEL for its text. */
  Cel text() {
    Cel value = value();
    if (!isPresent()) {
      return Cel.text("\"None\"");
    }
    return isText() && !isNumber() ? value : Cel.text("toJson(" + value.text() + ")");
  }

  /** CEL for what it says as JSON. */
  Cel json() {
    return isPresent() && isText() && !isNumber()
        ? Cel.any("fromJson(" + value().text() + ")")
        : value();
  }

  private boolean isNumber() {
    return given.orElse(null) instanceof Template.Literal literal
        && !(literal.value() instanceof String);
  }

  private static Cel cel(Template template) {
    return switch (template) {
      case Template.Literal literal -> literal(literal);
      case Template.Expression expression -> Cel.any(expression.expr().source());
      case Template.Text text -> text(text.parts());
      case Template.Items items ->
          Cel.any(
              items.items().stream()
                  .map(item -> cel(item).text())
                  .collect(Collectors.joining(", ", "[", "]")));
      case Template.Entries entries -> Cel.any(entries(entries.entries()));
    };
  }

  private static Cel literal(Template.Literal literal) {
    return switch (literal.value()) {
      case null -> Cel.any("null");
      case String text -> Cel.text(Cel.quote(text));
      case Object other -> Cel.any(other.toString());
    };
  }

  private static Cel text(List<Template> parts) {
    return Cel.text(
        parts.stream()
            .map(part -> cel(part).text())
            .collect(Collectors.joining(", ", "[", "].join()")));
  }

  private static String entries(Map<String, Template> entries) {
    return entries.entrySet().stream()
        .map(entry -> Cel.quote(entry.getKey()) + ": " + cel(entry.getValue()).text())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
