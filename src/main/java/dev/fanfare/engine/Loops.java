package dev.fanfare.engine;

/** The turns of a loop, one after another. */
final class Loops {
  private final Flow flow;
  private final Draft draft;

  Loops(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** The pause before the next turn is over. */
  Verdict pauseDue(Event.Due due) {
    return Verdict.STALE;
  }
}
