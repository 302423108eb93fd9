package dev.fanfare.testing.lambda;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * One invocation that waits for an environment, runs in one, or has ended.
 *
 * @param arn as it was invoked, with the qualifier if there was one
 * @param payload JSON, UTF-8
 * @param context the client context, JSON
 * @param kill how long after its beginning the process is killed, if it is
 * @param result completed at its end, never exceptionally
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Request(
    String id,
    String arn,
    byte[] payload,
    Lineage lineage,
    Optional<String> context,
    Optional<Duration> kill,
    CompletableFuture<Result> result) {

  static Request of(String arn, byte[] payload, Lineage lineage, Optional<String> context) {
    return new Request(
        UUID.randomUUID().toString(),
        arn,
        payload,
        lineage,
        context,
        Optional.empty(),
        new CompletableFuture<>());
  }

  Request killed(Duration after) {
    return new Request(id, arn, payload, lineage, context, Optional.of(after), result);
  }

  /** What became of it. */
  sealed interface Result {}

  /**
   * The function returned.
   *
   * @param log the last 4 KB of the environment's log
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Returned(byte[] payload, String log) implements Result {}

  /** The function threw, its time ran out, or its process died. */
  @SuppressWarnings("ArrayRecordComponent")
  record Failed(byte[] payload, String log) implements Result {}

  /** There was no room for it: 429. */
  record Throttled() implements Result {}

  /** The 17th of its function in one chain. */
  record Recursive() implements Result {}
}
