package dev.fanfare.engine;

/** Steps that wait for a person, an event or a callback, holding no compute. */
final class Waits {
  private final Flow flow;
  private final Draft draft;

  Waits(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** A step ends: it waits for nothing any more. */
  void leave(Cell cell) {}

  Verdict judged(Event.Judged judged) {
    return Verdict.STALE;
  }

  Verdict happened(Event.Happened happened) {
    return Verdict.STALE;
  }

  Verdict timeoutDue(Event.Due due) {
    return Verdict.STALE;
  }
}
