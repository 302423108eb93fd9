package dev.fanfare.pipeline;

import java.time.Duration;

/**
 * Delays as Vert.x takes them. In the application Mutiny's timers are those of Vert.x, which
 * refuses a delay of less than a millisecond: the exception ends in its log, and what waits for the
 * timer waits forever.
 */
public final class TimerDelay {

  private static final Duration SHORTEST = Duration.ofMillis(1);

  private TimerDelay() {}

  /** The delay, or a millisecond where it is shorter, nothing or negative. */
  public static Duration of(Duration delay) {
    return delay.compareTo(SHORTEST) < 0 ? SHORTEST : delay;
  }
}
