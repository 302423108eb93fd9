package dev.fanfare.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in the logs of a run: after which row of which chunk.
 *
 * @param step the step that was being read; empty at the beginning
 * @param chunk the chunk that was being read; -1 at the beginning
 * @param rows how many rows of that chunk were read
 */
record LogCursor(String step, int attempt, int chunk, int rows) {

  private static final Pattern WRITTEN =
      Pattern.compile("([0-9]{1,9})\\.(-1|[0-9]{1,9})\\.([0-9]{1,9})\\.(.*)");

  /** Before everything, or before everything of one step. */
  static LogCursor start(String step) {
    return new LogCursor(step, 0, -1, 0);
  }

  /**
   * Reads what {@link #toString()} wrote.
   *
   * @param step the one step that is read; empty for all
   */
  static LogCursor of(@Nullable String written, String step) {
    if (written == null) {
      return start(step);
    }
    Matcher matcher = WRITTEN.matcher(written);
    if (!matcher.matches() || (!step.isEmpty() && !step.equals(matcher.group(4)))) {
      throw ApiException.badRequest("'after' must be the 'next' of an answer about the same log");
    }
    return new LogCursor(
        matcher.group(4),
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  @Override
  public String toString() {
    return attempt + "." + chunk + "." + rows + "." + step;
  }
}
