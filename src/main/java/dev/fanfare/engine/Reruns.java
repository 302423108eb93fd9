package dev.fanfare.engine;

/** A run that has ended goes on: what is to run again begins anew, the rest is kept. */
final class Reruns {
  private final Flow flow;
  private final Draft draft;

  Reruns(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  Verdict rerun(Event.Rerun rerun) {
    return Verdict.STALE;
  }
}
