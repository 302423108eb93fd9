package dev.fanfare.testing.lambda;

import java.time.Duration;

/**
 * How much faster than on AWS time passes where AWS waits.
 *
 * @param retries between attempts of an asynchronous event, and before throttled ones are tried
 *     again
 * @param queues delays and visibility timeouts of SQS
 */
public record Pace(double retries, double queues) {

  /** Retries within a second or two, queues to the second. */
  public static final Pace TEST = new Pace(60, 1);

  Duration retry(Duration onAws) {
    return divided(onAws, retries);
  }

  Duration queue(Duration onAws) {
    return divided(onAws, queues);
  }

  private static Duration divided(Duration time, double by) {
    return Duration.ofNanos((long) (time.toNanos() / by));
  }
}
