package dev.fanfare.engine;

import dev.fanfare.definition.DurationText;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations as values of expressions: {@code "1h30m"}, or a number of seconds. */
final class Durations {

  private Durations() {}

  /**
   * The duration a value stands for.
   *
   * @throws IllegalArgumentException if it stands for none; the message says so to a person
   */
  static Duration of(@Nullable Object value) {
    String text =
        switch (value) {
          case Long seconds -> seconds.toString();
          case Double seconds when Double.isFinite(seconds) ->
              BigDecimal.valueOf(seconds).toPlainString();
          case String written -> written;
          case null -> "null";
          default -> String.valueOf(value);
        };
    return DurationText.parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    (value instanceof String ? "'" + text + "'" : text)
                        + " is not a duration; write 500ms, 30s, 15m, 24h, 7d or a number of"
                        + " seconds"));
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
