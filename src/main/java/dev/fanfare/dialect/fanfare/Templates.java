package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.fanfare.ExpressionText.Part;
import dev.fanfare.dialect.yaml.ScalarCursor;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import dev.fanfare.dialect.yaml.YamlNode.Style;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Values of a file as templates. */
final class Templates {

  private static final Pattern LOOKS_LIKE_EXPRESSION =
      Pattern.compile("(steps|params|event|run|env|secrets)\\.[A-Za-z_][\\w.\\[\\]\"']*");

  private final Problems problems;

  Templates(Problems problems) {
    this.problems = problems;
  }

  /** A value of any shape; scalars keep their type. */
  Template value(YamlNode node) {
    return switch (node) {
      case Scalar scalar ->
          ExpressionText.isPlain(scalar.text())
              ? new Template.Literal(scalar.value(), scalar.span())
              : split(scalar, 0);
      case Sequence list ->
          new Template.Items(list.items().stream().map(this::value).toList(), list.span());
      case Mapping map -> {
        Map<String, Template> entries = new LinkedHashMap<>();
        for (Entry entry : map.entries()) {
          entries.put(entry.key(), value(entry.value()));
        }
        yield new Template.Entries(entries, map.span());
      }
    };
  }

  /** A value that is computed more often than not: warns where the braces seem forgotten. */
  Template computed(YamlNode node) {
    if (node instanceof Scalar scalar && LOOKS_LIKE_EXPRESSION.matcher(scalar.text()).matches()) {
      problems.warning(
          "looks-like-expression",
          "'" + scalar.text() + "' is taken as text",
          scalar.span(),
          "to read the value write \"${{ " + scalar.text() + " }}\"");
    }
    return value(node);
  }

  /** A scalar as text: {@code 1.10} stays {@code 1.10}, nothing is the empty text. */
  Template text(Scalar scalar) {
    return text(scalar, 0);
  }

  /** The text of a scalar from an offset on. */
  Template text(Scalar scalar, int from) {
    if (!ExpressionText.isPlain(scalar.text())) {
      return split(scalar, from);
    }
    SourceSpan span = from == 0 ? scalar.span() : scalar.cursor().at(from);
    String text = scalar.isNull() ? "" : scalar.text().substring(from);
    return new Template.Literal(text, span);
  }

  /** The whole text of a scalar as one expression, written without braces. */
  Template bare(Scalar scalar) {
    String text = scalar.text();
    int leading = text.length() - text.stripLeading().length();
    return new Template.Expression(new Expr(text.strip(), scalar.cursor().at(leading)));
  }

  private Template split(Scalar scalar, int from) {
    ScalarCursor cursor = scalar.cursor();
    SourceSpan start = from == 0 ? scalar.span() : cursor.at(from);
    List<Template> parts = new ArrayList<>();
    for (Part part : ExpressionText.split(scalar.text().substring(from))) {
      parts.add(part(part, cursor.at(from + part.start())));
    }
    if (scalar.style() == Style.BLOCK && parts.size() == 2 && isLineEnd(parts.getLast())) {
      parts.removeLast();
    }
    return parts.size() == 1 ? parts.getFirst() : new Template.Text(parts, start);
  }

  /** The end of a block's last line is no text around an expression. */
  private static boolean isLineEnd(Template part) {
    return part instanceof Template.Literal literal
        && literal.value() instanceof String text
        && text.isBlank();
  }

  private Template part(Part part, SourceSpan span) {
    return switch (part) {
      case Part.Plain plain -> new Template.Literal(plain.text(), span);
      case Part.Code code -> {
        if (code.source().isEmpty()) {
          problems.error(
              "empty-expression",
              "there is nothing between the braces",
              span,
              "write ${{ 1 + 1 }}");
        }
        yield new Template.Expression(new Expr(code.source(), span));
      }
      case Part.Unterminated open -> {
        problems.error(
            "unterminated-expression",
            open.inString()
                ? "the expression that begins here has a quote without its end"
                : "the expression that begins here has no '}}'",
            span,
            "close it with }}; put the value in quotes where it contains ' #'; $${{ is a literal"
                + " ${{");
        yield new Template.Literal("", span);
      }
    };
  }
}
