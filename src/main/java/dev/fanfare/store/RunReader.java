package dev.fanfare.store;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.engine.Reason;
import dev.fanfare.engine.RunRow;
import dev.fanfare.engine.RunState;
import dev.fanfare.engine.StepRow;
import dev.fanfare.json.Json;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads runs as the engine wants them: the whole of a small run in one round trip, and of a large
 * one only the rows that a decision asks for.
 */
public final class RunReader {

  /** Up to this many steps a run is loaded whole. */
  static final int WHOLE = 500;

  /** One probe of the primary key. */
  private static final String RUN =
      """
      SELECT id, workflow, graph, params, event, context, attempt, status, version, last_event,
             open, active, waiting, marks, step_limit, queued, outputs, reason
        FROM run WHERE id = $1
      """;

  private static final String STEP_COLUMNS =
      """
      SELECT path, node, parent, ordinal, status, attempt, failures, losses, marks, pending,
             satisfied, open, failed, active, child_limit, cursor, bindings, detail, output, error,
             reason, exit_code, released_by, backoff_ms
        FROM step WHERE run_id = $1
      """;

  /** One more than a whole run may have, so that a large one is known as such. */
  private static final String SOME_STEPS = STEP_COLUMNS + " LIMIT " + (WHOLE + 1);

  private static final String STEPS_BY_PATH = STEP_COLUMNS + " AND path = ANY ($2::text[])";

  private static final String EXISTING = "SELECT id FROM run WHERE id = ANY ($1::uuid[])";

  /** The end of a run, with the failures of its steps that nothing tolerated. */
  private static final String END =
      """
      SELECT r.workflow, r.status, r.outputs, r.reason,
             CASE WHEN r.status = 'failed' THEN
               (SELECT json_agg(json_build_object('step', f.path, 'error', f.error))
                  FROM (SELECT path, error FROM step
                         WHERE run_id = r.id AND parent = '' AND error IS NOT NULL
                           AND status IN ('failed', 'timed_out', 'denied') AND marks & $2 = 0
                         ORDER BY ordinal LIMIT 3) f)
             END AS failures
        FROM run r WHERE r.id = $1 AND r.finished_at IS NOT NULL
      """;

  private static final String BACKLOG =
      "SELECT scope, position, step FROM backlog WHERE run_id = $1 ORDER BY position";

  /** A run as stored, with the hash of its graph. */
  public record Stored(String graph, RunState state) {}

  /**
   * How a run ended.
   *
   * @param failures {@code {step, error}} of the first top-level steps that failed
   */
  public record End(
      String workflow,
      RunStatus status,
      Map<String, Object> outputs,
      Map<String, Object> reason,
      List<Object> failures) {}

  private final Pool pool;

  public RunReader(Pool pool) {
    this.pool = pool;
  }

  /**
   * A run's state. Its row is read before its steps, and nothing changes steps without changing the
   * version of the row: if a decision about what was read can be committed, then nothing had
   * changed in between. Until then steps may be newer than the row, never older.
   */
  public Uni<Optional<Stored>> load(UUID id) {
    return pool.preparedQuery(RUN)
        .execute(Tuple.of(id))
        .chain(
            rows -> {
              if (!rows.iterator().hasNext()) {
                return Uni.createFrom().item(Optional.<Stored>empty());
              }
              Row row = rows.iterator().next();
              return withSteps(row.getString("graph"), run(row)).map(Optional::of);
            });
  }

  private Uni<Stored> withSteps(String graph, RunRow run) {
    UUID id = run.facts().id();
    return pool.preparedQuery(SOME_STEPS)
        .execute(Tuple.of(id))
        .chain(
            found -> {
              List<StepRow> steps = new ArrayList<>();
              found.forEach(row -> steps.add(step(row)));
              boolean complete = steps.size() <= WHOLE;
              RunState state = RunState.load(run, complete ? steps : List.of(), complete);
              if ((run.marks() & RunRow.Marks.HAS_BACKLOG) == 0) {
                return Uni.createFrom().item(new Stored(graph, state));
              }
              return pool.preparedQuery(BACKLOG)
                  .execute(Tuple.of(id))
                  .map(
                      backlog -> {
                        backlog.forEach(
                            row ->
                                state.addBacklog(
                                    row.getString("scope"),
                                    row.getLong("position"),
                                    row.getString("step")));
                        return new Stored(graph, state);
                      });
            });
  }

