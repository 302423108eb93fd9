package dev.fanfare.dsl;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Starts, looks at and moves runs. Its methods block. A CDI bean. */
public interface Runs {

  /**
   * Starts a run of the newest version of a registered workflow.
   *
   * @param payload what {@link Context#payload()} is; a workflow of another kind finds an object's
   *     members in {@code event}
   * @throws FlowException when there is no such workflow, or it refuses the payload
   */
  UUID trigger(String workflow, @Nullable Object payload);

  /**
   * Starts a run, unless there is one with this key.
   *
   * @return that of the key
   */
  UUID trigger(String workflow, @Nullable Object payload, String idempotencyKey);

  /** A run; empty where there is none. */
  Optional<Inspection> inspect(UUID run);

  /** Cancels a run; false where it has ended or there is none. */
  boolean cancelRun(UUID run, String reason);

  /** Publishes an event: it wakes the steps that wait for it and starts the runs it is for. */
  void publishEvent(String name, @Nullable Object payload);

  /**
   * Runs a run that has ended again from its start, as its next attempt.
   *
   * @return the same run
   */
  UUID replay(UUID run);

  /**
   * Starts another run of a run's workflow with another payload.
   *
   * @return the new run
   */
  UUID replay(UUID run, @Nullable Object payload);

  /**
   * Goes on with a run that waits in {@code pause} or {@code humanInTheLoop}.
   *
   * @throws FlowException when there is no such token, or it was used or is void
   */
  void resume(String token, @Nullable Object payload);

  /** The values that all workflows share. */
  State state();

  /** The values of a workflow. */
  State state(String workflow);
}
