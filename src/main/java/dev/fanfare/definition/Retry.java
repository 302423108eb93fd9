package dev.fanfare.definition;

import java.time.Duration;
import java.util.List;

/**
 * How often and when a failed attempt is followed by another.
 *
 * @param attempts attempts in total, 1 = no retry
 * @param delay before the second attempt
 * @param backoff how the delay grows
 * @param factor growth of an exponential delay, 2 when absent
 * @param maxDelay the delay never passes this
 * @param jitter share of the delay, 0 to 1, that is drawn at random and taken off
 * @param on failures worth another attempt; empty = any
 */
public record Retry(
    int attempts,
    Duration delay,
    Backoff backoff,
    double factor,
    Duration maxDelay,
    double jitter,
    List<Match> on) {

  /** One attempt and no other. */
  public static final Retry NONE =
      new Retry(1, Duration.ZERO, Backoff.FIXED, 2, Duration.ofHours(1), 0, List.of());

  public Retry {
    on = List.copyOf(on);
  }

  /** How the delay grows from attempt to attempt. */
  public enum Backoff {
    FIXED,
    LINEAR,
    EXPONENTIAL
  }

  /** A failure that is worth another attempt. */
  public sealed interface Match {
    /** By the error's code, such as {@code http_status} or {@code timed_out}. */
    record Code(String code) implements Match {}

    /** By exit code of a shell step. */
    record ExitCode(int exitCode) implements Match {}

    /** By status of an HTTP step. */
    record HttpStatus(int status) implements Match {}
  }
}
