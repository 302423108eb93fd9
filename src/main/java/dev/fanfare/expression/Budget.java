package dev.fanfare.expression;

/**
 * What one evaluation may cost.
 *
 * <p>A unit is roughly what evaluating one node costs, about ten nanoseconds; the work of functions
 * is charged in the same currency, by the size of what they read and make. Counting, not a clock:
 * the same expression on the same values always ends the same way.
 */
final class Budget {

  /** Units of one evaluation. */
  static final long UNITS = 2_000_000;

  /** Iterations of all macros of one evaluation. */
  static final int ITERATIONS = 10_000;

  /** Most characters of any text, and of a result rendered as JSON. */
  static final int CHARACTERS = 1 << 20;

  /** Most elements of a list that an expression makes. */
  static final int ELEMENTS = 100_000;

  private static final int CHARACTERS_PER_UNIT = 16;

  private long units = UNITS;
  private int iterations = ITERATIONS;

  void charge(long cost) {
    units -= cost;
    if (units < 0) {
      throw Failure.limit(
          "the expression takes more work than one expression may; do this in a step instead");
    }
  }

  void iteration() {
    if (--iterations < 0) {
      throw Failure.limit(
          "the expression iterates more than 10,000 times; do this in a step instead");
    }
  }

  /** Charges for reading or making that many characters. */
  void chargeCharacters(long characters) {
    charge(1 + characters / CHARACTERS_PER_UNIT);
  }

  /** Charges for a text that is about to be made, and refuses one that is too long. */
  void text(long characters) {
    if (characters > CHARACTERS) {
      throw Failure.limit("a text grows past 1 MiB; keep large values in files");
    }
    chargeCharacters(characters);
  }

  /** Charges for a list that is about to be made, and refuses one that is too long. */
  void list(long elements) {
    if (elements > ELEMENTS) {
      throw Failure.limit("a list grows past 100,000 elements; do this in a step instead");
    }
    charge(1 + elements / 4);
  }
}
