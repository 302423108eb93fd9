package dev.fanfare.dsl;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What functions reach through their context: the process that executes them offers it. */
public interface Host {

  /** Other runs, and state. */
  Runs runs();

  /**
   * A step that a step of the same run can see.
   *
   * @param reader the path of the step that asks
   * @param name the name of a step anywhere in the workflow
   * @throws FlowException when there is none, or there are many of it
   */
  StepResult step(UUID run, String reader, String name);

  /** Why a run fails: the error of the first step that has; empty where none has. */
  Optional<FlowError> failure(UUID run);

  /** An object of the application. */
  <T> Optional<T> service(Class<T> type);

  /** Cancels the run of a step. */
  void cancel(UUID run, String step, String reason);

  Instant now();
}
