package dev.fanfare.expression;

import static dev.fanfare.expression.Kind.BOOL;
import static dev.fanfare.expression.Kind.DOUBLE;
import static dev.fanfare.expression.Kind.INT;
import static dev.fanfare.expression.Kind.LIST;
import static dev.fanfare.expression.Kind.NUMBER;

import java.util.ArrayList;
import java.util.List;

/** The math extension. */
final class MathFunctions {

  private MathFunctions() {}

  static void addTo(Functions to) {
    to.add("math.greatest", List.of(LIST), NUMBER, a -> extreme(a, a.list(0), 1));
    to.add("math.least", List.of(LIST), NUMBER, a -> extreme(a, a.list(0), -1));
    to.repeating("math.greatest", NUMBER, NUMBER, a -> extreme(a, all(a), 1));
    to.repeating("math.least", NUMBER, NUMBER, a -> extreme(a, all(a), -1));
    rounding(to);
    to.add("math.isNaN", List.of(NUMBER), BOOL, a -> Double.isNaN(a.decimal(0)));
    to.add("math.isInf", List.of(NUMBER), BOOL, a -> Double.isInfinite(a.decimal(0)));
    to.add("math.isFinite", List.of(NUMBER), BOOL, a -> Double.isFinite(a.decimal(0)));
    bits(to);
  }

  private static void rounding(Functions to) {
    for (String name : List.of("math.ceil", "math.floor", "math.round", "math.trunc")) {
      to.add(name, List.of(INT), INT, a -> a.any(0));
    }
    to.add("math.ceil", List.of(DOUBLE), DOUBLE, a -> Math.ceil(a.decimal(0)));
    to.add("math.floor", List.of(DOUBLE), DOUBLE, a -> Math.floor(a.decimal(0)));
    to.add("math.round", List.of(DOUBLE), DOUBLE, a -> round(a.decimal(0)));
    to.add("math.trunc", List.of(DOUBLE), DOUBLE, a -> truncate(a.decimal(0)));
    to.add("math.abs", List.of(INT), INT, a -> Operators.exact(() -> Math.absExact(a.whole(0))));
    to.add("math.abs", List.of(DOUBLE), DOUBLE, a -> Math.abs(a.decimal(0)));
    to.add("math.sign", List.of(INT), INT, a -> (long) Long.signum(a.whole(0)));
    to.add("math.sign", List.of(DOUBLE), DOUBLE, a -> Math.signum(a.decimal(0)));
    to.add("math.sqrt", List.of(NUMBER), DOUBLE, a -> Math.sqrt(a.decimal(0)));
  }

  private static void bits(Functions to) {
    List<Kind> two = List.of(INT, INT);
    to.add("math.bitAnd", two, INT, a -> a.whole(0) & a.whole(1));
    to.add("math.bitOr", two, INT, a -> a.whole(0) | a.whole(1));
    to.add("math.bitXor", two, INT, a -> a.whole(0) ^ a.whole(1));
    to.add("math.bitNot", List.of(INT), INT, a -> ~a.whole(0));
    to.add("math.bitShiftLeft", two, INT, a -> shift(a) > 63 ? 0L : a.whole(0) << (int) a.whole(1));
    to.add(
        "math.bitShiftRight", two, INT, a -> shift(a) > 63 ? 0L : a.whole(0) >>> (int) a.whole(1));
  }

  private static long shift(Args a) {
    if (a.whole(1) < 0) {
      throw Failure.of("bits are shifted by 0 or more");
    }
    return a.whole(1);
  }

  /** Away from zero at a half. */
  private static double round(double value) {
    double whole = truncate(value);
    return Math.abs(value - whole) >= 0.5 ? whole + Math.signum(value) : whole;
  }

  private static double truncate(double value) {
    return value < 0 ? Math.ceil(value) : Math.floor(value);
  }

  private static List<?> all(Args a) {
    List<Object> numbers = new ArrayList<>(a.size());
    for (int i = 0; i < a.size(); i++) {
      numbers.add(java.util.Objects.requireNonNull(a.any(i)));
    }
    return numbers;
  }

  private static Object extreme(Args a, List<?> numbers, int direction) {
    Object best = null;
    for (Object number : numbers) {
      Object value = Kind.normal(number);
      if (!(value instanceof Number)) {
        throw Failure.of("the list holds " + Kind.of(value).words() + " where numbers are needed");
      }
      if (best == null || Equality.compare(a.budget(), value, best) * direction > 0) {
        best = value;
      }
    }
    if (best == null) {
      throw Failure.of("an empty list has no greatest and no least number");
    }
    return best;
  }
}
