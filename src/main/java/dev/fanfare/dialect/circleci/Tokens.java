package dev.fanfare.dialect.circleci;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Cuts the text of an expression into tokens. */
final class Tokens {

  private static final int MAX_TOKENS = 2_000;

  private static final Set<String> WORDS =
      Set.of("and", "or", "not", "matches", "starts-with", "true", "false", "null");

  private final String text;
  private final List<Token> found = new ArrayList<>();
  private int at;

  private Tokens(String text) {
    this.text = text;
  }

  /** What a token is. */
  enum Kind {
    /** An operator, a bracket or a word of the language. */
    SYMBOL,
    /** A quoted text. */
    STRING,
    NUMBER,
    /** A pattern between slashes. */
    PATTERN,
    /** The name of a value: {@code pipeline.git.branch}. */
    NAME,
    END
  }

  /**
   * One token.
   *
   * @param text of a string or a pattern what is between its quotes
   */
  record Token(Kind kind, String text, int offset) {
    boolean is(String symbol) {
      return kind == Kind.SYMBOL && text.equals(symbol);
    }
  }

  /** The tokens of a text, with an end behind them. */
  static List<Token> of(String text) throws ExpressionFault {
    return new Tokens(text).all();
  }

  private List<Token> all() throws ExpressionFault {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (found.size() > MAX_TOKENS) {
        throw new ExpressionFault("it has more than " + MAX_TOKENS + " words", at);
      }
      if (Character.isWhitespace(c)) {
        at++;
      } else if (c == '"' || c == '\'') {
        quoted(c, Kind.STRING);
      } else if (c == '/') {
        quoted('/', Kind.PATTERN);
      } else if (isDigit(c)
          || (c == '-' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
        number();
      } else if (isNameStart(c)) {
        word();
      } else {
        symbol(c);
      }
    }
    found.add(new Token(Kind.END, "", text.length()));
    return found;
  }

  private void quoted(char quote, Kind kind) throws ExpressionFault {
    int start = at++;
    StringBuilder content = new StringBuilder();
    while (at < text.length() && text.charAt(at) != quote) {
      char c = text.charAt(at);
      if (c == '\\' && at + 1 < text.length()) {
        at++;
        escape(text.charAt(at), quote, kind, content);
      } else {
        content.append(c);
      }
      at++;
    }
    if (at >= text.length()) {
      throw new ExpressionFault("what begins with " + quote + " has no end", start);
    }
    at++;
    found.add(new Token(kind, content.toString(), start));
  }

  /** In a pattern a backslash belongs to the pattern, but for the one in front of its slash. */
  private static void escape(char c, char quote, Kind kind, StringBuilder content) {
    if (kind == Kind.PATTERN && c != quote) {
      content.append('\\').append(c);
    } else if (kind == Kind.STRING && c == 'n') {
      content.append('\n');
    } else if (kind == Kind.STRING && c == 't') {
      content.append('\t');
    } else {
      content.append(c);
    }
  }

  private void number() throws ExpressionFault {
    int start = at++;
    while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    String written = text.substring(start, at);
    if (!written.matches("-?[0-9]+(\\.[0-9]+)?")) {
      throw new ExpressionFault("'" + written + "' is no number", start);
    }
    found.add(new Token(Kind.NUMBER, written, start));
  }

  private void word() {
    int start = at;
    while (at < text.length() && isNamePart(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    found.add(new Token(WORDS.contains(word) ? Kind.SYMBOL : Kind.NAME, word, start));
  }

  private void symbol(char c) throws ExpressionFault {
    String two = at + 1 < text.length() ? text.substring(at, at + 2) : "";
    if (Set.of("==", "!=", ">=", "<=").contains(two)) {
      found.add(new Token(Kind.SYMBOL, two, at));
      at += 2;
    } else if ("()<>".indexOf(c) >= 0) {
      found.add(new Token(Kind.SYMBOL, String.valueOf(c), at));
      at++;
    } else {
      throw new ExpressionFault("'" + c + "' means nothing here", at);
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || isDigit(c) || c == '-' || c == '.';
  }
}
