package dev.fanfare.engine;

/**
 * What a step must pass before it starts: its lock, the cache, its breaker; and how long that may
 * take.
 */
final class Gates {
  private final Flow flow;
  private final Draft draft;

  Gates(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /**
   * Whether a step has its lock and the cache has nothing for it. Otherwise it waits, and {@link
   * Steps#launch} is called again when that is over; or it has ended.
   */
  boolean pass(Cell cell) {
    return true;
  }

  /** Whether the breaker lets the next attempt through; otherwise it waits or has failed. */
  boolean letsThrough(Cell cell) {
    return true;
  }

  /** A step is ready: its limit from here to its begin starts. */
  void ready(Cell cell) {}

  /** A step begins: that limit is over. */
  void began(Cell cell) {}

  /** An attempt has ended: its breaker learns how. */
  void attempted(Cell cell, boolean success) {}

  /** A step ends: it gives back what it holds and asks for nothing any more. */
  void leave(Cell cell) {}

  Verdict answered(Event.Answered answered) {
    return Verdict.STALE;
  }

  Verdict granted(Event.Due due) {
    return Verdict.STALE;
  }

  Verdict queueDue(Event.Due due) {
    return Verdict.STALE;
  }
}
