package dev.fanfare.expression;

/** What stops an evaluation. Never leaves this package. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean limit;
  private int at = -1;

  private Failure(String message, boolean limit) {
    super(message, null, false, false);
    this.limit = limit;
  }

  /** A failure of the values at hand; {@code ||} and {@code &&} may absorb it. */
  static Failure of(String message) {
    return new Failure(message, false);
  }

  /** A used-up budget; nothing absorbs it. */
  static Failure limit(String message) {
    return new Failure(message, true);
  }

  /** Notes the offset of what failed, unless something inside it already did. */
  Failure at(int offset) {
    if (at < 0) {
      at = offset;
    }
    return this;
  }

  /** The offset in the source, in code points. */
  int at() {
    return Math.max(at, 0);
  }

  boolean isLimit() {
    return limit;
  }

  String sentence() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
