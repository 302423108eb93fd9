package dev.fanfare.work;

import java.time.Duration;

/**
 * The signs of life of one attempt: a byte that a script prints, a line of a log, a byte of a
 * response. Any thread may beat, as often as it likes.
 */
public final class Pulse {

  private volatile long last = System.nanoTime();

  /** A sign of life. */
  public void beat() {
    last = System.nanoTime();
  }

  /** How long there was none. */
  public Duration silence() {
    return Duration.ofNanos(Math.max(0, System.nanoTime() - last));
  }
}
