package dev.fanfare.engine;

import java.util.UUID;

/** Steps that are runs of their own, and what both owe each other. */
final class Children {
  private final Flow flow;
  private final Draft draft;

  Children(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** The work of a step goes on in another run. */
  void started(Cell cell, UUID run) {}

  /** A step ends: a run that it still waits for is cancelled. */
  void leave(Cell cell) {}

  /** This run ends: the step that waits for it is told. */
  void tellParent() {}

  Verdict ended(Event.ChildEnded ended) {
    return Verdict.STALE;
  }
}
