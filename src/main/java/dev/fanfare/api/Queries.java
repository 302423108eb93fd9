package dev.fanfare.api;

import dev.fanfare.definition.DurationText;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values of query parameters, strictly read. */
final class Queries {

  /** Longest time that a request may wait. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private Queries() {}

  /** A whole number between two bounds. */
  static long number(String name, @Nullable String text, long otherwise, long least, long most) {
    if (text == null) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw ApiException.badRequest(
        "'"
            + name
            + "' must be a whole number from "
            + least
            + (most == Long.MAX_VALUE ? "" : " to " + most)
            + ", not '"
            + text
            + "'");
  }

  /** A time to wait: {@code 30s}, or a number of seconds; zero where none is given. */
  static Duration patience(@Nullable String text) {
    if (text == null) {
      return Duration.ZERO;
    }
    String written = text.matches("[0-9]+") ? text + "s" : text;
    Optional<Duration> wait = DurationText.parse(written);
    if (wait.isEmpty() || wait.get().compareTo(LONGEST_WAIT) > 0) {
      throw ApiException.badRequest(
          "'wait' must be a duration of at most 60s, such as 30s, not '" + text + "'");
    }
    return wait.get();
  }

  /** One of some values; empty where none is given. */
  static Optional<String> known(String name, @Nullable String value, Set<String> values) {
    if (value != null && !values.contains(value)) {
      throw ApiException.badRequest(
          "'"
              + name
              + "' must be one of "
              + values.stream().sorted().collect(Collectors.joining(", "))
              + ", not '"
              + value
              + "'");
    }
    return Optional.ofNullable(value);
  }
}