  /** Those of these runs that exist. */
  public Uni<Set<UUID>> existing(Collection<UUID> runs) {
    return pool.preparedQuery(EXISTING)
        .execute(Tuple.of(runs.toArray(UUID[]::new)))
        .map(rows -> new HashSet<>(Queries.list(rows, row -> row.getUUID(0))));
  }

  /** Every step row of a run. */
  public Uni<List<StepRow>> steps(UUID run) {
    return pool.preparedQuery(STEP_COLUMNS)
        .execute(Tuple.of(run))
        .map(rows -> Queries.list(rows, RunReader::step));
  }

  /** How a run ended; empty if it has not, or there is none. */
  public Uni<Optional<End>> end(UUID run) {
    return pool.preparedQuery(END)
        .execute(Tuple.of(run, StepRow.Marks.EXCUSED))
        .map(
            rows ->
                Queries.first(
                    rows,
                    row ->
                        new End(
                            row.getString("workflow"),
                            RunStatus.of(row.getString("status")).orElseThrow(),
                            object(row, "outputs"),
                            object(row, "reason"),
                            value(row, "failures") instanceof List<?> list
                                ? List.copyOf(list)
                                : List.of())));
  }

  /** The rows of these steps that exist. */
  public Uni<List<StepRow>> steps(UUID run, Set<String> paths) {
    return pool.preparedQuery(STEPS_BY_PATH)
        .execute(Tuple.of(run, paths.toArray(String[]::new)))
        .map(
            rows -> {
              List<StepRow> steps = new ArrayList<>();
              rows.forEach(row -> steps.add(step(row)));
              return steps;
            });
  }

  private static RunRow run(Row row) {
    RunRow.Facts facts =
        new RunRow.Facts(
            row.getUUID("id"),
            row.getString("workflow"),
            row.getInteger("attempt"),
            object(row, "params"),
            object(row, "event"),
            object(row, "context"));
    return new RunRow(
        facts,
        RunStatus.of(row.getString("status")).orElseThrow(),
        row.getLong("version"),
        row.getLong("last_event"),
        row.getInteger("open"),
        row.getInteger("active"),
        row.getInteger("waiting"),
        row.getInteger("marks"),
        row.getInteger("step_limit"),
        row.getLong("queued"),
        nullableObject(row, "outputs"),
        reason(row));
  }

  private static StepRow step(Row row) {
    Map<String, Object> error = nullableObject(row, "error");
    return new StepRow(
        row.getString("path"),
        row.getInteger("node"),
        row.getString("parent"),
        row.getInteger("ordinal"),
        StepStatus.of(row.getString("status")).orElseThrow(),
        row.getInteger("attempt"),
        row.getInteger("failures"),
        row.getInteger("losses"),
        row.getInteger("marks"),
        row.getInteger("pending"),
        row.getInteger("satisfied"),
        row.getInteger("open"),
        row.getInteger("failed"),
        row.getInteger("active"),
        row.getInteger("child_limit"),
        row.getInteger("cursor"),
        nullableObject(row, "bindings"),
        nullableObject(row, "detail"),
        value(row, "output"),
        error == null ? null : ErrorInfo.fromJson(error),
        reason(row),
        row.getInteger("exit_code"),
        row.getString("released_by"),
        row.getLong("backoff_ms"),
        0,
        true);
  }

  private static @Nullable Reason reason(Row row) {
    Map<String, Object> reason = nullableObject(row, "reason");
    return reason == null ? null : Reason.fromJson(reason);
  }

  static Map<String, Object> object(Row row, String column) {
    Map<String, Object> object = nullableObject(row, column);
    return object == null ? Map.of() : object;
  }

  @SuppressWarnings("unchecked")
  static @Nullable Map<String, Object> nullableObject(Row row, String column) {
    return (Map<String, Object>) value(row, column);
  }

  /** A json column as plain Java; Vert.x hands objects and arrays over as its own types. */
  static @Nullable Object value(Row row, String column) {
    Object value = row.getValue(column);
    return switch (value) {
      case null -> null;
      case io.vertx.core.json.JsonObject object -> Json.plain(object.getMap());
      case io.vertx.core.json.JsonArray array -> Json.plain(array.getList());
      default -> value == Tuple.JSON_NULL ? null : Json.plain(value);
    };
  }
}
