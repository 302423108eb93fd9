package dev.fanfare.expression;

import static dev.fanfare.expression.Kind.ANY;
import static dev.fanfare.expression.Kind.BOOL;
import static dev.fanfare.expression.Kind.BYTES;
import static dev.fanfare.expression.Kind.DOUBLE;
import static dev.fanfare.expression.Kind.DURATION;
import static dev.fanfare.expression.Kind.INT;
import static dev.fanfare.expression.Kind.LIST;
import static dev.fanfare.expression.Kind.MAP;
import static dev.fanfare.expression.Kind.NUMBER;
import static dev.fanfare.expression.Kind.STRING;
import static dev.fanfare.expression.Kind.TIMESTAMP;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Operators. Two whole numbers give a whole number and overflow is a failure; where one side is a
 * decimal number, so is the result.
 */
final class Operators {

  private Operators() {}

  static void addTo(Functions to) {
    arithmetic(to);
    joining(to);
    comparison(to);
    to.add("!_", List.of(BOOL), BOOL, a -> !a.bool(0));
    to.add(
        "@in", List.of(ANY, LIST), BOOL, a -> Equality.contains(a.budget(), a.list(1), a.any(0)));
    to.add("@in", List.of(ANY, MAP), BOOL, a -> a.map(1).containsKey(Members.key(a.any(0))));
  }

  private static void arithmetic(Functions to) {
    List<Kind> whole = List.of(INT, INT);
    List<Kind> mixed = List.of(NUMBER, NUMBER);
    to.add("_+_", whole, INT, a -> exact(() -> Math.addExact(a.whole(0), a.whole(1))));
    to.add("_+_", mixed, DOUBLE, a -> a.decimal(0) + a.decimal(1));
    to.add("_-_", whole, INT, a -> exact(() -> Math.subtractExact(a.whole(0), a.whole(1))));
    to.add("_-_", mixed, DOUBLE, a -> a.decimal(0) - a.decimal(1));
    to.add("_*_", whole, INT, a -> exact(() -> Math.multiplyExact(a.whole(0), a.whole(1))));
    to.add("_*_", mixed, DOUBLE, a -> a.decimal(0) * a.decimal(1));
    to.add(
        "_/_",
        whole,
        INT,
        a -> exact(() -> Math.divideExact(a.whole(0), divisor(a.whole(1), "division by zero"))));
    to.add("_/_", mixed, DOUBLE, a -> a.decimal(0) / a.decimal(1));
    to.add(
        "_%_", whole, INT, a -> a.whole(0) % divisor(a.whole(1), "remainder of a division by 0"));
    to.add("-_", List.of(INT), INT, a -> exact(() -> Math.negateExact(a.whole(0))));
    to.add("-_", List.of(DOUBLE), DOUBLE, a -> -a.decimal(0));
  }

  private static void joining(Functions to) {
    to.add("_+_", List.of(STRING, STRING), STRING, Operators::concatenate);
    to.add("_+_", List.of(BYTES, BYTES), BYTES, Operators::concatenateBytes);
    to.add("_+_", List.of(LIST, LIST), LIST, Operators::concatenateLists);
    to.add(
        "_+_",
        List.of(TIMESTAMP, DURATION),
        TIMESTAMP,
        a -> exact(() -> a.instant(0).plus(a.duration(1))));
    to.add(
        "_+_",
        List.of(DURATION, TIMESTAMP),
        TIMESTAMP,
        a -> exact(() -> a.instant(1).plus(a.duration(0))));
    to.add(
        "_+_",
        List.of(DURATION, DURATION),
        DURATION,
        a -> exact(() -> a.duration(0).plus(a.duration(1))));
    to.add(
        "_-_",
        List.of(TIMESTAMP, TIMESTAMP),
        DURATION,
        a -> exact(() -> java.time.Duration.between(a.instant(1), a.instant(0))));
    to.add(
        "_-_",
        List.of(TIMESTAMP, DURATION),
        TIMESTAMP,
        a -> exact(() -> a.instant(0).minus(a.duration(1))));
    to.add(
        "_-_",
        List.of(DURATION, DURATION),
        DURATION,
        a -> exact(() -> a.duration(0).minus(a.duration(1))));
  }

  private static void comparison(Functions to) {
    to.add("_==_", List.of(ANY, ANY), BOOL, a -> Equality.equal(a.budget(), a.any(0), a.any(1)));
    to.add("_!=_", List.of(ANY, ANY), BOOL, a -> !Equality.equal(a.budget(), a.any(0), a.any(1)));
    order(to, "_<_", order -> order < 0);
    order(to, "_<=_", order -> order <= 0);
    order(to, "_>_", order -> order > 0);
    order(to, "_>=_", order -> order >= 0);
  }

  private static void order(Functions to, String name, IntPredicate holds) {
    to.add(
        name,
        List.of(NUMBER, NUMBER),
        BOOL,
        a ->
            !Double.isNaN(a.decimal(0))
                && !Double.isNaN(a.decimal(1))
                && holds.test(Equality.compare(a.budget(), a.any(0), a.any(1))));
    for (Kind kind : List.of(STRING, BOOL, BYTES, TIMESTAMP, DURATION)) {
      to.add(
          name,
          List.of(kind, kind),
          BOOL,
          a -> holds.test(Equality.compare(a.budget(), a.any(0), a.any(1))));
    }
  }

  private static long divisor(long value, String otherwise) {
    if (value == 0) {
      throw Failure.of(otherwise);
    }
    return value;
  }

  /** A result that may not fit its kind. */
  @FunctionalInterface
  interface Exact {
    Object get();
  }

  /** The result, or a failure that says that it is out of range. */
  static Object exact(Exact calculation) {
    try {
      return calculation.get();
    } catch (ArithmeticException | java.time.DateTimeException e) {
      throw Failure.of("the result is too large to be held");
    }
  }

  private static Object concatenate(Args a) {
    a.budget().text((long) a.text(0).length() + a.text(1).length());
    return a.text(0).concat(a.text(1));
  }

  private static Object concatenateBytes(Args a) {
    byte[] left = a.bytes(0).content();
    byte[] right = a.bytes(1).content();
    a.budget().text((long) left.length + right.length);
    byte[] both = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return Bytes.of(both);
  }

  private static Object concatenateLists(Args a) {
    a.budget().list((long) a.list(0).size() + a.list(1).size());
    List<@Nullable Object> both = new ArrayList<>(a.list(0).size() + a.list(1).size());
    both.addAll(a.list(0));
    both.addAll(a.list(1));
    return both;
  }
}
