package dev.fanfare.dsl;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How often a step is tried, and when again. */
public final class RetryOptions {

  /** How the delay grows. */
  public enum Backoff {
    FIXED,
    LINEAR,
    EXPONENTIAL
  }

  private static final List<String> WITH_PREDICATE =
      List.of("exception", "timed_out", "heartbeat_timed_out", "breaker_open");

  private final Map<String, Object> written = new LinkedHashMap<>();
  private @Nullable Predicate<Exception> on;

  RetryOptions() {}

  /** Executions at most, the first one among them. */
  public RetryOptions attempts(int attempts) {
    if (attempts < 1) {
      throw new FlowException("retry: attempts counts the first execution, so it is at least 1");
    }
    written.put("attempts", attempts);
    return this;
  }

  public RetryOptions delay(Duration delay) {
    written.put("delay", Durations.text(delay));
    return this;
  }

  public RetryOptions delay(String delay) {
    return delay(Durations.of(delay, "the delay of a retry"));
  }

  public RetryOptions backoff(Backoff backoff) {
    written.put("backoff", backoff.name().toLowerCase(Locale.ROOT));
    return this;
  }

  /** The factor of an exponential backoff; 2 unless it is said. */
  public RetryOptions multiplier(double factor) {
    written.put("factor", factor);
    return this;
  }

  public RetryOptions maxDelay(Duration delay) {
    written.put("maxDelay", Durations.text(delay));
    return this;
  }

  /** The share of each delay, 0 to 1, that is drawn and taken off. */
  public RetryOptions jitter(double share) {
    written.put("jitter", share);
    return this;
  }

  /** Whether an exception is worth another execution. A time that is up always is. */
  public RetryOptions retryOn(Predicate<Exception> predicate) {
    on = predicate;
    written.put("on", WITH_PREDICATE);
    return this;
  }

  Map<String, Object> written() {
    return written;
  }

  @Nullable Predicate<Exception> predicate() {
    return on;
  }
}
