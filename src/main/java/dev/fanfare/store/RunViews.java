package dev.fanfare.store;

import dev.fanfare.engine.StepRow;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads runs for people and programs: with times, without what only the engine needs. */
public final class RunViews {

  private static final String RUN =
      """
      SELECT id, workflow, graph, status, attempt, params, context, outputs, reason, created_at,
             restarted_at, finished_at, last_event
        FROM run WHERE id = $1
      """;

  private static final String STEPS =
      """
      SELECT s.path, s.node, s.parent, s.ordinal, s.status, s.attempt, s.reason, s.ready_at,
             s.started_at, s.ended_at, s.backoff_ms, s.released_by, s.exit_code, s.output, s.error,
             CASE WHEN s.status = 'waiting' THEN s.detail ->> 'token' END AS token,
             CASE WHEN s.marks & $2 <> 0 THEN s.detail ->> 'child' END AS child,
             CASE WHEN s.status = 'waiting' THEN d.at END AS deadline
        FROM step s
        LEFT JOIN due d ON d.run_id = s.run_id AND d.step = s.path AND d.kind = 'WAIT'
       WHERE s.run_id = $1
      """;

  private static final String ATTEMPTS =
      """
      SELECT attempt, status, reason, started_at, finished_at, next_from, next_by
        FROM run_attempt WHERE run_id = $1 ORDER BY attempt
      """;

  private static final String ATTEMPT =
      """
      SELECT attempt, status, reason, outputs, started_at, finished_at, next_from, next_by, steps
        FROM run_attempt WHERE run_id = $1 AND attempt = $2
      """;

  /** A range of the primary key. */
  private static final String IDS_BETWEEN =
      "SELECT id FROM run WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT 2";

  private static final String STATUS = "SELECT status FROM run WHERE id = $1";

  private static final String STANDING = "SELECT status, reason FROM run WHERE id = $1";

  /** Where a run stands, and why where that needs saying. */
  public record Standing(String status, Map<String, Object> reason) {}

  private static final String ENDED_BEFORE =
      "SELECT id FROM run WHERE id = ANY($1) AND finished_at < now() - $2 * interval '1 ms'";

  private final Pool pool;

  public RunViews(Pool pool) {
    this.pool = pool;
  }

  /** Those of some runs that ended longer ago than this, by the database's clock. */
  public Uni<List<UUID>> endedBefore(List<UUID> runs, Duration ago) {
    return pool.preparedQuery(ENDED_BEFORE)
        .execute(Tuple.of(runs.toArray(UUID[]::new), (double) ago.toMillis()))
        .map(rows -> Queries.list(rows, row -> row.getUUID("id")));
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
              return attempts(row)
                  .chain(
                      attempts ->
                          pool.preparedQuery(STEPS)
                              .execute(Tuple.of(id, StepRow.Marks.NAMES_CHILD))
                              .map(
                                  steps ->
                                      Optional.of(
                                          run(
                                              row,
                                              attempts,
                                              Queries.list(steps, RunViews::step)))));
            });
  }

  /** Only a run that was rerun has earlier attempts. */
  private Uni<List<RunView.AttemptView>> attempts(Row run) {
    return run.getInteger("attempt") == 1
        ? Uni.createFrom().item(List.of())
        : pool.preparedQuery(ATTEMPTS)
            .execute(Tuple.of(run.getUUID("id")))
            .map(rows -> Queries.list(rows, RunViews::attempt));
  }

  /**
   * An earlier attempt with its steps as they were at its end, without their outputs.
   *
   * @param steps each {@code {id, status, reason, attempts, startedAt, finishedAt, error}}
   */
  public record PastAttempt(
      RunView.AttemptView attempt, @Nullable Map<String, Object> outputs, @Nullable Object steps) {}

  public Uni<Optional<PastAttempt>> attempt(UUID run, int attempt) {
    return pool.preparedQuery(ATTEMPT)
        .execute(Tuple.of(run, attempt))
        .map(
            rows ->
                Queries.first(
                    rows,
                    row ->
                        new PastAttempt(
                            attempt(row),
                            RunReader.nullableObject(row, "outputs"),
                            RunReader.value(row, "steps"))));
  }

  private static RunView.AttemptView attempt(Row row) {
    return new RunView.AttemptView(
        row.getInteger("attempt"),
        row.getString("status"),
        RunReader.nullableObject(row, "reason"),
        row.getOffsetDateTime("started_at").toInstant(),
        LeaseStore.instant(row, "finished_at"),
        row.getString("next_from"),
        row.getString("next_by"));
  }

  /** The first two ids in a range. */
  public Uni<List<UUID>> idsBetween(UUID first, UUID last) {
    return pool.preparedQuery(IDS_BETWEEN)
        .execute(Tuple.of(first, last))
        .map(rows -> Queries.list(rows, row -> row.getUUID(0)));
  }

  /** Where a run stands; empty if there is no such run. */
  public Uni<Optional<Standing>> standing(UUID run) {
    return pool.preparedQuery(STANDING)
        .execute(Tuple.of(run))
        .map(
            rows ->
                Queries.first(
                    rows,
                    row -> new Standing(row.getString("status"), RunReader.object(row, "reason"))));
  }

  /** A run's status. */
  public Uni<Optional<String>> status(UUID id) {
    return pool.preparedQuery(STATUS)
        .execute(Tuple.of(id))
        .map(rows -> Queries.first(rows, row -> row.getString(0)));
  }

  private static RunView run(
      Row row, List<RunView.AttemptView> attempts, List<RunView.StepView> steps) {
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
        LeaseStore.instant(row, "restarted_at"),
        LeaseStore.instant(row, "finished_at"),
        row.getLong("last_event"),
        attempts,
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
        RunReader.nullableObject(row, "error"),
        Optional.ofNullable(row.getString("child")),
        Optional.ofNullable(row.getString("token")),
        LeaseStore.instant(row, "deadline"));
  }
}
