package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Scalars of the file as values: {@code << >>} computed, {@code \<<} a literal. */
final class Rendering {

  private static final String OPEN = "<<";
  private static final String CLOSE = ">>";

  private final Problems problems;

  Rendering(Problems problems) {
    this.problems = problems;
  }

  /** A scalar as it was written, or what an expression that is all of it yields. */
  Value value(Scalar scalar, Scope scope) {
    if (!scope.templated() || !scalar.text().contains(OPEN)) {
      return plain(scalar);
    }
    return joined(parts(scalar.text(), offset -> scalar.cursor().at(offset), scope));
  }

  /** A key of a mapping, in which expressions may stand as well. */
  String key(String key, SourceSpan span, Scope scope) {
    return scope.templated() && key.contains(OPEN)
        ? joined(parts(key, offset -> span, scope)).shown()
        : key;
  }

  private static Value joined(List<Value> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    StringBuilder joined = new StringBuilder();
    for (Value part : parts) {
      joined.append(part.shown());
    }
    return new Value.Text(joined.toString());
  }

  /** A scalar without anything to compute. */
  static Value plain(Scalar scalar) {
    return switch (scalar.value()) {
      case null -> Value.of();
      case Boolean flag -> Value.of(flag);
      case Long number -> new Value.Numeric(number, scalar.text());
      case Double number -> new Value.Numeric(number, scalar.text());
      default -> new Value.Text(scalar.text());
    };
  }

  /** The whole of a text as one expression, written without {@code << >>}. */
  Value expression(Scalar scalar, Scope scope) {
    return computed(scalar.text(), 0, offset -> scalar.cursor().at(offset), scope);
  }

  /**
   * The parts of a text.
   *
   * @param place where a character of it stands in the file
   */
  private List<Value> parts(String text, IntFunction<SourceSpan> place, Scope scope) {
    List<Value> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("\\" + OPEN, at)) {
        literal.append(OPEN);
        at += 3;
      } else if (text.startsWith(OPEN, at)) {
        int close = close(text, at + 2);
        if (close < 0) {
          unclosed(place.apply(at));
          return List.of(new Value.Text(text));
        }
        flush(literal, parts);
        parts.add(computed(text.substring(at + 2, close), at + 2, place, scope));
        at = close + 2;
      } else {
        literal.append(text.charAt(at++));
      }
    }
    flush(literal, parts);
    return parts.isEmpty() ? List.of(new Value.Text("")) : parts;
  }

  private static void flush(StringBuilder literal, List<Value> parts) {
    if (!literal.isEmpty()) {
      parts.add(new Value.Text(literal.toString()));
      literal.setLength(0);
    }
  }

  /** Where an expression ends; signs inside its quotes end nothing. */
  private static int close(String text, int from) {
    char quote = 0;
    for (int at = from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (text.startsWith(CLOSE, at)) {
        return at;
      }
    }
    return text.indexOf(CLOSE, from);
  }

  private Value computed(String source, int offset, IntFunction<SourceSpan> place, Scope scope) {
    try {
      return new Evaluator(scope).value(source);
    } catch (ExpressionFault fault) {
      problems.error(
          "bad-expression",
          "the expression '" + source.strip() + "' cannot be computed: " + fault.complaint(),
          place.apply(offset + fault.offset()),
          "a << that begins no expression is written \\<<");
      return Value.of();
    }
  }

  private void unclosed(SourceSpan span) {
    problems.error(
        "unterminated-expression",
        "the expression that begins here has no '>>'",
        span,
        "close it; a << that begins no expression, such as that of a heredoc, is written \\<<");
  }
}
