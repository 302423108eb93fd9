package dev.fanfare.expression;

import static java.util.regex.Pattern.DOTALL;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** Regular expressions of RE2: linear in the text, whatever the pattern. */
final class Regex {

  private static final java.util.regex.Pattern TOKEN =
      java.util.regex.Pattern.compile("\\\\.|\\{([0-9]{1,4})(?:,([0-9]{0,4}))?\\}|.", DOTALL);

  private static final int LONGEST_PATTERN = 1_000;
  private static final int LARGEST_EXPANSION = 5_000;

  private Regex() {}

  /** Whether the pattern matches anywhere in the text. */
  static boolean find(Budget budget, String text, String pattern) {
    if (pattern.length() > LONGEST_PATTERN) {
      throw Failure.limit("a regular expression is longer than 1,000 characters");
    }
    budget.charge(200 + 20L * pattern.length());
    long expansion = expansion(pattern);
    if (expansion > LARGEST_EXPANSION) {
      throw Failure.limit("a regular expression is too complex; repeat less in it");
    }
    budget.charge(10L * expansion);
    Pattern compiled = compile(pattern);
    int size = compiled.programSize();
    budget.charge(10L * size);
    budget.charge((long) text.length() * Math.max(2, size) / 2);
    return compiled.matcher(text).find();
  }

  /** About how many parts a pattern has once its counted repetitions are written out. */
  private static long expansion(String pattern) {
    Deque<Long> outer = new ArrayDeque<>();
    long size = 0;
    long last = 0;
    Matcher token = TOKEN.matcher(pattern);
    while (token.find()) {
      String text = token.group();
      if (text.equals("(")) {
        outer.push(size);
        size = 0;
      } else if (text.equals(")") && !outer.isEmpty()) {
        last = size;
        size = Math.min(size + outer.pop(), Integer.MAX_VALUE);
      } else if (token.group(1) != null) {
        long most = Math.max(number(token.group(1)), number(token.group(2)));
        size = Math.min(size + last * Math.max(0, most - 1), Integer.MAX_VALUE);
      } else {
        last = 1;
        size++;
      }
    }
    while (!outer.isEmpty()) {
      size += outer.pop();
    }
    return size;
  }

  private static long number(@Nullable String digits) {
    return digits == null || digits.isEmpty() ? 0 : Long.parseLong(digits);
  }

  private static Pattern compile(String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw Failure.of("the regular expression cannot be read: " + e.getDescription());
    }
  }
}
