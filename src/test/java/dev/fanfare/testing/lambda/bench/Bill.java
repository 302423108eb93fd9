package dev.fanfare.testing.lambda.bench;

import java.time.Duration;
import java.util.List;

/**
 * What AWS asks for, in US dollars: list prices of us-east-1 on arm64 without the free tier, autumn
 * 2026.
 *
 * @param invocations of functions
 * @param gigabyteSeconds billed
 * @param queueRequests to SQS, by functions and by Lambda for them
 */
record Bill(long invocations, double gigabyteSeconds, long queueRequests) {

  private static final double PER_INVOCATION = 0.20 / 1e6;
  private static final double PER_GIGABYTE_SECOND = 0.0000133334;
  private static final double PER_QUEUE_REQUEST = 0.40 / 1e6;

  /** Step Functions Standard, a million state transitions. */
  static final double STEP_FUNCTIONS = 25;

  static final Bill NOTHING = new Bill(0, 0, 0);

  /**
   * The invocations of one function.
   *
   * @param memory in MiB, as configured
   */
  static Bill of(List<Duration> invocations, int memory) {
    double seconds = billed(invocations) / 1e3;
    return new Bill(invocations.size(), seconds * memory / 1024, 0);
  }

  /** Milliseconds that are billed: each invocation is rounded up to the next. */
  static long billed(List<Duration> invocations) {
    return invocations.stream().mapToLong(Bill::milliseconds).sum();
  }

  private static long milliseconds(Duration time) {
    return Math.ceilDiv(time.toNanos(), 1_000_000L);
  }

  Bill plus(Bill other) {
    return new Bill(
        invocations + other.invocations,
        gigabyteSeconds + other.gigabyteSeconds,
        queueRequests + other.queueRequests);
  }

  Bill withQueueRequests(long requests) {
    return new Bill(invocations, gigabyteSeconds, requests);
  }

  double dollars() {
    return invocations * PER_INVOCATION
        + gigabyteSeconds * PER_GIGABYTE_SECOND
        + queueRequests * PER_QUEUE_REQUEST;
  }

  /** For a million steps, if this was paid for so many. */
  double perMillion(long steps) {
    return dollars() / steps * 1e6;
  }
}
