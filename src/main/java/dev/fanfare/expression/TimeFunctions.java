package dev.fanfare.expression;

import static dev.fanfare.expression.Kind.DURATION;
import static dev.fanfare.expression.Kind.INT;
import static dev.fanfare.expression.Kind.STRING;
import static dev.fanfare.expression.Kind.TIMESTAMP;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Timestamps and durations. There is no function for the current time. */
final class TimeFunctions {

  private static final Pattern PART =
      Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)(ns|us|ms|s|m|h)");

  private TimeFunctions() {}

  static void addTo(Functions to) {
    to.add("timestamp", List.of(STRING), TIMESTAMP, a -> instant(a.text(0)));
    to.add("timestamp", List.of(TIMESTAMP), TIMESTAMP, a -> a.any(0));
    to.add(
        "timestamp",
        List.of(INT),
        TIMESTAMP,
        a -> Operators.exact(() -> Instant.ofEpochSecond(a.whole(0))));
    to.add("duration", List.of(STRING), DURATION, a -> duration(a.text(0)));
    to.add("duration", List.of(DURATION), DURATION, a -> a.any(0));
    calendar(to, ".getFullYear", ZonedDateTime::getYear);
    calendar(to, ".getMonth", time -> time.getMonthValue() - 1L);
    calendar(to, ".getDate", ZonedDateTime::getDayOfMonth);
    calendar(to, ".getDayOfMonth", time -> time.getDayOfMonth() - 1L);
    calendar(to, ".getDayOfYear", time -> time.getDayOfYear() - 1L);
    calendar(to, ".getDayOfWeek", time -> time.getDayOfWeek().getValue() % 7L);
    calendar(to, ".getHours", ZonedDateTime::getHour);
    calendar(to, ".getMinutes", ZonedDateTime::getMinute);
    calendar(to, ".getSeconds", ZonedDateTime::getSecond);
    calendar(to, ".getMilliseconds", time -> time.getNano() / 1_000_000L);
    to.add(".getHours", List.of(DURATION), INT, a -> a.duration(0).toHours());
    to.add(".getMinutes", List.of(DURATION), INT, a -> a.duration(0).toMinutes());
    to.add(".getSeconds", List.of(DURATION), INT, a -> a.duration(0).toSeconds());
    to.add(".getMilliseconds", List.of(DURATION), INT, a -> a.duration(0).toMillis());
  }

  private static void calendar(Functions to, String name, ToLongFunction<ZonedDateTime> field) {
    to.add(
        name, List.of(TIMESTAMP), INT, a -> field.applyAsLong(a.instant(0).atZone(ZoneOffset.UTC)));
    to.add(
        name,
        List.of(TIMESTAMP, STRING),
        INT,
        a -> field.applyAsLong(a.instant(0).atZone(zone(a.text(1)))));
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw Failure.of(
          "there is no such time zone; write one such as \"Europe/Berlin\" or \"+02:00\"");
    }
  }

  private static Object instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw Failure.of("the text is not a timestamp such as 2026-01-31T12:00:00Z");
    }
  }

  private static Object duration(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative ? text.substring(1) : text;
    Matcher part = PART.matcher(rest);
    Duration total = Duration.ZERO;
    int end = 0;
    while (end < rest.length() && part.find(end) && part.start() == end) {
      total = total.plus(unit(part.group(1), part.group(2)));
      end = part.end();
    }
    if (rest.isEmpty() || end != rest.length() || rest.length() > 100) {
      throw Failure.of("the text is not a duration such as 1h30m, 15s or 250ms");
    }
    return negative ? total.negated() : total;
  }

  private static Duration unit(String amount, String unit) {
    long nanos =
        switch (unit) {
          case "ns" -> 1L;
          case "us" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          default -> 3_600_000_000_000L;
        };
    java.math.BigDecimal total =
        new java.math.BigDecimal(amount).multiply(java.math.BigDecimal.valueOf(nanos));
    java.math.BigDecimal[] parts =
        total.divideAndRemainder(java.math.BigDecimal.valueOf(1_000_000_000L));
    return Duration.ofSeconds(parts[0].longValue(), parts[1].longValue());
  }
}
