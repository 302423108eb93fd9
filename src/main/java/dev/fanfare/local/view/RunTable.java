package dev.fanfare.local.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A list of runs as a table. */
public final class RunTable {

  private static final int COLUMNS = 200;
  private static final List<String> HEADING =
      List.of("RUN", "STATUS", "STARTED", "TIME", "WORKFLOW");

  private final Style style;

  public RunTable(Style style) {
    this.style = style;
  }

  /**
   * The table, newest run first as the server lists them.
   *
   * @param answer a list of runs, or an object whose {@code runs} is one
   */
  public String render(@Nullable Object answer) {
    Object list = answer instanceof Map<?, ?> object ? object.get("runs") : answer;
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADING);
    if (list instanceof List<?> runs) {
      for (Object entry : runs) {
        if (entry instanceof Map<?, ?> run) {
          rows.add(row(run));
        }
      }
    }
    return rows.size() == 1 ? "No runs yet.\n" : Table.render(rows, COLUMNS, style);
  }

  private static List<String> row(Map<?, ?> run) {
    String took =
        run.get("durationMs") instanceof Number ms
            ? Text.duration(Duration.ofMillis(ms.longValue()))
            : "";
    return List.of(
        Text.of(run, "id"),
        Text.of(run, "status"),
        Text.of(run, "startedAt"),
        took,
        Text.of(run, "workflow"));
  }
}
