package dev.fanfare.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Regular expressions of RE2: linear in the text, whatever the pattern. */
final class Regex {

  private static final int LONGEST_PATTERN = 1_000;
  private static final int LARGEST_PROGRAM = 10_000;

  private Regex() {}

  /** Whether the pattern matches anywhere in the text. */
  static boolean find(Budget budget, String text, String pattern) {
    if (pattern.length() > LONGEST_PATTERN) {
      throw Failure.limit("a regular expression is longer than 1,000 characters");
    }
    budget.charge(200 + 20L * pattern.length());
    Pattern compiled = compile(pattern);
    int size = compiled.programSize();
    budget.charge(10L * size);
    if (size > LARGEST_PROGRAM) {
      throw Failure.limit("a regular expression is too complex; repeat less in it");
    }
    budget.charge((long) text.length() * Math.max(2, size) / 2);
    return compiled.matcher(text).find();
  }

  private static Pattern compile(String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw Failure.of("the regular expression cannot be read: " + e.getDescription());
    }
  }
}
