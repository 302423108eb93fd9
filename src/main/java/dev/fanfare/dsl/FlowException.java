package dev.fanfare.dsl;

/** A workflow that is not written as it has to be, or a value that is not what was asked for. */
public final class FlowException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public FlowException(String message) {
    super(message);
  }

  public FlowException(String message, Throwable cause) {
    super(message, cause);
  }
}
