package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Retry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether and when a failed attempt is followed by another. */
final class Backoff {

  private static final double MILLIS = 1000;

  private Backoff() {}

  /** Whether the retry policy is for this kind of failure. */
  static boolean covers(Retry retry, ErrorInfo error) {
    return retry.except().stream().noneMatch(match -> matches(match, error))
        && (retry.on().isEmpty() || retry.on().stream().anyMatch(match -> matches(match, error)));
  }

  private static boolean matches(Retry.Match match, ErrorInfo error) {
    return switch (match) {
      case Retry.Match.Code code -> code.code().equals(error.code());
      case Retry.Match.ExitCode exit -> isNumber(error.details().get("exitCode"), exit.exitCode());
      case Retry.Match.HttpStatus http -> isNumber(error.details().get("status"), http.status());
    };
  }

  private static boolean isNumber(@Nullable Object value, int number) {
    return value instanceof Number actual && actual.longValue() == number;
  }

  /**
   * The delay after an attempt has failed.
   *
   * @param failed failed attempts so far, from 1
   * @param seed draws the jitter: the same seed and attempt give the same delay
   */
  static Duration delay(Retry retry, int failed, long seed) {
    double base = (double) retry.delay().toMillis();
    double grown =
        switch (retry.backoff()) {
          case FIXED -> base;
          case LINEAR -> base * failed;
          case EXPONENTIAL -> base * Math.pow(retry.factor(), failed - 1);
          case POWER -> MILLIS * Math.pow(base / MILLIS, Math.pow(retry.factor(), failed - 1));
        };
    double capped = Math.min(grown, (double) retry.maxDelay().toMillis());
    double taken = capped * retry.jitter() * draw(seed + failed);
    return Duration.ofMillis(Math.max(0, Math.round(capped - taken)));
  }

  /** A number in [0, 1) that looks random: SplitMix64's finaliser. */
  private static double draw(long seed) {
    long z = seed + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 11) * 0x1.0p-53;
  }
}
