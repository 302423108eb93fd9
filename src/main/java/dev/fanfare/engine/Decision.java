package dev.fanfare.engine;

import dev.fanfare.definition.Workflow.Concurrency;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

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

  /**
   * Wake the run after a delay, counted from the commit by the database's clock.
   *
   * @param data kept with the timer and given back when it is due, JSON as Java
   */
  record Arm(TimerKind kind, String step, int attempt, Duration after, Map<String, Object> data)
      implements Decision {
    public Arm(TimerKind kind, String step, int attempt, Duration after) {
      this(kind, step, attempt, after, Map.of());
    }
  }

  /** A timer is no longer needed. */
  record Disarm(TimerKind kind, String step) implements Decision {}

  /**
   * A ready step waits for a slot; {@code scope} is the group that limits it, empty for the run.
   */
  record Enqueue(String scope, long position, String step) implements Decision {}

  /** A waiting step got its slot, or no longer wants one. */
  record Dequeue(String scope, long position) implements Decision {}

  /**
   * A step waits for something from outside.
   *
   * @param key the event's name, or the digest of the callback's token; empty for an approval
   */
  record Await(String step, int attempt, Kind kind, String key) implements Decision {
    /** What it waits for. */
    public enum Kind {
      APPROVAL,
      EVENT,
      CALLBACK
    }
  }

  /**
   * A step no longer waits for anything from outside.
   *
   * @param happened whether what it waited for came
   */
  record Unawait(String step, boolean happened) implements Decision {}

  /**
   * A step asks for a lock, or with an empty step the run for a slot. Granted after the commit, in
   * the order of priority and asking; {@link TimerKind#GRANT} tells.
   *
   * @param ticket comes back with the grant, so that one of an earlier question is told apart
   * @param slots how many may hold the key at once; 0 = nobody
   * @param policy what happens where there is none; of a lock {@code SKIP} means that a step of an
   *     older run of the workflow than one that asked is refused
   */
  record Acquire(
      String step,
      int ticket,
      Scope scope,
      String key,
      int slots,
      int priority,
      Concurrency.Policy policy)
      implements Decision {
    /** What a key counts. */
    public enum Scope {
      LOCK,
      RUN
    }
  }

  /** What a step or run holds or asked for is given back. */
  record Release(String step, Acquire.Scope scope, String key) implements Decision {}

  /**
   * Keep a result for others, in the same transaction.
   *
   * @param ttl how long it is fresh; empty = for ever
   */
  record Remember(String key, Map<String, Object> result, Optional<Duration> ttl)
      implements Decision {}

  /**
   * Tell a breaker how an attempt ended, in the same transaction.
   *
   * @param trial whether it was let through as the one that tries
   */
  record Tally(String breaker, Result result, boolean trial, int threshold, Duration recovery)
      implements Decision {
    /** How an attempt ended. */
    public enum Result {
      SUCCESS,
      FAILURE,
      /** It was stopped: that says nothing about what it tried. */
      NONE
    }
  }

  /** Wakes another run in the same transaction. */
  record Wake(UUID run, TimerKind kind, String step, int attempt, Map<String, Object> data)
      implements Decision {}

  /**
   * The run goes on with its next attempt: how the one before ended is kept.
   *
   * @param from where the next one begins: {@code start}, {@code failed} or a step
   */
  record NextAttempt(String from, String by) implements Decision {}

  /** The run is over: whatever timers and waiting entries are left can go. */
  record Finish() implements Decision {}
}
