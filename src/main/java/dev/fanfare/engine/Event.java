package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to a run from outside. */
public sealed interface Event {

  /** The run was stored and may move. */
  record Start() implements Event {}

  /** An invocation is about to do a step's work. */
  record Begin(String step, int attempt) implements Event {}

  /**
   * An attempt ended.
   *
   * @param room how long a step that the reporter does in place may take; zero if it does none
   */
  record Report(String step, int attempt, Outcome outcome, Cost cost, Duration room)
      implements Event {

    /** Longer than anything takes. */
    public static final Duration UNLIMITED = Duration.ofDays(365_000);

    /**
     * @param continues whether the reporter can do one more step in place, however long that takes
     */
    public Report(String step, int attempt, Outcome outcome, Cost cost, boolean continues) {
      this(step, attempt, outcome, cost, continues ? UNLIMITED : Duration.ZERO);
    }

    /** Whether the reporter can do one more step in place. */
    public boolean continues() {
      return room.isPositive();
    }
  }

  /**
   * A timer came due by the database's clock.
   *
   * @param data what was stored with it
   * @param at when it was due, RFC 3339; empty where nobody asks
   */
  record Due(TimerKind kind, String step, int attempt, Map<String, Object> data, String at)
      implements Event {
    public Due(TimerKind kind, String step, int attempt) {
      this(kind, step, attempt, Map.of(), "");
    }
  }

  /** The lease of a claimed step ran out, or its worker is known to be gone. */
  record Lost(String step, int attempt) implements Event {}

  /** Somebody wants the run to stop. */
  record Cancel(String by, String reason) implements Event {}

  /** The run has used more than one may: invocations in a row, or entries of its event log. */
  record Exceeded(Kind kind, long used, long limit) implements Event {
    /** What it has used too much of. */
    public enum Kind {
      HOPS,
      EVENTS
    }
  }

  /**
   * A person has decided about an approval.
   *
   * @param by who
   * @param at when, RFC 3339
   * @param form what was filled in, JSON as Java
   */
  record Judged(
      String step, boolean approved, String by, String at, String reason, @Nullable Object form)
      implements Event {}

  /**
   * Something that a step waits for has happened: an event was published, or its callback was
   * called.
   *
   * @param payload what came with it, JSON as Java
   * @param error where a callback says that what was waited for has failed
   */
  record Happened(String step, int attempt, @Nullable Object payload, Optional<ErrorInfo> error)
      implements Event {
    public Happened(String step, int attempt, @Nullable Object payload) {
      this(step, attempt, payload, Optional.empty());
    }
  }

  /** What was looked up for a step outside its run. */
  record Answered(String step, int attempt, Answer answer) implements Event {}

  /** An answer to {@link TimerKind#ASK}. */
  sealed interface Answer {
    /**
     * The cache has a fresh result.
     *
     * @param result as {@link Decision.Remember} gave it
     */
    record Cached(Map<String, Object> result) implements Answer {}

    /** The cache has none. */
    record NotCached() implements Answer {}

    /**
     * The breaker lets an attempt through.
     *
     * @param trial whether it is the one that shows whether the breaker may close
     */
    record BreakerClosed(boolean trial) implements Answer {}

    /**
     * The breaker lets nothing through.
     *
     * @param retryAfterMs until it tries again
     */
    record BreakerOpen(long retryAfterMs) implements Answer {}
  }

  /**
   * The run that a step waits for has ended.
   *
   * @param output what it yielded, JSON as Java
   * @param error why it failed; null where it succeeded
   */
  record ChildEnded(String step, UUID run, @Nullable Object output, @Nullable ErrorInfo error)
      implements Event {}

  /**
   * Somebody wants a run that has ended to go on.
   *
   * @param from where it begins
   */
  record Rerun(From from, String by) implements Event {}

  /** Where a rerun begins. */
  sealed interface From {
    /** With everything anew. */
    record Start() implements From {}

    /** With what did not succeed, and everything downstream of it. */
    record Failed() implements From {}

    /** With one step, and everything downstream of it. */
    record Of(String step) implements From {}
  }

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
