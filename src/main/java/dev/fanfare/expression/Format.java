package dev.fanfare.expression;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code "...".format([...])}: %s %d %f %e %x %X %o %b %%, with a precision for %f and %e. */
final class Format {

  private static final int MOST_DIGITS = 100;

  /** Units for a decimal number; large ones have hundreds of digits. */
  private static final int FLOAT_COST = 500;

  private static final String VERBS = "sdfexXob";

  private Format() {}

  static Object format(Args a, String pattern, List<?> values) {
    StringBuilder result = new StringBuilder();
    int next = 0;
    int i = 0;
    while (i < pattern.length()) {
      char c = pattern.charAt(i++);
      if (c != '%') {
        result.append(c);
        continue;
      }
      int precision = -1;
      if (i < pattern.length() && pattern.charAt(i) == '.') {
        int end = i + 1;
        while (end < pattern.length() && Character.isDigit(pattern.charAt(end))) {
          end++;
        }
        precision = precision(pattern.substring(i + 1, end));
        i = end;
      }
      char verb = i < pattern.length() ? pattern.charAt(i++) : ' ';
      if (verb == '%') {
        result.append('%');
        continue;
      }
      if (next >= values.size()) {
        throw Failure.of("the format has more placeholders than values");
      }
      Object value = Kind.normal(values.get(next++));
      TextFunctions.append(a.budget(), result, one(a.budget(), verb, precision, value));
    }
    a.budget().text(result.length());
    return result.toString();
  }

  private static int precision(String digits) {
    if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > MOST_DIGITS) {
      throw Failure.of("the precision in a format is a number of at most 100");
    }
    return Integer.parseInt(digits);
  }

  private static String one(Budget budget, char verb, int precision, @Nullable Object value) {
    if (VERBS.indexOf(verb) < 0) {
      throw Failure.of("a format knows %s %d %f %e %x %X %o %b and %%");
    }
    if (verb == 's') {
      return value == null ? "null" : Plain.text(budget, value);
    }
    int digits = precision < 0 ? 6 : precision;
    if (value instanceof Number number && (verb == 'f' || verb == 'e')) {
      budget.charge(FLOAT_COST);
      return String.format(Locale.ROOT, "%." + digits + verb, number.doubleValue());
    }
    if (value instanceof Double decimal && verb == 'd') {
      return Plain.number(decimal);
    }
    if (value instanceof Boolean bool && verb == 'b') {
      return bool ? "1" : "0";
    }
    if (value instanceof Long whole) {
      return whole(verb, whole);
    }
    throw Failure.of("%" + verb + " in a format cannot take " + Kind.of(value).words());
  }

  private static String whole(char verb, long value) {
    return switch (verb) {
      case 'x' -> Long.toString(value, 16);
      case 'X' -> Long.toString(value, 16).toUpperCase(Locale.ROOT);
      case 'o' -> Long.toString(value, 8);
      case 'b' -> Long.toString(value, 2);
      default -> Long.toString(value);
    };
  }
}
