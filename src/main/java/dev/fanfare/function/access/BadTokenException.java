package dev.fanfare.function.access;

/** A token that cannot be made as it was asked for; the message says what would be right. */
public final class BadTokenException extends Exception {
  private static final long serialVersionUID = 1;

  BadTokenException(String message) {
    super(message);
  }
}
