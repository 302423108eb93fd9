package dev.fanfare.dsl;

import dev.fanfare.definition.DurationText;
import java.time.Duration;

/** Durations as a person writes them, and as a file has them. */
final class Durations {

  private Durations() {}

  static Duration of(String text, String what) {
    return DurationText.parse(text)
        .orElseThrow(
            () ->
                new FlowException(
                    "%s cannot be '%s': write 250ms, 30s, 15m, 24h or 7d".formatted(what, text)));
  }

  static String text(Duration duration) {
    if (duration.isNegative()) {
      throw new FlowException("a duration cannot be negative: " + duration);
    }
    return duration.toMillis() + "ms";
  }
}
