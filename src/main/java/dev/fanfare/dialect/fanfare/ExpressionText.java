package dev.fanfare.dialect.fanfare;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text with expressions in double braces into its parts.
 *
 * <p>An expression ends at the first pair of closing braces outside its strings, comments and inner
 * braces, so braces in a string or in a map literal never end it. A second dollar sign in front of
 * the opening makes it ordinary characters.
 */
final class ExpressionText {

  static final String OPEN = "${{";

  private static final String ESCAPED = "$${{";

  private final String text;
  private final List<Part> parts = new ArrayList<>();
  private final StringBuilder literal = new StringBuilder();
  private int literalStart;

  private ExpressionText(String text) {
    this.text = text;
  }

  /** A piece of a text; {@code start} is the offset of its first character. */
  sealed interface Part {
    int start();

    /** Characters as they are, escapes undone. */
    record Plain(String text, int start) implements Part {}

    /** An expression, trimmed, with the offset of its first character. */
    record Code(String source, int start) implements Part {}

    /** An opening without its end. */
    record Unterminated(boolean inString, int start) implements Part {}
  }

  static boolean isPlain(String text) {
    return !text.contains(OPEN);
  }

  static List<Part> split(String text) {
    return new ExpressionText(text).split();
  }

  private List<Part> split() {
    int i = 0;
    while (i < text.length()) {
      if (text.startsWith(ESCAPED, i)) {
        literal.append(OPEN);
        i += ESCAPED.length();
      } else if (text.startsWith(OPEN, i)) {
        i = expression(i);
      } else {
        literal.append(text.charAt(i++));
      }
    }
    flush(i);
    return parts;
  }

  private void flush(int next) {
    if (!literal.isEmpty()) {
      parts.add(new Part.Plain(literal.toString(), literalStart));
      literal.setLength(0);
    }
    literalStart = next;
  }

  /** Takes the expression that opens at an offset; returns the offset behind it. */
  private int expression(int open) {
    flush(open);
    int start = open + OPEN.length();
    int depth = 0;
    int i = start;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '"' || c == '\'') {
        int end = stringEnd(i);
        if (end < 0) {
          return unterminated(true, open);
        }
        i = end;
      } else if (text.startsWith("//", i)) {
        i = lineEnd(i);
      } else if (depth == 0 && text.startsWith("}}", i)) {
        code(start, i);
        literalStart = i + 2;
        return i + 2;
      } else {
        depth = c == '{' ? depth + 1 : c == '}' ? Math.max(0, depth - 1) : depth;
        i++;
      }
    }
    return unterminated(false, open);
  }

  private void code(int start, int end) {
    String raw = text.substring(start, end);
    int leading = raw.length() - raw.stripLeading().length();
    parts.add(new Part.Code(raw.strip(), start + leading));
  }

  private int unterminated(boolean inString, int open) {
    parts.add(new Part.Unterminated(inString, open));
    literalStart = text.length();
    return text.length();
  }

  private int lineEnd(int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  /**
   * The offset behind the CEL string whose quote stands at {@code open}, -1 where it has no end.
   */
  private int stringEnd(int open) {
    String quote = text.substring(open, open + 1);
    String triple = quote.repeat(3);
    String close = text.startsWith(triple, open) ? triple : quote;
    boolean raw = isRaw(open);
    int i = open + close.length();
    while (i < text.length()) {
      if (!raw && text.charAt(i) == '\\') {
        i += 2;
      } else if (text.startsWith(close, i)) {
        return i + close.length();
      } else {
        i++;
      }
    }
    return -1;
  }

  /**
   * Whether the quote at an offset carries an {@code r} prefix ({@code r}, {@code br}, {@code rb}).
   */
  private boolean isRaw(int open) {
    int start = open;
    while (start > 0 && "rRbB".indexOf(text.charAt(start - 1)) >= 0) {
      start--;
    }
    boolean partOfName = start > 0 && Character.isJavaIdentifierPart(text.charAt(start - 1));
    String prefix = text.substring(start, open);
    return !partOfName && (prefix.contains("r") || prefix.contains("R"));
  }
}
