package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** Output of steps, in chunks of whole lines with the number of their first line. */
public final class LogStore {

  private static final String APPEND =
      """
      INSERT INTO log_chunk (run_id, step, attempt, chunk, first_line, lines, body)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (run_id, step, attempt, chunk) DO NOTHING
      """;

  /** One range of the primary key: a step's chunks, attempt by attempt. */
  private static final String OF_STEP =
      """
      SELECT step, attempt, chunk, first_line, lines, body FROM log_chunk
       WHERE run_id = $1 AND step = $2 AND (attempt, chunk) > ($3, $4)
       ORDER BY attempt, chunk LIMIT $5
      """;

  private static final String OF_RUN =
      """
      SELECT step, attempt, chunk, first_line, lines, body FROM log_chunk
       WHERE run_id = $1 AND (step, attempt, chunk) > ($2, $3, $4)
       ORDER BY step, attempt, chunk LIMIT $5
      """;

  /** The same range backwards: what a step wrote last. */
  private static final String OF_STEP_BACKWARDS =
      """
      SELECT step, attempt, chunk, first_line, lines, body FROM log_chunk
       WHERE run_id = $1 AND step = $2 AND (attempt, chunk) < ($3, $4)
       ORDER BY attempt DESC, chunk DESC LIMIT $5
      """;

  /** A chunk of whole lines. */
  public record Chunk(
      String step, int attempt, int chunk, long firstLine, int lines, String body) {}

  private final Pool pool;

  public LogStore(Pool pool) {
    this.pool = pool;
  }

  public Uni<Void> append(UUID run, Chunk chunk) {
    return pool.preparedQuery(APPEND)
        .execute(
            Tuple.from(
                List.of(
                    run,
                    Encoding.text(chunk.step()),
                    chunk.attempt(),
                    chunk.chunk(),
                    chunk.firstLine(),
                    chunk.lines(),
                    Encoding.text(chunk.body()))))
        .replaceWithVoid();
  }

  /** A step's chunks after a place; start with attempt 0, chunk -1. */
  public Uni<List<Chunk>> ofStep(UUID run, String step, int attempt, int chunk, int limit) {
    return pool.preparedQuery(OF_STEP)
        .execute(Tuple.of(run, step, attempt, chunk, limit))
        .map(rows -> Queries.list(rows, LogStore::chunk));
  }

  /** A step's chunks before a place, the last one first. */
  public Uni<List<Chunk>> ofStepBefore(UUID run, String step, int attempt, int chunk, int limit) {
    return pool.preparedQuery(OF_STEP_BACKWARDS)
        .execute(Tuple.of(run, step, attempt, chunk, limit))
        .map(rows -> Queries.list(rows, LogStore::chunk));
  }

  /** A run's chunks after a place, step by step; start with an empty step, attempt 0, chunk -1. */
  public Uni<List<Chunk>> ofRun(UUID run, String step, int attempt, int chunk, int limit) {
    return pool.preparedQuery(OF_RUN)
        .execute(Tuple.of(run, step, attempt, chunk, limit))
        .map(rows -> Queries.list(rows, LogStore::chunk));
  }

  private static Chunk chunk(io.vertx.mutiny.sqlclient.Row row) {
    return new Chunk(
        row.getString("step"),
        row.getInteger("attempt"),
        row.getInteger("chunk"),
        row.getLong("first_line"),
        row.getInteger("lines"),
        row.getString("body"));
  }
}
