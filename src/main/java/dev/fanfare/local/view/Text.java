package dev.fanfare.local.view;

import dev.fanfare.function.ReasonText;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Small pieces of text that the views share. */
final class Text {

  private static final long MINUTE_MS = 60_000;
  private static final long HOUR_MS = 60 * MINUTE_MS;

  private Text() {}

  /** A length of time as people say it: {@code 40ms}, {@code 1.2s}, {@code 3m 05s}. */
  static String duration(Duration duration) {
    long ms = Math.max(0, duration.toMillis());
    if (ms < 1_000) {
      return ms + "ms";
    }
    if (ms < MINUTE_MS) {
      return String.format(Locale.ROOT, "%.1fs", Math.floor(ms / 100.0) / 10);
    }
    if (ms < HOUR_MS) {
      return String.format(Locale.ROOT, "%dm %02ds", ms / MINUTE_MS, ms % MINUTE_MS / 1_000);
    }
    return String.format(Locale.ROOT, "%dh %02dm", ms / HOUR_MS, ms % HOUR_MS / MINUTE_MS);
  }

  /** An entry as text; empty where it is missing or null. */
  static String of(Map<?, ?> map, String key) {
    Object value = map.get(key);
    return value == null ? "" : Style.harmless(value.toString());
  }

  static Optional<Instant> instant(@Nullable Object value) {
    try {
      return switch (value) {
        case null -> Optional.empty();
        case Instant instant -> Optional.of(instant);
        default -> Optional.of(Instant.parse(value.toString()));
      };
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** A reason or an error as one sentence: text, or a record with a message or a code. */
  static String sentence(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Map<?, ?> record -> Style.harmless(ReasonText.of(record));
      default -> Style.harmless(value.toString());
    };
  }

  /** A text of at most so many characters, its end marked where it was cut. */
  static String cut(String text, int limit) {
    int[] points = text.codePoints().toArray();
    if (points.length <= limit) {
      return text;
    }
    return new String(points, 0, Math.max(0, limit - 1)) + "…";
  }

  static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.codePointCount(0, text.length())));
  }

  /**
   * The step whose instance this is: {@code outer[1].unit} of {@code outer[1].unit[2]}; or empty.
   */
  static Optional<String> fanAround(String step) {
    return step.endsWith("]")
        ? Optional.of(step.substring(0, step.lastIndexOf('[')))
        : Optional.empty();
  }

  /** The step that an instance belongs to: {@code unit} of {@code unit[2].build}; or empty. */
  static Optional<String> fanOf(String step) {
    int bracket = step.indexOf('[');
    return bracket > 0 ? Optional.of(step.substring(0, bracket)) : Optional.empty();
  }
}
