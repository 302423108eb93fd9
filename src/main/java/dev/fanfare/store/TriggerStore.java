package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The triggers of registered workflows, and when those that go by the clock come next. */
public final class TriggerStore {

  /** By the clock, next to come first. One range of the index on {@code next_at}. */
  private static final String TAKE =
      """
      SELECT t.workflow, t.key, t.next_at, t.last_run, now() AS at
        FROM workflow_trigger t
        JOIN registration r ON r.workflow = t.workflow AND r.paused_at IS NULL
       WHERE t.next_at <= now() AND t.workflow || chr(10) || t.key <> ALL ($1)
       ORDER BY t.next_at
       LIMIT 1
         FOR UPDATE OF t SKIP LOCKED
      """;

  private static final String ADVANCE =
      """
      UPDATE workflow_trigger
         SET next_at = $3,
             last_at = coalesce($4, last_at),
             last_run = coalesce($5, last_run),
             skipped_at = coalesce($6, skipped_at),
             skipped = coalesce($7::text::json, skipped)
       WHERE workflow = $1 AND key = $2
      """;

  private static final String NEXT =
      """
      SELECT greatest(0, ceil(extract(epoch FROM t.next_at - clock_timestamp()) * 1000))::bigint
        FROM workflow_trigger t
        JOIN registration r ON r.workflow = t.workflow AND r.paused_at IS NULL
       WHERE t.next_at IS NOT NULL
       ORDER BY t.next_at
       LIMIT 1
      """;

  private static final String NAMED =
      """
      SELECT t.workflow, t.key, r.paused_at IS NOT NULL AS paused
        FROM workflow_trigger t
        JOIN registration r ON r.workflow = t.workflow
       WHERE t.kind = $1 AND t.name = $2 AND t.next_at IS NULL
       ORDER BY t.workflow, t.ordinal
      """;

  private static final String LIST =
      """
      SELECT t.workflow, t.key, t.ordinal, t.kind, t.spec, r.paused_at, t.next_at, t.last_at, t.last_run,
             t.skipped_at, t.skipped
        FROM workflow_trigger t
        JOIN registration r ON r.workflow = t.workflow
       WHERE ($1::text IS NULL OR t.workflow = $1) AND (t.workflow, t.ordinal) > ($2, $3)
       ORDER BY t.workflow, t.ordinal
       LIMIT $4
      """;

  /** A range of the index on workflow and time, ended by the first hit. */
  private static final String ENDED_WELL =
      """
      SELECT EXISTS (
        SELECT FROM run
         WHERE workflow = $1 AND created_at >= $2 AND created_at < $3
           AND status IN ('succeeded', 'partially_succeeded')
           AND (idempotency_key IS NULL OR NOT starts_with(idempotency_key, $4)))
      """;

  private static final String REMOVE =
      "DELETE FROM workflow_trigger WHERE workflow = $1 AND key <> ALL ($2)";

  private static final String PUT =
      """
      INSERT INTO workflow_trigger (workflow, key, ordinal, kind, name, spec, next_at)
      SELECT $1, * FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[]::json[],
                               $7::timestamptz[])
          ON CONFLICT (workflow, key)
          DO UPDATE SET ordinal = excluded.ordinal, spec = excluded.spec
      """;

  private static final String PAUSE =
      """
      UPDATE registration SET paused_at = coalesce(paused_at, now())
       WHERE workflow = $1 RETURNING now()
      """;

  private static final String RESUME =
      """
      UPDATE registration r SET paused_at = NULL
        FROM (SELECT workflow, paused_at FROM registration WHERE workflow = $1 FOR UPDATE) AS old
       WHERE r.workflow = old.workflow RETURNING old.paused_at IS NOT NULL, now()
      """;

  private static final String RESTART =
      "UPDATE workflow_trigger SET next_at = $3 WHERE workflow = $1 AND key = $2";

