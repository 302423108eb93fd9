package dev.fanfare.function.http;

/** An event that is no request, though it looks like one; the message says what is wrong. */
public final class BadEventException extends Exception {
  private static final long serialVersionUID = 1;

  BadEventException(String message) {
    super(message);
  }
}
