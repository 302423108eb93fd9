package dev.fanfare.engine;

import org.jspecify.annotations.Nullable;

/** Values that a person gives for {@code maxParallel}. */
final class Limits {

  private Limits() {}

  /**
   * The limit a value stands for, 0 = none.
   *
   * @throws IllegalArgumentException if it is no whole number of at least 0
   */
  static int of(@Nullable Object value, String name) {
    long limit =
        switch (value) {
          case Long number -> number;
          case String text when text.strip().matches("\\d{1,9}") -> Long.parseLong(text.strip());
          case Double number when number == Math.rint(number) -> number.longValue();
          case null -> 0;
          default -> -1;
        };
    if (limit < 0) {
      throw new IllegalArgumentException(
          name + " must be a whole number of at least 0, but it is " + value);
    }
    return (int) Math.min(limit, Integer.MAX_VALUE);
  }
}
