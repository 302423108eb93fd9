package dev.fanfare.work.call;

import dev.fanfare.work.Assignment;
import dev.fanfare.work.Pulse;
import dev.fanfare.work.TraceContext;
import dev.fanfare.work.log.LogSink;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Where a Java step runs.
 *
 * @param attempt number of the attempt, from 1
 * @param idempotencyKey the same on every attempt of the step
 * @param workspace the run's folder
 * @param log for lines that belong to the step; each is a sign of life
 * @param pulse the signs of life
 * @param trace what to hand on as {@code traceparent} and {@code tracestate} to whom it calls
 */
public record StepContext(
    UUID run,
    String workflow,
    String step,
    int attempt,
    String idempotencyKey,
    Path workspace,
    LogSink log,
    Pulse pulse,
    TraceContext trace) {

  static StepContext of(Assignment assignment) {
    return new StepContext(
        assignment.run(),
        assignment.workflow(),
        assignment.step(),
        assignment.attempt(),
        assignment.idempotencyKey(),
        assignment.workspace(),
        assignment.log(),
        assignment.pulse(),
        assignment.trace());
  }

  /** Tells that the step is alive, where {@code timeout.heartbeat} asks for it. */
  public void beat() {
    pulse.beat();
  }
}
