package dev.fanfare.store;

/** A database whose schema this build cannot use. The message says why and what to do about it. */
public final class SchemaException extends Exception {
  private static final long serialVersionUID = 1;

  SchemaException(String message) {
    super(message);
  }

  SchemaException(String message, Throwable cause) {
    super(message, cause);
  }
}
