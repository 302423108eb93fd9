package dev.fanfare.definition;

import java.time.Duration;
import java.util.List;

/**
 * How often and when a failed attempt is followed by another.
 *
 * @param attempts attempts in total, 1 = no retry
 * @param delay before the second attempt
 * @param backoff how the delay grows
 * @param factor growth of an exponential delay, exponent of a power; 2 when absent
 * @param maxDelay the delay never passes this
 * @param jitter share of the delay, 0 to 1, that is drawn at random and taken off
 * @param on failures worth another attempt; empty = any
 * @param except failures never worth another attempt, whatever {@code on} says
 */
public record Retry(
    int attempts,
    Duration delay,
    Backoff backoff,
    double factor,
    Duration maxDelay,
    double jitter,
    List<Match> on,
    List<Match> except) {

  /** One attempt and no other. */
  public static final Retry NONE =
      new Retry(1, Duration.ZERO, Backoff.FIXED, 2, Duration.ofHours(1), 0, List.of(), List.of());

  public Retry {
    on = List.copyOf(on);
    except = List.copyOf(except);
  }

  /** So many attempts in total with the same delay between them, after any failure. */
  public static Retry of(int attempts, Duration delay) {
    return new Retry(
        attempts,
        delay,
        NONE.backoff,
        NONE.factor,
        NONE.maxDelay,
        NONE.jitter,
        NONE.on,
        NONE.except);
  }

  /** The same with delays that grow, up to {@code maxDelay}. */
  public Retry growing(Backoff backoff, double factor, Duration maxDelay) {
    return new Retry(attempts, delay, backoff, factor, maxDelay, jitter, on, except);
  }

  /** The same for some failures only. */
  public Retry only(List<Match> on, List<Match> except) {
    return new Retry(attempts, delay, backoff, factor, maxDelay, jitter, on, except);
  }

  /** How the delay grows from attempt to attempt. */
  public enum Backoff {
    FIXED,
    LINEAR,
    EXPONENTIAL,
    /** Each delay is the one before it, in seconds, to the power of the factor. */
    POWER
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
