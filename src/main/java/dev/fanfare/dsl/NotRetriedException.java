package dev.fanfare.dsl;

/** A failure that the predicate of a step's retry does not want to see again. */
public final class NotRetriedException extends Exception {
  private static final long serialVersionUID = 1;

  /** The code of the error that a step ends with. */
  public static final String CODE = "not_retried";

  NotRetriedException(Exception cause) {
    super(cause.getMessage(), cause);
  }
}
