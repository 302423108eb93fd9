package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what single steps of a run have come to, each with a probe of a primary key. */
public final class StepResults {

  private static final String GRAPH = "SELECT graph FROM run WHERE id = $1";

  private static final String STEP =
      "SELECT status, output, error FROM step WHERE run_id = $1 AND path = $2";

  /** All steps of a run, which is over: for whoever asks why. */
  private static final String FAILURE =
      """
      SELECT status, NULL::json AS output, error FROM step
       WHERE run_id = $1 AND error IS NOT NULL AND status IN ('failed', 'timed_out', 'denied')
       ORDER BY ended_at NULLS LAST, path LIMIT 1
      """;

  /** What a step has come to. */
  public record Result(
      String status, @Nullable Object output, @Nullable Map<String, Object> error) {}

  private final Pool pool;

  public StepResults(Pool pool) {
    this.pool = pool;
  }

  /** The hash of a run's graph; empty where there is no such run. */
  public Uni<Optional<String>> graph(UUID run) {
    return pool.preparedQuery(GRAPH)
        .execute(Tuple.of(run))
        .map(rows -> Queries.first(rows, row -> row.getString("graph")));
  }

  /** A step; empty where nothing has happened to it. */
  public Uni<Optional<Result>> step(UUID run, String path) {
    return pool.preparedQuery(STEP)
        .execute(Tuple.of(run, Encoding.text(path)))
        .map(rows -> Queries.first(rows, StepResults::result));
  }

  /** The step of a run that failed first. */
  public Uni<Optional<Result>> failure(UUID run) {
    return pool.preparedQuery(FAILURE)
        .execute(Tuple.of(run))
        .map(rows -> Queries.first(rows, StepResults::result));
  }

  private static Result result(Row row) {
    return new Result(
        row.getString("status"),
        RunReader.value(row, "output"),
        RunReader.nullableObject(row, "error"));
  }
}
