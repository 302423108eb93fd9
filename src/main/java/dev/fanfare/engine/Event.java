package dev.fanfare.engine;

import dev.fanfare.definition.Outcome;

/** What happened to a run from outside. */
public sealed interface Event {

  /** The run was stored and may move. */
  record Start() implements Event {}

  /** An invocation is about to do a step's work. */
  record Begin(String step, int attempt) implements Event {}

  /**
   * An attempt ended.
   *
   * @param continues whether the reporter can do one more step in place
   */
  record Report(String step, int attempt, Outcome outcome, Cost cost, boolean continues)
      implements Event {}

  /** A timer came due by the database's clock. */
  record Due(TimerKind kind, String step, int attempt) implements Event {}

  /** The lease of a claimed step ran out, or its worker is known to be gone. */
  record Lost(String step, int attempt) implements Event {}

  /** Somebody wants the run to stop. */
  record Cancel(String by, String reason) implements Event {}

  /**
   * What an attempt cost.
   *
   * @param millis wall time of the work
   * @param memoryMb memory size of the function, 0 where there is none
   * @param continuation whether it ran in place after another step
   */
  record Cost(long millis, int memoryMb, boolean continuation) {
    public static final Cost NONE = new Cost(0, 0, false);
  }
}
