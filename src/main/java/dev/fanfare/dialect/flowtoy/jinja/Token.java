package dev.fanfare.dialect.flowtoy.jinja;

/**
 * A piece of a template.
 *
 * @param at offset into its text
 */
record Token(Kind kind, String text, int at) {

  enum Kind {
    /** Text outside of braces. */
    DATA,
    OUTPUT_BEGIN,
    OUTPUT_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    DECIMAL,
    OPERATOR,
    END
  }

  boolean is(Kind asked, String word) {
    return kind == asked && text.equals(word);
  }

  /** For messages. */
  String shown() {
    return switch (kind) {
      case END -> "the end of the template";
      case OUTPUT_END, BLOCK_END -> "the end of the braces";
      case DATA, OUTPUT_BEGIN, BLOCK_BEGIN -> "text";
      case STRING -> "a text";
      case NAME, INTEGER, DECIMAL, OPERATOR -> "'" + text + "'";
    };
  }
}
