package dev.fanfare.engine;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as values of expressions: {@code "1h30m"}, or a number of seconds. */
final class Durations {

  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)");

  /** Nothing waits longer than this: ten years. */
  private static final Duration MAX = Duration.ofDays(3660);

  private Durations() {}

  /**
   * The duration a value stands for.
   *
   * @throws IllegalArgumentException if it stands for none; the message says so to a person
   */
  static Duration of(@Nullable Object value) {
    Duration duration =
        switch (value) {
          case Long seconds -> Duration.ofMillis(saturated(seconds * 1_000.0));
          case Double seconds -> Duration.ofMillis(saturated(seconds * 1_000));
          case String text -> parse(text.strip());
          case null -> throw notADuration("null");
          default -> throw notADuration(String.valueOf(value));
        };
    if (duration.isNegative()) {
      throw notADuration(String.valueOf(value));
    }
    return duration;
  }

  private static Duration parse(String text) {
    if (text.matches("\\d+(\\.\\d+)?")) {
      return Duration.ofMillis(saturated(Double.parseDouble(text) * 1_000));
    }
    Matcher part = PART.matcher(text);
    double millis = 0;
    int end = 0;
    while (part.find() && part.start() == end) {
      millis += Double.parseDouble(part.group(1)) * unit(part.group(2));
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw notADuration("'" + text + "'");
    }
    return Duration.ofMillis(saturated(millis));
  }

  private static double unit(String name) {
    return switch (name) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      default -> 86_400_000;
    };
  }

  private static long saturated(double millis) {
    return (long) Math.min(millis, MAX.toMillis());
  }

  private static IllegalArgumentException notADuration(String value) {
    return new IllegalArgumentException(
        value + " is not a duration; write 500ms, 30s, 15m, 24h, 7d or a number of seconds");
  }

  /** As a person writes it: {@code 1h30m}. */
  static String text(Duration duration) {
    if (duration.toMillis() % 1_000 != 0 || duration.isZero()) {
      return duration.toMillis() + "ms";
    }
    StringBuilder text = new StringBuilder();
    append(text, duration.toDaysPart(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    return text.toString();
  }

  private static void append(StringBuilder text, long amount, String unit) {
    if (amount > 0) {
      text.append(amount).append(unit);
    }
  }
}
