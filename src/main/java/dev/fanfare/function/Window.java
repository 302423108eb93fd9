package dev.fanfare.function;

import dev.fanfare.engine.Event;
import java.time.Duration;
import java.util.Optional;

/**
 * How long an invocation of the step function may go on.
 *
 * @param start {@link System#nanoTime} at its begin
 * @param inPlace no step is begun in place after this long
 * @param end after this long every step has to have ended; empty if there is no limit
 */
record Window(long start, Duration inPlace, Optional<Duration> end) {

  /** Until when something has to have ended that begins now. */
  Optional<Duration> left() {
    return left(System.nanoTime());
  }

  /** How long a step may take that is done in place from now on; zero if there is none. */
  Duration room(long now) {
    return now - start < inPlace.toNanos()
        ? left(now).orElse(Event.Report.UNLIMITED)
        : Duration.ZERO;
  }

  private Optional<Duration> left(long now) {
    return end.map(limit -> limit.minusNanos(now - start));
  }
}
