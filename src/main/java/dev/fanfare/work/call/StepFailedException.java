package dev.fanfare.work.call;

import dev.fanfare.definition.ErrorInfo;

/** Fails a Java step with an error of its own, whose code conditions and retries can tell. */
public final class StepFailedException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient ErrorInfo error;

  public StepFailedException(ErrorInfo error, Throwable cause) {
    super(error.message(), cause);
    this.error = error;
  }

  public StepFailedException(ErrorInfo error) {
    super(error.message());
    this.error = error;
  }

  public ErrorInfo error() {
    return error;
  }
}