  /**
   * A trigger of a version that is registered.
   *
   * @param name the path of a webhook, the name of an event; else empty
   * @param spec what is shown of it
   * @param next when it comes first, where it goes by the clock
   */
  public record Definition(
      String key, String kind, String name, Map<String, Object> spec, Optional<Instant> next) {}

  /**
   * A tick that has come.
   *
   * @param now by the database's clock
   * @param lastRun the run of the tick before
   */
  public record Due(
      String workflow, String key, Instant tick, Instant now, Optional<UUID> lastRun) {}

  /** A tick that starts no run, and why. */
  public record Skipped(Instant tick, Map<String, Object> why) {}

  /**
   * What a trigger goes on with. What is empty stays as it was, except {@code next}.
   *
   * @param next empty where the trigger shall not come again
   * @param last the tick that started a run
   */
  public record Advance(
      Optional<Instant> next,
      Optional<Instant> last,
      Optional<UUID> lastRun,
      Optional<Skipped> skipped) {}

  /** A trigger that is called by its name. */
  public record Named(String workflow, String key, boolean paused) {}

  /** Where a trigger is in the list of all. */
  public record Place(String workflow, int ordinal) {
    public static final Place START = new Place("", -1);
  }

  /** A trigger as people see it. */
  public record View(
      String workflow,
      String key,
      int ordinal,
      String kind,
      Map<String, Object> spec,
      Optional<Instant> pausedAt,
      Optional<Instant> next,
      Optional<Instant> last,
      Optional<UUID> lastRun,
      Optional<Skipped> skipped) {}

  private final Pool pool;

  public TriggerStore(Pool pool) {
    this.pool = pool;
  }

  /** Makes these the triggers of a workflow; those that were there already go on as they are. */
  static Uni<Void> put(SqlClient client, String workflow, List<Definition> triggers) {
    String[] keys = triggers.stream().map(Definition::key).toArray(String[]::new);
    Integer[] ordinals = new Integer[keys.length];
    @Nullable Object[] next = new OffsetDateTime[keys.length];
    for (int i = 0; i < keys.length; i++) {
      ordinals[i] = i;
      next[i] = triggers.get(i).next().map(TriggerStore::time).orElse(null);
    }
    Tuple rows =
        Tuple.from(
            new Object[] {
              workflow,
              keys,
              ordinals,
              triggers.stream().map(Definition::kind).toArray(String[]::new),
              triggers.stream().map(Definition::name).toArray(String[]::new),
              triggers.stream().map(each -> Encoding.json(each.spec())).toArray(String[]::new),
              next
            });
    return client
        .preparedQuery(REMOVE)
        .execute(Tuple.of(workflow, keys))
        .chain(() -> client.preparedQuery(PUT).execute(rows))
        .replaceWithVoid();
  }

