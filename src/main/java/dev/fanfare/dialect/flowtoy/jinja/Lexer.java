package dev.fanfare.dialect.flowtoy.jinja;

import dev.fanfare.dialect.flowtoy.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes a template apart. One line feed at its end does not count, as in Jinja. */
final class Lexer {

  private static final Pattern OPEN = Pattern.compile("\\{\\{|\\{%|\\{#");
  private static final Pattern NUMBER =
      Pattern.compile("[0-9][0-9_]*(\\.[0-9][0-9_]*)?([eE][+-]?[0-9]+)?");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
  private static final Pattern OPERATOR =
      Pattern.compile("\\*\\*|//|==|!=|<=|>=|[-+*/%~()\\[\\]{}.,:|<>=]");
  private static final Pattern RAW = Pattern.compile("\\s*raw\\s*-?%\\}");
  private static final Pattern END_RAW = Pattern.compile("\\{%[-+]?\\s*endraw\\s*[-+]?%\\}");

  private final String source;
  private final int end;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private boolean trimNext;

  private Lexer(String source) {
    this.source = source;
    int length = source.length();
    if (source.endsWith("\n")) {
      length -= source.endsWith("\r\n") ? 2 : 1;
    }
    this.end = length;
  }

  /** Whether a text has any braces of a template. */
  static boolean isPlain(String text) {
    return !OPEN.matcher(text).find();
  }

  /**
   * @throws Untranslatable for braces that do not end, and characters that mean nothing in them
   */
  static List<Token> tokens(String source) {
    Lexer lexer = new Lexer(source);
    lexer.all();
    return lexer.tokens;
  }

  private void all() {
    Matcher open = OPEN.matcher(source).region(0, end);
    while (at < end) {
      if (!open.region(at, end).find()) {
        data(at, end, false);
        at = end;
        break;
      }
      int begin = open.start();
      char sign = begin + 2 < end ? source.charAt(begin + 2) : ' ';
      data(at, begin, sign == '-');
      at = begin + 2 + (sign == '-' || sign == '+' ? 1 : 0);
      switch (open.group()) {
        case "{#" -> comment(begin);
        case "{{" -> inside(begin, Kind.OUTPUT_BEGIN, "}}", Kind.OUTPUT_END);
        default -> block(begin);
      }
    }
    tokens.add(new Token(Kind.END, "", end));
  }

  private void data(int from, int to, boolean trimEnd) {
    int begin = from;
    int finish = to;
    while (trimNext && begin < finish && Character.isWhitespace(source.charAt(begin))) {
      begin++;
    }
    while (trimEnd && begin < finish && Character.isWhitespace(source.charAt(finish - 1))) {
      finish--;
    }
    trimNext = false;
    if (begin < finish) {
      tokens.add(new Token(Kind.DATA, source.substring(begin, finish), begin));
    }
  }

  private void comment(int begin) {
    int close = source.indexOf("#}", at);
    if (close < 0 || close + 2 > end) {
      throw Untranslatable.syntax(begin, "the comment that begins here has no '#}'");
    }
    trimNext = source.charAt(close - 1) == '-';
    at = close + 2;
  }

  private void block(int begin) {
    Matcher raw = RAW.matcher(source).region(at, end);
    if (!raw.lookingAt()) {
      inside(begin, Kind.BLOCK_BEGIN, "%}", Kind.BLOCK_END);
      return;
    }
    Matcher close = END_RAW.matcher(source).region(raw.end(), end);
    if (!close.find()) {
      throw Untranslatable.syntax(begin, "the 'raw' that begins here has no 'endraw'");
    }
    trimNext = raw.group().endsWith("-%}");
    data(raw.end(), close.start(), close.group().startsWith("{%-"));
    trimNext = close.group().endsWith("-%}");
    at = close.end();
  }

  private void inside(int begin, Kind opens, String close, Kind closes) {
    tokens.add(new Token(opens, "", begin));
    int depth = 0;
    while (true) {
      while (at < end && Character.isWhitespace(source.charAt(at))) {
        at++;
      }
      if (at >= end) {
        throw Untranslatable.syntax(begin, "the braces that begin here have no '" + close + "'");
      }
      boolean signed = source.startsWith("-" + close, at) || source.startsWith("+" + close, at);
      if (depth == 0 && (signed || source.startsWith(close, at))) {
        tokens.add(new Token(closes, "", at));
        trimNext = source.charAt(at) == '-';
        at += close.length() + (signed ? 1 : 0);
        return;
      }
      Token token = next();
      tokens.add(token);
      if (token.kind() == Kind.OPERATOR) {
        depth += "([{".contains(token.text()) ? 1 : ")]}".contains(token.text()) ? -1 : 0;
      }
    }
  }

  private Token next() {
    char c = source.charAt(at);
    int begin = at;
    if (c == '"' || c == '\'') {
      return new Token(Kind.STRING, text(c), begin);
    }
    Matcher name = NAME.matcher(source).region(at, end);
    if (name.lookingAt()) {
      at = name.end();
      return new Token(Kind.NAME, name.group(), begin);
    }
    Matcher number = NUMBER.matcher(source).region(at, end);
    if (number.lookingAt()) {
      at = number.end();
      boolean whole = number.group(1) == null && number.group(2) == null;
      return new Token(whole ? Kind.INTEGER : Kind.DECIMAL, number.group().replace("_", ""), begin);
    }
    Matcher operator = OPERATOR.matcher(source).region(at, end);
    if (operator.lookingAt()) {
      at = operator.end();
      return new Token(Kind.OPERATOR, operator.group(), begin);
    }
    throw Untranslatable.syntax(
        at,
        "the character '" + Character.toString(source.codePointAt(at)) + "' means nothing here");
  }

  private String text(char quote) {
    int begin = at++;
    StringBuilder text = new StringBuilder();
    while (at < end && source.charAt(at) != quote) {
      char c = source.charAt(at++);
      if (c == '\\' && at < end) {
        escape(source.charAt(at++), text);
      } else {
        text.append(c);
      }
    }
    if (at >= end) {
      throw Untranslatable.syntax(begin, "the text that begins here has no end");
    }
    at++;
    return text.toString();
  }

  private void escape(char c, StringBuilder into) {
    switch (c) {
      case 'n' -> into.append('\n');
      case 't' -> into.append('\t');
      case 'r' -> into.append('\r');
      case '\\', '"', '\'' -> into.append(c);
      case 'u', 'x' -> unicode(c == 'u' ? 4 : 2, into);
      default -> into.append('\\').append(c);
    }
  }

  private void unicode(int digits, StringBuilder into) {
    try {
      into.append((char) Integer.parseInt(source.substring(at, Math.min(end, at + digits)), 16));
      at = Math.min(end, at + digits);
    } catch (NumberFormatException e) {
      throw Untranslatable.syntax(at, "an escape in a text has " + digits + " hexadecimal digits");
    }
  }
}
