package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import java.util.List;

/** Source text of expressions. */
final class Cel {

  private Cel() {}

  /** A text as a literal. */
  static String quoted(String text) {
    StringBuilder literal = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> literal.append("\\\"");
                case '\\' -> literal.append("\\\\");
                case '\n' -> literal.append("\\n");
                case '\r' -> literal.append("\\r");
                case '\t' -> literal.append("\\t");
                default -> {
                  if (c < 0x20) {
                    literal.append("\\u").append(HEX[0]).append(HEX[0]);
                    literal.append(HEX[c >> 4]).append(HEX[c & 15]);
                  } else {
                    literal.appendCodePoint(c);
                  }
                }
              }
            });
    return literal.append('"').toString();
  }

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  static Template template(String source, SourceSpan span) {
    return new Template.Expression(new Expr(source, span));
  }

  static Template literal(String text, SourceSpan span) {
    return new Template.Literal(text, span);
  }

  /** What a value is in a text: nothing for null, compact JSON for lists and maps. */
  static String textOf(String source) {
    return source.startsWith("\"")
        ? source
        : "cel.bind(v, " + source + ", v == null ? \"\" : type(v) == string ? v : toJson(v))";
  }

  /** One text out of several values. */
  static String joined(List<String> texts) {
    return texts.isEmpty() ? "\"\"" : String.join(" + ", texts);
  }

  static String step(String name) {
    return "steps[" + quoted(name) + "]";
  }
}
