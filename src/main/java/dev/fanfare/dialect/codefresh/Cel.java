package dev.fanfare.dialect.codefresh;

import java.util.Set;

/**
 * A part of an expression in CEL.
 *
 * @param source its text; safe to be put beside any operator
 * @param kind what its value is for certain
 */
record Cel(String source, Kind kind) {

  /** What a value is. */
  enum Kind {
    BOOLEAN,
    NUMBER,
    TEXT,
    ANY
  }

  private static final Set<Character> ESCAPED = Set.of('\\', '"');

  static Cel bool(String source) {
    return new Cel("(" + source + ")", Kind.BOOLEAN);
  }

  static Cel number(String source) {
    return new Cel("(" + source + ")", Kind.NUMBER);
  }

  static Cel text(String source) {
    return new Cel("(" + source + ")", Kind.TEXT);
  }

  static Cel any(String source) {
    return new Cel("(" + source + ")", Kind.ANY);
  }

  /** A literal text. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (ESCAPED.contains(c)) {
        quoted.append('\\').append(c);
      } else if (c == '\n') {
        quoted.append("\\n");
      } else if (c == '\r') {
        quoted.append("\\r");
      } else if (c == '\t') {
        quoted.append("\\t");
      } else if (c < ' ') {
        quoted.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** False are false, 0, the empty text and null; all else is true. */
  String truth() {
    return switch (kind) {
      case BOOLEAN -> source;
      case NUMBER -> "(" + source + " != 0)";
      case TEXT -> "(" + source + " != \"\")";
      case ANY -> "!(" + source + " in [false, 0, \"\", null])";
    };
  }

  /** Its text, as joining it with another one shows it. */
  String asText() {
    return switch (kind) {
      case TEXT -> source;
      case BOOLEAN, NUMBER -> "string(" + source + ")";
      case ANY -> "cel.bind(t, " + source + ", t == null ? \"null\" : string(t))";
    };
  }

  /** Its number; a text that is none is a failure. */
  String asNumber() {
    return switch (kind) {
      case NUMBER -> source;
      case TEXT -> "double(" + source + ")";
      case BOOLEAN -> "(" + source + " ? 1.0 : 0.0)";
      case ANY -> "cel.bind(n, " + source + ", n == true ? 1.0 : n == false ? 0.0 : double(n))";
    };
  }
}
