package dev.fanfare.expression;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Equality and order of values. Numbers compare by value, whatever their kind. */
final class Equality {

  private Equality() {}

  static boolean equal(Budget budget, @Nullable Object left, @Nullable Object right) {
    budget.charge(1);
    Object a = Kind.normal(left);
    Object b = Kind.normal(right);
    if (a == null || b == null) {
      return a == b;
    }
    return switch (a) {
      case String x when b instanceof String y -> {
        budget.chargeCharacters(Math.min(x.length(), y.length()));
        yield x.equals(y);
      }
      case Number x when b instanceof Number y -> sameNumber(x, y);
      case Bytes x when b instanceof Bytes y -> {
        budget.chargeCharacters(Math.min(x.size(), y.size()));
        yield x.equals(y);
      }
      case List<?> x when b instanceof List<?> y -> sameList(budget, x, y);
      case Map<?, ?> x when b instanceof Map<?, ?> y -> sameMap(budget, x, y);
      case Optional<?> x when b instanceof Optional<?> y ->
          x.isPresent() == y.isPresent()
              && (x.isEmpty() || equal(budget, x.orElseThrow(), y.orElseThrow()));
      default -> a.equals(b);
    };
  }

  private static boolean sameNumber(Number a, Number b) {
    if (a instanceof Long x && b instanceof Long y) {
      return x.longValue() == y.longValue();
    }
    return (a instanceof Double x && b instanceof Double y)
        ? x.doubleValue() == y.doubleValue()
        : !isNan(a) && !isNan(b) && compareNumbers(a, b) == 0;
  }

  private static boolean isNan(Number number) {
    return number instanceof Double value && value.isNaN();
  }

  private static boolean sameList(Budget budget, List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    Iterator<?> other = b.iterator();
    for (Object element : a) {
      if (!equal(budget, element, other.next())) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameMap(Budget budget, Map<?, ?> a, Map<?, ?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Map.Entry<?, ?> entry : a.entrySet()) {
      Object key = entry.getKey();
      if (!b.containsKey(key) || !equal(budget, entry.getValue(), b.get(key))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the list has an equal element. */
  static boolean contains(Budget budget, List<?> list, @Nullable Object wanted) {
    for (Object element : list) {
      if (equal(budget, element, wanted)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The order of two numbers, texts, booleans, bytes, timestamps or durations.
   *
   * @throws Failure when the two have no order
   */
  static int compare(Budget budget, @Nullable Object a, @Nullable Object b) {
    budget.charge(1);
    if (a instanceof Number x && b instanceof Number y) {
      return compareNumbers(x, y);
    }
    if (a instanceof String x && b instanceof String y) {
      budget.chargeCharacters(Math.min(x.length(), y.length()));
      return compareTexts(x, y);
    }
    if (a instanceof Boolean x && b instanceof Boolean y) {
      return x.compareTo(y);
    }
    if (a instanceof Instant x && b instanceof Instant y) {
      return x.compareTo(y);
    }
    if (a instanceof Duration x && b instanceof Duration y) {
      return x.compareTo(y);
    }
    if (a instanceof Bytes x && b instanceof Bytes y) {
      budget.chargeCharacters(Math.min(x.size(), y.size()));
      return java.util.Arrays.compareUnsigned(x.content(), y.content());
    }
    throw Failure.of(
        Kind.of(a).words() + " and " + Kind.of(b).words() + " cannot be put in an order");
  }

  /** By code point, as CEL has it. */
  private static int compareTexts(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return Character.isSurrogate(x) == Character.isSurrogate(y)
            ? Character.compare(x, y)
            : Integer.compare(a.codePointAt(i), b.codePointAt(i));
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** The order of two numbers that are not NaN, exact across kinds. */
  static int compareNumbers(Number a, Number b) {
    if (a instanceof Long x && b instanceof Long y) {
      return Long.compare(x, y);
    }
    if (a instanceof Long x && b instanceof Double y) {
      return compareMixed(x, y);
    }
    if (a instanceof Double x && b instanceof Long y) {
      return -compareMixed(y, x);
    }
    double x = a.doubleValue();
    double y = b.doubleValue();
    return x < y ? -1 : x > y ? 1 : 0;
  }

  private static int compareMixed(long whole, double decimal) {
    if (decimal >= 0x1p63) {
      return -1;
    }
    if (decimal < -0x1p63) {
      return 1;
    }
    int byWhole = Long.compare(whole, (long) decimal);
    return byWhole != 0 ? byWhole : Double.compare(0, decimal - (long) decimal);
  }
}
