package dev.fanfare.conductor;

/** Other processes kept moving a run while this one tried to. */
final class ContendedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ContendedException() {
    super("other processes kept moving the run; it can be tried again");
  }
}
