package dev.fanfare.definition;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a step may take.
 *
 * @param attempt one attempt, from its begin
 * @param total all attempts and the delays between them, from the first dispatch
 * @param queue from ready to begun
 * @param heartbeat between two signs of life
 */
public record Timeouts(
    Optional<Duration> attempt,
    Optional<Duration> total,
    Optional<Duration> queue,
    Optional<Duration> heartbeat) {

  /** No limit but the run's. */
  public static final Timeouts NONE =
      new Timeouts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
