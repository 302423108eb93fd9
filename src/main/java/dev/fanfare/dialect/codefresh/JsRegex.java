package dev.fanfare.dialect.codefresh;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of JavaScript, as the engine's own expressions know it: anywhere in the text
 * unless it is anchored.
 *
 * @param source for {@code matches()}; empty where there is a problem
 * @param problem what keeps it from being used; empty where nothing does
 */
record JsRegex(String source, String problem) {

  private static final Pattern LITERAL = Pattern.compile("/(.+)/([a-z]*)", Pattern.DOTALL);
  private static final Pattern LOOK = Pattern.compile("(?<!\\\\)\\(\\?(?:=|!|<=|<!)");
  private static final Pattern REFERENCE = Pattern.compile("(?<!\\\\)\\\\(?:[1-9]|k<)");

  /** The expression of {@code /.../flags}; empty where the text is not written like that. */
  static Optional<JsRegex> literal(String text) {
    Matcher literal = LITERAL.matcher(text.strip());
    return literal.matches()
        ? Optional.of(of(literal.group(1), literal.group(2)))
        : Optional.empty();
  }

  /** The expression of a pattern and its flags. */
  static JsRegex of(String pattern, String flags) {
    if (LOOK.matcher(pattern).find()) {
      return wrong("it looks ahead or behind, which no expression here can");
    }
    if (REFERENCE.matcher(pattern).find()) {
      return wrong("it refers to what a group has matched, which no expression here can");
    }
    if (!flags.matches("[dgimsuvy]*")) {
      return wrong("'" + flags + "' are no flags");
    }
    if (flags.contains("y")) {
      return wrong("the flag y has no meaning here");
    }
    String plain = pattern.replace("\\/", "/").replace("(?<", "(?P<").replace("[^]", "[\\s\\S]");
    try {
      Pattern.compile(plain.replace("(?P<", "(?<"));
    } catch (PatternSyntaxException e) {
      return wrong("it is no regular expression: " + e.getDescription());
    }
    StringBuilder kept = new StringBuilder();
    for (char flag : new char[] {'i', 'm', 's'}) {
      if (flags.indexOf(flag) >= 0) {
        kept.append(flag);
      }
    }
    return new JsRegex(kept.isEmpty() ? plain : "(?" + kept + ")" + plain, "");
  }

  private static JsRegex wrong(String problem) {
    return new JsRegex("", problem);
  }

  boolean isGood() {
    return problem.isEmpty();
  }
}
