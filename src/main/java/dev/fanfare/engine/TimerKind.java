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
  RUN,
  /** The limit on a wait for a person, an event or a callback. */
  WAIT,
  /** The pause before the next turn of a loop. */
  PAUSE,
  /** The limit from ready to begun; with an empty step, that on a queued run. */
  QUEUE,
  /** Something outside the run is to be looked up for a step: a cache entry, a breaker. */
  ASK,
  /** A lock, or with an empty step the run's slot, was granted. Set by whoever grants it. */
  GRANT,
  /** The limit on the wait for a lock. */
  LOCK,
  /**
   * There is no slot for the run, and its policy is not to wait; or a younger run wants the lock of
   * a step. Set by whoever grants.
   */
  REFUSE,
  /** The run that a step waits for has ended. Set by that run. */
  CHILD,
  /** The run is to be cancelled. Set by its parent, or by a newer run that takes its place. */
  CANCEL,
  /** The delay before a run that has failed goes on by itself; its step is empty. */
  RERUN
}
