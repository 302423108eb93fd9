package dev.fanfare.form;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;

/** Patterns of schemas by RE2, whose time grows with the text and not with the pattern. */
final class Patterns implements RegularExpressionFactory {

  /** A pattern that RE2 does not know, such as a look-ahead. */
  static final class UnknownPatternException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownPatternException(String pattern, PatternSyntaxException cause) {
      super("the pattern '" + pattern + "' cannot be used: " + cause.getDescription(), cause);
    }
  }

  @Override
  public RegularExpression getRegularExpression(String regex) {
    try {
      Pattern pattern = Pattern.compile(regex);
      return text -> pattern.matcher(text).find();
    } catch (PatternSyntaxException e) {
      throw new UnknownPatternException(regex, e);
    }
  }
}
