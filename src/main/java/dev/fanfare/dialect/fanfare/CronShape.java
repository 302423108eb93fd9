package dev.fanfare.dialect.fanfare;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a text is a cron schedule of five fields: minute, hour, day of month, month, day of week.
 *
 * <p>Each field is {@code *}, a value, a range, any of these with {@code /step}, or a list of them;
 * months and days of the week also go by their English names of three letters, and 0 and 7 are both
 * Sunday.
 */
final class CronShape {

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

  private CronShape() {}

  /** What is wrong with a schedule; empty where nothing is. */
  static Optional<String> problem(String cron) {
    List<String> fields = List.of(cron.strip().split("\\s+"));
    if (fields.size() != FIELDS.size()) {
      return Optional.of("it has " + fields.size() + " fields, five are needed");
    }
    for (int i = 0; i < FIELDS.size(); i++) {
      Field field = FIELDS.get(i);
      for (String part : fields.get(i).split(",", -1)) {
        if (!isPart(part, field)) {
          return Optional.of("its " + field.title() + " cannot be '" + part + "'");
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isPart(String part, Field field) {
    String[] stepped = part.split("/", -1);
    if (stepped.length > 2) {
      return false;
    }
    if (stepped.length == 2 && !isStep(stepped[1], field)) {
      return false;
    }
    if (stepped[0].equals("*")) {
      return true;
    }
    String[] range = stepped[0].split("-", -1);
    int from = value(range[0], field);
    int to = value(range[range.length - 1], field);
    return range.length <= 2 && from >= 0 && to >= 0 && from <= to;
  }

  private static boolean isStep(String step, Field field) {
    return step.matches("[0-9]{1,2}")
        && Integer.parseInt(step) >= 1
        && Integer.parseInt(step) <= field.max();
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
}
