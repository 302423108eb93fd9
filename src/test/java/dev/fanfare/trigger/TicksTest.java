package dev.fanfare.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Cron;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicksTest {

  private static Cron cron(String text) {
    return Cron.read(text).cron().orElseThrow(() -> new AssertionError(text));
  }

  private static Ticks ticks(String cron, String zone) {
    return new Ticks(cron(cron), ZoneId.of(zone));
  }

  /** The ticks from a moment on, up to another one, as local times with their offsets. */
  private static String between(String cron, String zone, String from, String to) {
    Ticks ticks = ticks(cron, zone);
    List<String> found = new ArrayList<>();
    Instant end = OffsetDateTime.parse(to).toInstant();
    Instant at = ticks.next(OffsetDateTime.parse(from).toInstant().minusNanos(1));
    while (!at.isAfter(end)) {
      String local = at.atZone(ZoneId.of(zone)).toOffsetDateTime().toString();
      found.add(local.substring(local.indexOf('-', 5) + 1));
      at = ticks.next(at);
    }
    return String.join(" ", found);
  }

  /** The day of the gap: a missing time comes at the first moment after it, and only once. */
  @ParameterizedTest
  @CsvSource({
    // 02:00 becomes 03:00
    "Europe/Berlin, 30 2 * * *, 2026-03-28T12:00+01:00, 2026-03-30T12:00+02:00,"
        + " 29T03:00+02:00 30T02:30+02:00",
    "Europe/Berlin, '0,30 2 * * *', 2026-03-29T00:00+01:00, 2026-03-29T12:00+02:00, 29T03:00+02:00",
    "Europe/Berlin, 0 2-4 * * *, 2026-03-29T00:00+01:00, 2026-03-29T12:00+02:00,"
        + " 29T03:00+02:00 29T04:00+02:00",
    "Europe/Berlin, */30 1-3 * * *, 2026-03-29T00:00+01:00, 2026-03-29T12:00+02:00,"
        + " 29T01:00+01:00 29T01:30+01:00 29T03:00+02:00 29T03:30+02:00",
    // 02:00 becomes 03:00
    "America/New_York, 15 2 * * *, 2026-03-08T00:00-05:00, 2026-03-09T12:00-04:00,"
        + " 08T03:00-04:00 09T02:15-04:00",
    // 02:00 becomes 02:30
    "Australia/Lord_Howe, 10 2 * * *, 2026-10-04T00:00+10:30, 2026-10-05T12:00+11:00,"
        + " 04T02:30+11:00 05T02:10+11:00",
    "Australia/Lord_Howe, 45 2 * * *, 2026-10-04T00:00+10:30, 2026-10-04T12:00+11:00,"
        + " 04T02:45+11:00",
    // 00:00 becomes 01:00, so this day has no midnight
    "America/Sao_Paulo, 0 0 * * *, 2018-11-03T00:00-03:00, 2018-11-05T12:00-02:00,"
        + " 03T00:00-03:00 04T01:00-02:00 05T00:00-02:00",
    "Africa/Cairo, 0 0 * * 5, 2025-04-20T00:00+02:00, 2025-05-02T12:00+03:00,"
        + " 25T01:00+03:00 02T00:00+03:00",
    // 02:00 becomes 03:00, in September
    "Pacific/Auckland, 59 2 * * *, 2026-09-27T00:00+12:00, 2026-09-27T12:00+13:00,"
        + " 27T03:00+13:00",
    // a day that never was
    "Pacific/Apia, 0 12 * * *, 2011-12-29T00:00-10:00, 2011-12-31T13:00+14:00,"
        + " 29T12:00-10:00 31T00:00+14:00 31T12:00+14:00"
  })
  void a_time_that_does_not_exist_comes_at_the_first_moment_after_it(
      String zone, String cron, String from, String to, String expected) {
    assertEquals(expected, between(cron, zone, from, to));
  }

  /** The day of the doubled hour: a time comes the first time it exists, and only then. */
  @ParameterizedTest
  @CsvSource({
    // 03:00 becomes 02:00
    "Europe/Berlin, 30 2 * * *, 2026-10-25T00:00+02:00, 2026-10-26T12:00+01:00,"
        + " 25T02:30+02:00 26T02:30+01:00",
    "Europe/Berlin, '*/30 2,3 * * *', 2026-10-25T00:00+02:00, 2026-10-25T12:00+01:00,"
        + " 25T02:00+02:00 25T02:30+02:00 25T03:00+01:00 25T03:30+01:00",
    // 02:00 becomes 01:00
    "America/New_York, 59 1 * * *, 2026-11-01T00:00-04:00, 2026-11-02T12:00-05:00,"
        + " 01T01:59-04:00 02T01:59-05:00",
    // 02:00 becomes 01:30
    "Australia/Lord_Howe, '0,45 1 * * *', 2026-04-05T00:00+11:00, 2026-04-05T12:00+10:30,"
        + " 05T01:00+11:00 05T01:45+11:00",
    // 00:00 becomes 23:00 of the day before
    "America/Sao_Paulo, 30 23 * * *, 2018-02-17T12:00-02:00, 2018-02-18T12:00-03:00,"
        + " 17T23:30-02:00",
    "Africa/Cairo, 0 */12 * * *, 2025-10-30T13:00+03:00, 2025-10-31T13:00+02:00,"
        + " 31T00:00+02:00 31T12:00+02:00",
    // 03:00 becomes 02:00, in April
    "Pacific/Auckland, 0 2 * * 0, 2026-04-04T12:00+13:00, 2026-04-05T12:00+12:00, 05T02:00+13:00"
  })
  void a_time_that_exists_twice_comes_the_first_time(
      String zone, String cron, String from, String to, String expected) {
    assertEquals(expected, between(cron, zone, from, to));
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026-10-25T00:00+02:00, 25",
    "Europe/Berlin, 2026-03-29T00:00+01:00, 23",
    "America/New_York, 2026-11-01T00:00-04:00, 25",
    "America/New_York, 2026-03-08T00:00-05:00, 23",
    "America/Sao_Paulo, 2018-02-17T00:00-02:00, 25",
    "America/Sao_Paulo, 2018-11-04T01:00-02:00, 23",
    "Pacific/Auckland, 2026-04-05T00:00+13:00, 25",
    "Pacific/Auckland, 2026-09-27T00:00+12:00, 23"
  })
  void a_schedule_of_every_hour_goes_by_the_time_that_passes(String zone, String from, int hours) {
    Ticks ticks = ticks("10 * * * *", zone);
    Instant start = OffsetDateTime.parse(from).toInstant();
    Instant end = start.plus(Duration.ofHours(hours));
    int found = 0;
    for (Instant at = ticks.next(start); at.isBefore(end); at = ticks.next(at)) {
      assertEquals(start.plus(Duration.ofMinutes(10 + 60L * found)), at);
      found++;
    }
    assertEquals(hours, found);
  }

  @Test
  void every_ten_minutes_of_half_an_hour_that_comes_twice() {
    assertEquals(
        "05T01:20+11:00 05T01:40+11:00 05T01:40+10:30 05T02:00+10:30",
        between(
            "*/20 * * * *",
            "Australia/Lord_Howe",
            "2026-04-05T01:20+11:00",
            "2026-04-05T02:00+10:30"));
  }

  @Test
  void the_days_of_the_month_and_of_the_week_are_alternatives_where_both_are_written() {
    assertEquals(
        "03T00:00Z 10T00:00Z 13T00:00Z 17T00:00Z",
        between("0 0 13 * fri", "UTC", "2026-07-01T00:00Z", "2026-07-20T00:00Z"));
    assertEquals(
        "01T00:00Z",
        between("0 0 */31 * wed", "UTC", "2026-07-01T00:00Z", "2026-08-30T00:00Z"),
        "one of them begins with *: both must match");
  }

  @ParameterizedTest
  @CsvSource({
    "0 0 29 2 *, 2096-03-01T00:00Z, 2104-02-29T00:00Z",
    "20/15 4 * * *, 2026-01-01T04:35Z, 2026-01-01T04:50Z",
    "0 0 * * 7, 2026-01-01T00:00Z, 2026-01-04T00:00Z",
    "0 0 * * 0-6/3, 2026-01-01T00:00Z, 2026-01-03T00:00Z",
    "0 0 1 Jan-Mar/2 *, 2026-01-01T00:00Z, 2026-03-01T00:00Z",
    "'5,10-12 0 * * *', 2026-01-01T00:05Z, 2026-01-01T00:10Z"
  })
  void fields_are_values_ranges_lists_steps_and_names(String cron, String after, String next) {
    assertEquals(
        OffsetDateTime.parse(next).toInstant(),
        ticks(cron, "UTC").next(OffsetDateTime.parse(after).toInstant()));
  }

  @ParameterizedTest
  @CsvSource({
    "0 0 * *, it has 4 fields",
    "@daily, it has 1 fields",
    "60 0 * * *, its minute cannot be '60'",
    "0 24 * * *, its hour cannot be '24'",
    "0 0 0 * *, its day of month cannot be '0'",
    "0 0 * 13 *, its month cannot be '13'",
    "0 0 * * 8, its day of week cannot be '8'",
    "0 5-3 * * *, its hour cannot be '5-3'",
    "*/0 * * * *, its minute cannot be '*/0'",
    "1-2-3 * * * *, its minute cannot be '1-2-3'",
    "'1,, * * * *', its minute cannot be ''",
    "0 0 30 2 *, its day never comes",
    "'0 0 31 2,4,6,9,11 *', its day never comes",
    "0 0 L * *, its day of month cannot be 'L'"
  })
  void what_is_no_schedule_is_said(String cron, String why) {
    String problem = Cron.read(cron).problem();
    assertTrue(problem.startsWith(why), problem);
  }

  @Test
  void the_tick_before_a_moment_is_found() {
    Ticks yearly = ticks("0 3 29 2 *", "UTC");
    assertEquals(
        Optional.of(Instant.parse("2024-02-29T03:00:00Z")),
        yearly.previous(Instant.parse("2028-02-29T03:00:00Z")));
    Ticks busy = ticks("* * * 1 *", "UTC");
    assertEquals(
        Optional.of(Instant.parse("2026-01-31T23:59:00Z")),
        busy.previous(Instant.parse("2027-01-01T00:00:00Z")));
    Ticks nightly = ticks("30 2 * * *", "Europe/Berlin");
    assertEquals(
        Optional.of(Instant.parse("2026-03-29T01:00:00Z")),
        nightly.previous(Instant.parse("2026-03-30T00:30:00Z")));
  }

  private static final List<String> ZONES =
      List.of(
          "Europe/Berlin",
          "America/New_York",
          "Australia/Lord_Howe",
          "America/Sao_Paulo",
          "Pacific/Auckland",
          "Africa/Cairo",
          "Asia/Kolkata",
          "UTC");

  /**
   * Random schedules over the days around the changes of the clock: ticks strictly increase, each
   * is a time that the fields name, and no time is left out.
   */
  @Test
  void ticks_increase_match_and_leave_nothing_out() {
    Random random = new Random(20_260_329);
    for (int round = 0; round < 300; round++) {
      String zoneName = ZONES.get(random.nextInt(ZONES.size()));
      ZoneId zone = ZoneId.of(zoneName);
      Cron cron = cron(draw(random));
      Instant change =
          Optional.ofNullable(
                  zone.getRules()
                      .nextTransition(
                          Instant.parse("2016-01-01T00:00:00Z")
                              .plusSeconds(random.nextInt(3 * 365 * 86_400))))
              .map(ZoneOffsetTransition::getInstant)
              .orElse(Instant.parse("2017-06-01T00:00:00Z"));
      Instant from = change.minus(Duration.ofHours(30)).minusSeconds(random.nextInt(3_600));
      Instant to = change.plus(Duration.ofHours(30));
      String what = cron + " in " + zone + " from " + from;
      Set<Instant> expected = expected(cron, zone, from, to);
      List<Instant> found = new ArrayList<>();
      Ticks ticks = new Ticks(cron, zone);
      for (Instant at = ticks.next(from); at.isBefore(to); at = ticks.next(at)) {
        assertTrue(found.isEmpty() || at.isAfter(found.getLast()), what);
        if (!found.isEmpty()) {
          assertEquals(Optional.of(found.getLast()), ticks.previous(at), what);
        }
        found.add(at);
      }
      assertEquals(List.copyOf(expected), found, what);
    }
  }

  /** The same by walking minute after minute. */
  private static Set<Instant> expected(Cron cron, ZoneId zone, Instant from, Instant to) {
    Set<Instant> expected = new TreeSet<>();
    if (cron.isHourly()) {
      Instant minute = from.minusSeconds(from.getEpochSecond() % 60);
      for (Instant at = minute; at.isBefore(to); at = at.plusSeconds(60)) {
        if (at.isAfter(from) && cron.matches(at.atZone(zone).toLocalDateTime())) {
          expected.add(at);
        }
      }
      return expected;
    }
    LocalDateTime start = from.atZone(zone).toLocalDateTime().minusDays(1);
    LocalDateTime last = to.atZone(zone).toLocalDateTime().plusDays(1);
    LocalDateTime local = start.withSecond(0).withNano(0);
    for (; local.isBefore(last); local = local.plusMinutes(1)) {
      if (cron.matches(local)) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        boolean gap = change != null && change.isGap();
        Instant at =
            gap ? change.getInstant() : local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
        if (at.isAfter(from) && at.isBefore(to)) {
          expected.add(at);
        }
      }
    }
    return expected;
  }

  private static String draw(Random random) {
    String minute =
        switch (random.nextInt(4)) {
          case 0 -> "*/" + (1 + random.nextInt(30));
          case 1 -> random.nextInt(60) + "," + random.nextInt(60);
          case 2 -> random.nextInt(60) + "/7";
          default -> String.valueOf(random.nextInt(60));
        };
    String hour =
        switch (random.nextInt(4)) {
          case 0 -> "*";
          case 1 -> "*/" + (1 + random.nextInt(6));
          case 2 -> random.nextInt(4) + "-" + (4 + random.nextInt(20));
          default -> String.valueOf(random.nextInt(24));
        };
    String day = random.nextInt(3) == 0 ? "1-31/" + (1 + random.nextInt(3)) : "*";
    String weekday = random.nextInt(3) == 0 ? "sun," + random.nextInt(8) : "*";
    return minute + " " + hour + " " + day + " * " + weekday;
  }

  @Test
  void the_fields_match_what_they_yield() {
    assertTrue(cron("0 3 * * mon").matches(LocalDateTime.of(2026, 7, 13, 3, 0)));
    assertFalse(cron("0 3 * * mon").matches(LocalDateTime.of(2026, 7, 14, 3, 0)));
  }
}
