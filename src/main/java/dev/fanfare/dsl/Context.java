package dev.fanfare.dsl;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What a step knows of its run. It and its values are good until the step ends. */
public interface Context {

  /** What the run was started with. */
  Value payload();

  default <T> T payload(Class<T> type) {
    return payload().as(type);
  }

  /** The output of the step that was executed last, inside and after branches; at first nothing. */
  Value last();

  default <T> T last(Class<T> type) {
    return last().as(type);
  }

  /**
   * A step that was executed before, by its name; read from the database when it is asked for.
   *
   * @throws FlowException when there is none of that name, or it is one of many
   */
  StepResult steps(String name);

  /** The output of a step that was executed before. */
  default Value output(String step) {
    return steps(step).output();
  }

  default <T> T output(StepKey<T> key) {
    return steps(key.name()).output(key.type());
  }

  /** The item of the innermost {@code forEach}, or the items of the innermost {@code batch}. */
  Value item();

  default <T> T item(Class<T> type) {
    return item().as(type);
  }

  /** The item of a {@code forEach} around the step, by the name of that. */
  Value item(String forEach);

  /** The position of the item in its list, from 0. */
  int index();

  /** The turn of the innermost {@code whileTrue}, from 0. */
  int iteration();

  RunInfo run();

  TriggerInfo trigger();

  /** In {@code onError} what failed, in {@code onFailure} why the run has. */
  Optional<FlowError> error();

  /** The values of this workflow. */
  State state();

  /** The values that all workflows share. */
  State globalState();

  /** Other runs. */
  Runs runs();

  /**
   * What {@link Cronflow#service} was given, or a CDI bean of the application.
   *
   * @throws FlowException when there is neither
   */
  <T> T service(Class<T> type);

  /** The value of a secret that the workflow lists. */
  String secret(String name);

  /** The path of the step in its run. */
  String step();

  /** Counts the executions of the step, from 1. */
  int attempt();

  /** The same on every attempt of the step: hand it to whom must not do a thing twice. */
  String idempotencyKey();

  /** The folder of the run. */
  Path workspace();

  /** Writes a line into the step's log, which is a sign of life as well. */
  void log(String line);

  /** Ends the step and cancels its run; never returns. */
  CancelledException cancel(String reason);

  /** Facts about this execution, for logs: run, workflow, step, attempt, idempotencyKey. */
  Map<String, Object> meta();
}
