package dev.fanfare.dialect.circleci;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Java regular expressions that must match the whole of a text, as CircleCI has them.
 *
 * <p>Java's own matcher may take exponential time, and patterns of these files use what a linear
 * one does not have, such as {@code (?!main)}. So the matcher reads its text through a counter, and
 * gives up after as many characters as no honest pattern needs.
 */
final class FullMatch {

  private static final int MAX_PATTERN = 2_000;
  private static final int MAX_TEXT = 4_096;
  private static final int MAX_STEPS = 500_000;

  private FullMatch() {}

  /**
   * Whether a text matches.
   *
   * @throws ExpressionFault where the pattern is none, or takes too long
   */
  static boolean matches(String pattern, String text) throws ExpressionFault {
    if (pattern.length() > MAX_PATTERN || text.length() > MAX_TEXT) {
      throw new ExpressionFault(
          "a pattern has at most "
              + MAX_PATTERN
              + " characters, and what it is held against at most "
              + MAX_TEXT,
          0);
    }
    try {
      return Pattern.compile(pattern).matcher(new Counted(text)).matches();
    } catch (PatternSyntaxException e) {
      throw new ExpressionFault(
          "'" + pattern + "' is no regular expression: " + e.getDescription(), 0);
    } catch (TooManySteps | StackOverflowError e) {
      throw new ExpressionFault("the pattern '" + pattern + "' takes too long", 0);
    }
  }

  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManySteps() {
      super("too many steps", null, false, false);
    }
  }

  /** A text that counts how often it is looked at. */
  private static final class Counted implements CharSequence {
    private final String text;
    private int steps;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps > MAX_STEPS) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
