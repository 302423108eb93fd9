package dev.fanfare.api;

import dev.fanfare.function.LogBook;
import dev.fanfare.store.LogStore;
import dev.fanfare.work.log.LogChunk;
import dev.fanfare.work.log.LogLine;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Reads logs line by line out of chunks, never more than a few chunks at once. */
final class LogReader {

  private static final int CHUNKS = 16;

  private final LogBook logs;
  private final UUID run;
  private final String only;

  /**
   * @param only the one step to read; empty for all
   */
  LogReader(LogBook logs, UUID run, String only) {
    this.logs = logs;
    this.run = run;
    this.only = only;
  }

  /** A line of a log. */
  @Schema(description = "A line that a step has written.")
  public record Line(
      String step,
      int attempt,
      @Schema(description = "Number in the attempt's log, from 1.") long line,
      @Schema(description = "out, err, or note for a remark of Fanfare.") String stream,
      @Schema(description = "Milliseconds after the attempt's log began.") long atMs,
      String text) {}

  /** Lines and the place after them. */
  record Batch(List<Line> lines, LogCursor next) {}

  /** Some lines after a place: none only where there are no more now. */
  Uni<Batch> after(LogCursor cursor, int limit) {
    // The chunk that was being read is read again where rows of it are left.
    boolean within = cursor.rows() > 0;
    int chunk = within ? cursor.chunk() - 1 : cursor.chunk();
    return chunks(cursor.step(), cursor.attempt(), chunk)
        .chain(
            chunks -> {
              List<Line> lines = new ArrayList<>();
              LogCursor next = cursor;
              for (LogStore.Chunk each : chunks) {
                boolean same =
                    within
                        && each.chunk() == cursor.chunk()
                        && each.attempt() == cursor.attempt()
                        && each.step().equals(cursor.step());
                int from = same ? cursor.rows() : 0;
                List<Line> rows = rows(each);
                int to = from + Math.min(rows.size() - from, limit - lines.size());
                lines.addAll(rows.subList(from, to));
                next = new LogCursor(each.step(), each.attempt(), each.chunk(), to);
                if (lines.size() == limit) {
                  break;
                }
              }
              boolean consumed = lines.isEmpty() && !next.equals(cursor);
              return consumed && !chunks.isEmpty()
                  ? after(next, limit)
                  : Uni.createFrom().item(new Batch(lines, next));
            });
  }

  /** Every line there is now. */
  Multi<Line> all() {
    LogCursor[] at = {LogCursor.start(only)};
    return Uni.createFrom()
        .deferred(() -> after(at[0], Integer.MAX_VALUE))
        .invoke(batch -> at[0] = batch.next())
        .repeat()
        .whilst(batch -> !batch.lines().isEmpty())
        .onItem()
        .transformToMultiAndConcatenate(batch -> Multi.createFrom().iterable(batch.lines()));
  }

  /** The last lines of a step. */
  Uni<List<Line>> tail(int count) {
    return tail(new ArrayList<>(), Integer.MAX_VALUE, Integer.MAX_VALUE, count);
  }

  private Uni<List<Line>> tail(List<Line> backwards, int attempt, int chunk, int count) {
    return logs.ofStepBefore(run, only, attempt, chunk, CHUNKS)
        .chain(
            chunks -> {
              for (LogStore.Chunk each : chunks) {
                List<Line> rows = new ArrayList<>(rows(each));
                Collections.reverse(rows);
                backwards.addAll(rows);
              }
              if (backwards.size() < count && chunks.size() == CHUNKS) {
                LogStore.Chunk first = chunks.getLast();
                return tail(backwards, first.attempt(), first.chunk(), count);
              }
              List<Line> last =
                  new ArrayList<>(backwards.subList(0, Math.min(count, backwards.size())));
              Collections.reverse(last);
              return Uni.createFrom().item(last);
            });
  }

  private Uni<List<LogStore.Chunk>> chunks(String step, int attempt, int chunk) {
    return only.isEmpty()
        ? logs.ofRun(run, step, attempt, chunk, CHUNKS)
        : logs.ofStep(run, only, attempt, chunk, CHUNKS);
  }

  private List<Line> rows(LogStore.Chunk chunk) {
    List<LogLine> rows =
        new LogChunk(
                run,
                chunk.step(),
                chunk.attempt(),
                chunk.chunk(),
                chunk.firstLine(),
                chunk.lines(),
                chunk.body())
            .rows();
    List<Line> lines = new ArrayList<>(rows.size());
    long number = chunk.firstLine();
    for (LogLine row : rows) {
      number++;
      lines.add(
          new Line(
              chunk.step(),
              chunk.attempt(),
              number,
              row.stream().name().toLowerCase(Locale.ROOT),
              row.atMillis(),
              row.text()));
    }
    return lines;
  }
}
