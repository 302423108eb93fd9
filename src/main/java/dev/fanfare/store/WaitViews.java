package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads single steps and waiting approvals for those who decide about them. */
public final class WaitViews {

  /** Two probes of primary keys. */
  private static final String STEP =
      """
      SELECT r.graph, r.status AS run_status, s.node, s.status, s.attempt, s.detail, s.reason,
             s.error, s.ended_at, clock_timestamp() AS now
        FROM run r LEFT JOIN step s ON s.run_id = r.id AND s.path = $2
       WHERE r.id = $1
      """;

  /** A range of the index on open approvals, and three probes of primary keys for each. */
  private static final String APPROVALS =
      """
      SELECT w.run_id, w.step, w.opened_at, r.workflow, r.graph, s.node, s.reason,
             d.at AS deadline
        FROM subscription w
        JOIN run r ON r.id = w.run_id
        JOIN step s ON s.run_id = w.run_id AND s.path = w.step
        LEFT JOIN due d ON d.run_id = w.run_id AND d.step = w.step AND d.kind = 'WAIT'
       WHERE w.kind = 'APPROVAL' AND w.open AND (w.run_id, w.step) > ($1, $2)
       ORDER BY w.run_id, w.step
       LIMIT $3
      """;

  /**
   * A step of a run that there is.
   *
   * @param node its node in the graph, -1 where nothing has happened to it
   * @param now the database's time
   */
  public record StepState(
      String graph,
      String runStatus,
      int node,
      String status,
      int attempt,
      Map<String, Object> detail,
      @Nullable Map<String, Object> reason,
      @Nullable Map<String, Object> error,
      Optional<Instant> endedAt,
      Instant now) {}

  /**
   * A step that waits for a person.
   *
   * @param since when it began to
   * @param deadline when its time is up
   */
  public record Approval(
      UUID run,
      String step,
      String workflow,
      String graph,
      int node,
      Map<String, Object> reason,
      Instant since,
      Optional<Instant> deadline) {}

  private final Pool pool;

  public WaitViews(Pool pool) {
    this.pool = pool;
  }

  /** A step; empty where there is no such run. */
  public Uni<Optional<StepState>> step(UUID run, String path) {
    return pool.preparedQuery(STEP)
        .execute(Tuple.of(run, Encoding.text(path)))
        .map(rows -> Queries.first(rows, WaitViews::step));
  }

  /**
   * Waiting approvals, those of older runs first.
   *
   * @param run the last one of the page before
   * @param step likewise
   */
  public Uni<List<Approval>> approvals(UUID run, String step, int limit) {
    return pool.preparedQuery(APPROVALS)
        .execute(Tuple.of(run, Encoding.text(step), limit))
        .map(rows -> Queries.list(rows, WaitViews::approval));
  }

  private static StepState step(Row row) {
    boolean begun = row.getInteger("node") != null;
    return new StepState(
        row.getString("graph"),
        row.getString("run_status"),
        begun ? row.getInteger("node") : -1,
        begun ? row.getString("status") : "pending",
        begun ? row.getInteger("attempt") : 0,
        RunReader.object(row, "detail"),
        RunReader.nullableObject(row, "reason"),
        RunReader.nullableObject(row, "error"),
        LeaseStore.instant(row, "ended_at"),
        row.getOffsetDateTime("now").toInstant());
  }

  private static Approval approval(Row row) {
    return new Approval(
        row.getUUID("run_id"),
        row.getString("step"),
        row.getString("workflow"),
        row.getString("graph"),
        row.getInteger("node"),
        RunReader.object(row, "reason"),
        row.getOffsetDateTime("opened_at").toInstant(),
        LeaseStore.instant(row, "deadline"));
  }
}
