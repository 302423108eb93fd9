package dev.fanfare.engine;

import java.time.Duration;

/** What the engine asks the world to do once its changes are committed. */
public sealed interface Decision {

  /**
   * Hand a claimed step to an invoker. The stored claim is the outbox: a lost hand-over expires.
   */
  record Invoke(String step, int node, int attempt) implements Decision {}

  /** The reporter does this claimed and begun step in place. */
  record Continue(String step, int node, int attempt) implements Decision {}

  /** Tell running work that nobody wants it any more. */
  record Stop(String step, int attempt, String reason) implements Decision {}

  /** Wake the run after a delay, counted from the commit by the database's clock. */
  record Arm(TimerKind kind, String step, int attempt, Duration after) implements Decision {}

  /** A timer is no longer needed. */
  record Disarm(TimerKind kind, String step) implements Decision {}

  /**
   * A ready step waits for a slot; {@code scope} is the group that limits it, empty for the run.
   */
  record Enqueue(String scope, long position, String step) implements Decision {}

  /** A waiting step got its slot, or no longer wants one. */
  record Dequeue(String scope, long position) implements Decision {}

  /** The run is over: whatever timers and waiting entries are left can go. */
  record Finish() implements Decision {}
}
