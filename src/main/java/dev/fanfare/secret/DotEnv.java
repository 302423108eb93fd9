package dev.fanfare.secret;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text of {@code NAME=value} lines.
 *
 * <p>Empty lines and lines that begin with {@code #} do not count; {@code export} may stand before
 * a name. A value is the rest of its line without blanks at both ends. In single quotes it is
 * literal, in double quotes {@code \n}, {@code \r}, {@code \t}, {@code \"}, {@code \\} and {@code
 * \$} stand for characters; both may go over several lines. A later line of the same name wins.
 */
final class DotEnv {

  private static final Pattern PAIR =
      Pattern.compile("[ \\t]*(?:export[ \\t]+)?([A-Za-z_][A-Za-z0-9_-]*)[ \\t]*=[ \\t]*");

  private final String text;
  private int at;

  private DotEnv(String text) {
    this.text = text;
  }

  /** The text cannot be read; the message names the line and never what stands in it. */
  static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1;

    SyntaxException(String message) {
      super(message);
    }
  }

  static Map<String, String> parse(String text) throws SyntaxException {
    return new DotEnv(text.startsWith("\uFEFF") ? text.substring(1) : text).pairs();
  }

  private Map<String, String> pairs() throws SyntaxException {
    Map<String, String> pairs = new LinkedHashMap<>();
    while (at < text.length()) {
      int end = lineEnd();
      String line = text.substring(at, end).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        at = end + 1;
        continue;
      }
      Matcher pair = PAIR.matcher(text).region(at, end);
      if (!pair.lookingAt()) {
        throw new SyntaxException("line " + line() + " is not NAME=value");
      }
      at = pair.end();
      pairs.put(pair.group(1), value(end));
    }
    return pairs;
  }

  private String value(int end) throws SyntaxException {
    char first = at < end ? text.charAt(at) : ' ';
    if (first == '\'' || first == '"') {
      return quoted(first);
    }
    String value = text.substring(at, end).strip();
    at = end + 1;
    return value;
  }

  private String quoted(char quote) throws SyntaxException {
    int line = line();
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length() && text.charAt(at) != quote; at++) {
      char c = text.charAt(at);
      if (c == '\\' && quote == '"' && at + 1 < text.length()) {
        at++;
        value.append(unescaped(text.charAt(at)));
      } else {
        value.append(c);
      }
    }
    if (at >= text.length()) {
      throw new SyntaxException("the quote in line " + line + " is not closed");
    }
    at++;
    int end = lineEnd();
    String rest = text.substring(at, end).strip();
    if (!rest.isEmpty() && !rest.startsWith("#")) {
      throw new SyntaxException("something follows the closing quote in line " + line());
    }
    at = end + 1;
    return value.toString();
  }

  private static String unescaped(char c) {
    return switch (c) {
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case '"', '\\', '$' -> String.valueOf(c);
      default -> "\\" + c;
    };
  }

  private int lineEnd() {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private int line() {
    return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }
}
