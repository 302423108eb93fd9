package dev.fanfare.engine;

/** What became of one event. */
public enum Verdict {
  /** It counted. */
  ACCEPTED,
  /** Its attempt is not the current one, or its step has moved on: nothing changed. */
  STALE,
  /** It came from a step that nobody waits for any more: kept with the step, flows nowhere. */
  KEPT
}
