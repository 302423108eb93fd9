package dev.fanfare.definition;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as a person writes them.
 *
 * <p>{@code 250ms}, {@code 30s}, {@code 15m}, {@code 24h}, {@code 7d}; combined from the largest
 * unit to the smallest, {@code 1h30m} or {@code 1h 30m}; decimals, {@code 1.5h}; a bare number
 * means seconds; ISO 8601, {@code PT30S}. Never negative.
 */
public final class DurationText {

  /** The longest duration: 100 years of 365 days. */
  public static final Duration MAX = Duration.ofDays(36_500);

  private static final int MAX_LENGTH = 64;
  private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?)";
  private static final Pattern UNITS =
      Pattern.compile(
          String.format(
              "(?:%1$s *d *)?(?:%1$s *h *)?(?:%1$s *m(?!s) *)?(?:%1$s *s *)?(?:%1$s *ms)?",
              NUMBER));
  private static final Pattern BARE = Pattern.compile(NUMBER);
  private static final List<BigDecimal> MILLIS =
      List.of(
          BigDecimal.valueOf(86_400_000),
          BigDecimal.valueOf(3_600_000),
          BigDecimal.valueOf(60_000),
          BigDecimal.valueOf(1000),
          BigDecimal.ONE);

  private DurationText() {}

  /**
   * The duration a text stands for; empty where it stands for none or for more than {@link #MAX}.
   */
  public static Optional<Duration> parse(String written) {
    String text = written.strip();
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    if (text.startsWith("P")) {
      return iso(text);
    }
    Matcher bare = BARE.matcher(text);
    if (bare.matches()) {
      return bounded(new BigDecimal(text).multiply(BigDecimal.valueOf(1000)));
    }
    Matcher units = UNITS.matcher(text);
    if (!units.matches()) {
      return Optional.empty();
    }
    BigDecimal millis = BigDecimal.ZERO;
    for (int i = 0; i < MILLIS.size(); i++) {
      String number = units.group(i + 1);
      if (number != null) {
        millis = millis.add(new BigDecimal(number).multiply(MILLIS.get(i)));
      }
    }
    return bounded(millis);
  }

  private static Optional<Duration> iso(String text) {
    try {
      Duration duration = Duration.parse(text);
      return duration.isNegative() || duration.compareTo(MAX) > 0
          ? Optional.empty()
          : Optional.of(duration);
    } catch (DateTimeParseException notIso) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> bounded(BigDecimal millis) {
    return millis.compareTo(BigDecimal.valueOf(MAX.toMillis())) > 0
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(millis.longValue()));
  }
}
