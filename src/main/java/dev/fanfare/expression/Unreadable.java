package dev.fanfare.expression;

/**
 * A value that is known to be there and cannot be had. Whoever holds the values of names may throw
 * it when one is read; it fails the expression, and its message is the reason.
 */
public final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1;

  public Unreadable(String message) {
    super(message, null, false, false);
  }

  String sentence() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
