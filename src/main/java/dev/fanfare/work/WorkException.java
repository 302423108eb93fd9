package dev.fanfare.work;

import dev.fanfare.definition.ErrorInfo;

/** Work that cannot be prepared or finished, with the reason as data. */
public final class WorkException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient ErrorInfo error;

  public WorkException(ErrorInfo error) {
    super(error.message());
    this.error = error;
  }

  public WorkException(String code, String message) {
    this(ErrorInfo.of(code, message));
  }

  /** Why, for {@code Outcome.Failed}. */
  public ErrorInfo error() {
    return error;
  }
}
