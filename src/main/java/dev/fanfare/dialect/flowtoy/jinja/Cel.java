package dev.fanfare.dialect.flowtoy.jinja;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * A piece of CEL that can stand anywhere: compounds are in parentheses.
 *
 * @param kind what is known of its value
 */
public record Cel(String text, Kind kind) {

  /** What is known of a value before it is there. */
  public enum Kind {
    TEXT,
    BOOL,
    NUMBER,
    /** A value that may only be handed on: alone, or joined with text. */
    SECRET,
    ANY
  }

  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Words that CEL keeps for itself. */
  private static final Set<String> RESERVED =
      Set.of(
          "in",
          "true",
          "false",
          "null",
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "let",
          "loop",
          "package",
          "namespace",
          "return",
          "var",
          "void",
          "while");

  public static Cel any(String text) {
    return new Cel(text, Kind.ANY);
  }

  public static Cel text(String text) {
    return new Cel(text, Kind.TEXT);
  }

  static Cel bool(String text) {
    return new Cel(text, Kind.BOOL);
  }

  static Cel number(String text) {
    return new Cel(text, Kind.NUMBER);
  }

  boolean is(Kind asked) {
    return kind == asked;
  }

  /** {@code base.name}, or in brackets where the name is no word of CEL. */
  public static String member(String base, String name) {
    return isWord(name) ? base + "." + name : base + "[" + quote(name) + "]";
  }

  /** The same where it may be missing. */
  public static String optional(String base, String name) {
    return isWord(name) ? base + ".?" + name : base + "[?" + quote(name) + "]";
  }

  private static boolean isWord(String name) {
    return IDENTIFIER.matcher(name).matches() && !RESERVED.contains(name);
  }

  /** A literal of CEL. */
  public static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x7f) {
            quoted.append("\\u00").append(Character.forDigit(c >> 4, 16));
            quoted.append(Character.forDigit(c & 15, 16));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
