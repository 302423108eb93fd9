package dev.fanfare.work;

import dev.fanfare.work.log.LogSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * One attempt of one step, as handed to a worker.
 *
 * @param step the step's id, {@code publish.primary} or {@code unit[2]}
 * @param attempt number of the attempt, from 1
 * @param idempotencyKey the same on every attempt of the step
 * @param workspace the folder to work in; exists
 * @param log where its lines go
 * @param pulse beats at every sign of life
 * @param attemptTimeout after which somebody else stops it
 * @param trace what the work hands on to whom it calls: the trace of the run, with the span of this
 *     attempt
 */
public record Assignment(
    UUID run,
    String workflow,
    String step,
    int attempt,
    String idempotencyKey,
    Path workspace,
    LogSink log,
    Pulse pulse,
    Optional<Duration> attemptTimeout,
    TraceContext trace) {

  /** The same in another folder. */
  public Assignment in(Path folder) {
    return new Assignment(
        run, workflow, step, attempt, idempotencyKey, folder, log, pulse, attemptTimeout, trace);
  }
}
