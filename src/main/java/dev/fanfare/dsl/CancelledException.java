package dev.fanfare.dsl;

/** Ends a step whose run it has just cancelled. */
public final class CancelledException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CancelledException(String reason) {
    super(reason);
  }
}
