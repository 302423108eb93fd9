package dev.fanfare.engine;

/** What a timer is for. A step has at most one of each kind. */
public enum TimerKind {
  /** The delay before the next attempt. */
  RETRY,
  /** The end of a sleep. */
  SLEEP,
  /** The limit on all attempts of a leaf step together. */
  TOTAL,
  /** The limit on a group or race. */
  GROUP,
  /** The limit on the run; its step is empty. */
  RUN
}