  /**
   * Takes the tick that has waited longest and that nobody else is at, and moves its trigger on.
   * The row is locked until then, so a tick is decided by one; if the process dies in between,
   * whoever comes next decides the same tick.
   *
   * @param except {@code workflow + "\n" + key} of triggers to leave alone
   * @return the tick; empty if there is none
   */
  public Uni<Optional<Due>> take(Collection<String> except, Function<Due, Uni<Advance>> decide) {
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(TAKE)
                .execute(Tuple.of(except.toArray(String[]::new)))
                .map(rows -> Queries.first(rows, TriggerStore::due))
                .call(
                    due ->
                        due.isEmpty()
                            ? Uni.createFrom().voidItem()
                            : decide
                                .apply(due.get())
                                .chain(advance -> advance(connection, due.get(), advance))));
  }

  private static Due due(Row row) {
    return new Due(
        row.getString("workflow"),
        row.getString("key"),
        row.getOffsetDateTime("next_at").toInstant(),
        row.getOffsetDateTime("at").toInstant(),
        Optional.ofNullable(row.getUUID("last_run")));
  }

  private static Uni<Void> advance(SqlClient client, Due due, Advance advance) {
    return client
        .preparedQuery(ADVANCE)
        .execute(
            Tuple.from(
                new @Nullable Object[] {
                  due.workflow(),
                  due.key(),
                  advance.next().map(TriggerStore::time).orElse(null),
                  advance.last().map(TriggerStore::time).orElse(null),
                  advance.lastRun().orElse(null),
                  advance.skipped().map(skipped -> time(skipped.tick())).orElse(null),
                  advance.skipped().map(skipped -> Encoding.json(skipped.why())).orElse(null)
                }))
        .replaceWithVoid();
  }

  /** How long until the next tick comes; empty if there is none. */
  public Uni<Optional<Duration>> next() {
    return pool.preparedQuery(NEXT)
        .execute()
        .map(rows -> Queries.first(rows, row -> Duration.ofMillis(row.getLong(0))));
  }

  /** The triggers that wait for a webhook's path or an event's name. */
  public Uni<List<Named>> named(String kind, String name) {
    return pool.preparedQuery(NAMED)
        .execute(Tuple.of(kind, Encoding.text(name)))
        .map(
            rows ->
                Queries.list(
                    rows, row -> new Named(row.getString(0), row.getString(1), row.getBoolean(2))));
  }

  /**
   * Triggers by workflow and their order in its file.
   *
   * @param workflow of this one only
   * @param after the workflow and place of the last one of the page before
   */
  public Uni<List<View>> list(Optional<String> workflow, Place after, int limit) {
    return pool.preparedQuery(LIST)
        .execute(Tuple.of(workflow.orElse(null), after.workflow(), after.ordinal(), limit))
        .map(rows -> Queries.list(rows, TriggerStore::view));
  }

  private static View view(Row row) {
    Optional<Instant> skippedAt = instant(row, "skipped_at");
    return new View(
        row.getString("workflow"),
        row.getString("key"),
        row.getInteger("ordinal"),
        row.getString("kind"),
        RunReader.object(row, "spec"),
        instant(row, "paused_at"),
        instant(row, "next_at"),
        instant(row, "last_at"),
        Optional.ofNullable(row.getUUID("last_run")),
        skippedAt.map(tick -> new Skipped(tick, RunReader.object(row, "skipped"))));
  }

  /**
   * Whether a run of a workflow that was made in {@code [from, to)} ended well.
   *
   * @param prefix of the idempotency keys of runs that do not count
   */
  public Uni<Boolean> endedWell(String workflow, Instant from, Instant to, String prefix) {
    return pool.preparedQuery(ENDED_WELL)
        .execute(Tuple.of(workflow, time(from), time(to), prefix))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /** Lets no trigger of a workflow start a run; false if there is no such workflow. */
  public Uni<Boolean> pause(String workflow) {
    return pool.preparedQuery(PAUSE)
        .execute(Tuple.of(Encoding.text(workflow)))
        .map(rows -> rows.rowCount() > 0);
  }

  /**
   * Ends a pause. What came in it is not caught up with.
   *
   * @param next when the triggers of the workflow that go by the clock come next, by their keys
   * @return false if there is no such workflow
   */
  public Uni<Boolean> resume(String workflow, Function<Instant, Map<String, Instant>> next) {
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(RESUME)
                .execute(Tuple.of(Encoding.text(workflow)))
                .chain(
                    rows -> {
                      Optional<Row> row = Queries.first(rows, Function.identity());
                      if (row.isEmpty() || !row.get().getBoolean(0)) {
                        return Uni.createFrom().item(row.isPresent());
                      }
                      Instant now = row.get().getOffsetDateTime(1).toInstant();
                      return restart(connection, workflow, next.apply(now)).replaceWith(true);
                    }));
  }

  private static Uni<Void> restart(SqlClient client, String workflow, Map<String, Instant> next) {
    List<Tuple> rows =
        next.entrySet().stream()
            .map(entry -> Tuple.of(workflow, entry.getKey(), time(entry.getValue())))
            .toList();
    return rows.isEmpty()
        ? Uni.createFrom().voidItem()
        : client.preparedQuery(RESTART).executeBatch(rows).replaceWithVoid();
  }

  private static Optional<Instant> instant(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
