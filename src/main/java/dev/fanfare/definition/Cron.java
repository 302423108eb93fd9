package dev.fanfare.definition;

import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cron schedule of five fields: minute, hour, day of month, month, day of week.
 *
 * <p>Each field is {@code *}, a value, a range, any of these with {@code /step} (a value with a
 * step reaches to the end of the field), or a list of them; months and days of the week also go by
 * their English names of three letters, and 0 and 7 are both Sunday. Where both days begin with
 * something else than {@code *}, either will do, as in Vixie's cron; otherwise both must match.
 *
 * @param minutes a bit for each minute that matches, and so on for the other fields
 * @param daysOfWeek bit 0 is Sunday
 * @param eitherDay whether a day that matches one of the two fields is enough
 */
public record Cron(
    long minutes, long hours, long daysOfMonth, long months, long daysOfWeek, boolean eitherDay) {

  private static final long EVERY_HOUR = (1L << 24) - 1;

  /** Every combination of a day of a month and a day of the week comes within these years. */
  private static final int YEARS = 50;

  private static final LocalDateTime ANY_DAY = LocalDateTime.of(2000, 1, 1, 0, 0);

  private record Field(String title, int min, int max, List<String> names) {}

  private static final List<Field> FIELDS =
      List.of(
          new Field("minute", 0, 59, List.of()),
          new Field("hour", 0, 23, List.of()),
          new Field("day of month", 1, 31, List.of()),
          new Field(
              "month",
              1,
              12,
              List.of(
                  "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                  "dec")),
          new Field("day of week", 0, 7, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat")));

  /**
   * A text that was read: the schedule, or what is wrong with it.
   *
   * @param problem empty where there is a schedule
   */
  public record Read(Optional<Cron> cron, String problem) {
    private static Read wrong(String problem) {
      return new Read(Optional.empty(), problem);
    }
  }

  /** Reads a schedule; never throws. */
  public static Read read(String written) {
    List<String> fields = List.of(written.strip().split("\\s+"));
    if (fields.size() != FIELDS.size()) {
      return Read.wrong("it has " + fields.size() + " fields, five are needed");
    }
    long[] bits = new long[FIELDS.size()];
    for (int i = 0; i < bits.length; i++) {
      Field field = FIELDS.get(i);
      for (String part : fields.get(i).split(",", -1)) {
        long matched = bits(part, field);
        if (matched == 0) {
          return Read.wrong("its " + field.title() + " cannot be '" + part + "'");
        }
        bits[i] |= matched;
      }
    }
    long weekdays = (bits[4] | bits[4] >>> 7) & 0x7F;
    boolean either = !fields.get(2).startsWith("*") && !fields.get(4).startsWith("*");
    Cron cron = new Cron(bits[0], bits[1], bits[2], bits[3], weekdays, either);
    return cron.next(ANY_DAY) == null
        ? Read.wrong("its day never comes")
        : new Read(Optional.of(cron), "");
  }

  /** The values that a part of a field matches; 0 where it is wrong. */
  private static long bits(String part, Field field) {
    String[] stepped = part.split("/", -1);
    if (stepped.length > 2) {
      return 0;
    }
    int step = stepped.length == 2 ? step(stepped[1], field) : 1;
    int from = field.min();
    int to = field.max();
    if (!stepped[0].equals("*")) {
      String[] range = stepped[0].split("-", -1);
      from = value(range[0], field);
      boolean open = range.length == 1 && stepped.length == 2;
      to = open ? field.max() : value(range[range.length - 1], field);
      if (range.length > 2) {
        return 0;
      }
    }
    if (step < 1 || from < 0 || to < from) {
      return 0;
    }
    long bits = 0;
    for (int value = from; value <= to; value += step) {
      bits |= 1L << value;
    }
    return bits;
  }

  private static int step(String step, Field field) {
    return step.matches("[0-9]{1,2}") && Integer.parseInt(step) <= field.max()
        ? Integer.parseInt(step)
        : -1;
  }

  /** The number a word of a field stands for, -1 where it stands for none. */
  private static int value(String word, Field field) {
    int named = field.names().indexOf(word.toLowerCase(Locale.ROOT));
    if (named >= 0) {
      return named + field.min();
    }
    if (!word.matches("[0-9]{1,2}")) {
      return -1;
    }
    int value = Integer.parseInt(word);
    return value >= field.min() && value <= field.max() ? value : -1;
  }

  /** Whether it comes in every hour of the days it comes on: a frequency rather than a time. */
  public boolean isHourly() {
    return hours == EVERY_HOUR;
  }

  public boolean matches(LocalDateTime time) {
    return has(minutes, time.getMinute()) && has(hours, time.getHour()) && matchesDay(time);
  }

  private boolean matchesDay(LocalDateTime day) {
    boolean ofMonth = has(daysOfMonth, day.getDayOfMonth());
    boolean ofWeek = has(daysOfWeek, day.getDayOfWeek().getValue() % 7);
    return has(months, day.getMonthValue()) && (eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek);
  }

  /** The first whole minute at or after a local time that matches; null if there is none. */
  public @Nullable LocalDateTime next(LocalDateTime from) {
    LocalDateTime minute = from.truncatedTo(ChronoUnit.MINUTES);
    LocalDateTime at = minute.isBefore(from) ? minute.plusMinutes(1) : minute;
    LocalDateTime last = at.plusYears(YEARS);
    while (at.isBefore(last)) {
      if (!has(months, at.getMonthValue())) {
        at = YearMonth.from(at).plusMonths(1).atDay(1).atStartOfDay();
      } else if (!matchesDay(at)) {
        at = at.toLocalDate().plusDays(1).atStartOfDay();
      } else if (!has(hours, at.getHour())) {
        at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1);
      } else if (!has(minutes, at.getMinute())) {
        at = at.plusMinutes(1);
      } else {
        return at;
      }
    }
    return null;
  }

  private static boolean has(long bits, int value) {
    return (bits >>> value & 1) == 1;
  }
}
