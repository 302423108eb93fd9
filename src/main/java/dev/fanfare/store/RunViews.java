package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads runs for people and programs: with times, without what only the engine needs. */
public final class RunViews {

  private static final String RUN =
      """
      SELECT id, workflow, graph, status, attempt, params, context, outputs, reason, created_at,
             finished_at, last_event
        FROM run WHERE id = $1
      """;

  private static final String STEPS =
      """
      SELECT path, node, parent, ordinal, status, attempt, reason, ready_at, started_at, ended_at,
             backoff_ms, released_by, exit_code, output, error
        FROM step WHERE run_id = $1
      """;

  private static final String STATUS = "SELECT status FROM run WHERE id = $1";

  private final Pool pool;

  public RunViews(Pool pool) {
    this.pool = pool;
  }

  /** A run and all its steps. */
  public Uni<Optional<RunView>> run(UUID id) {
    return pool.preparedQuery(RUN)
        .execute(Tuple.of(id))
        .chain(
            rows -> {
              if (!rows.iterator().hasNext()) {
                return Uni.createFrom().item(Optional.<RunView>empty());
              }
              Row row = rows.iterator().next();
              return pool.preparedQuery(STEPS)
                  .execute(Tuple.of(id))
                  .map(steps -> Optional.of(run(row, Queries.list(steps, RunViews::step))));
            });
  }

  /** A run's status. */
  public Uni<Optional<String>> status(UUID id) {
    return pool.preparedQuery(STATUS)
        .execute(Tuple.of(id))
        .map(rows -> Queries.first(rows, row -> row.getString(0)));
  }

  private static RunView run(Row row, List<RunView.StepView> steps) {
    return new RunView(
        row.getUUID("id"),
        row.getString("workflow"),
        row.getString("graph"),
        row.getString("status"),
        row.getInteger("attempt"),
        RunReader.object(row, "params"),
        RunReader.object(row, "context"),
        RunReader.nullableObject(row, "outputs"),
        RunReader.nullableObject(row, "reason"),
        row.getOffsetDateTime("created_at").toInstant(),
        LeaseStore.instant(row, "finished_at"),
        row.getLong("last_event"),
        steps);
  }

  private static RunView.StepView step(Row row) {
    return new RunView.StepView(
        row.getString("path"),
        row.getInteger("node"),
        row.getString("parent"),
        row.getInteger("ordinal"),
        row.getString("status"),
        row.getInteger("attempt"),
        RunReader.nullableObject(row, "reason"),
        LeaseStore.instant(row, "ready_at"),
        LeaseStore.instant(row, "started_at"),
        LeaseStore.instant(row, "ended_at"),
        row.getLong("backoff_ms"),
        row.getString("released_by"),
        row.getInteger("exit_code"),
        RunReader.value(row, "output"),
        RunReader.nullableObject(row, "error"));
  }
}
