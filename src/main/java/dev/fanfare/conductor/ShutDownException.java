package dev.fanfare.conductor;

/** This process takes no more work; whoever comes next does what is left. */
public final class ShutDownException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ShutDownException() {
    super("Fanfare is shutting down");
  }
}
