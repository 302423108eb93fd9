package dev.fanfare.store;

import dev.fanfare.engine.Decision.Acquire.Scope;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;

/**
 * Grants locks of steps and slots of runs, which are rows of {@code hold}.
 *
 * <p>Who asks and who gives back does so with the decision, in any order and process. Grants of one
 * key come one after another: each takes the key's advisory lock, then looks with a fresh snapshot
 * at what has been committed. So of two that ask and one that gives back at the same moment, the
 * last to get the lock sees everything. A grant is a timer of the run that gets it.
 */
public final class SemaphoreStore {

  /** A lock's or slot's key. */
  public record Key(Scope scope, String key) {}

  private static final String KEYS =
      """
      SELECT pg_advisory_xact_lock(o.hash)
        FROM (SELECT DISTINCT hashtextextended(k.scope || ' ' || k.key, 0) AS hash
                FROM unnest($1::text[], $2::text[]) AS k(scope, key)
               ORDER BY hash) o
      """;

  /** Each key with what may and what does hold it; two probes of an index a key. */
  private static final String FREE =
      """
      WITH free AS (
        SELECT k.scope, k.key, n.slots,
               n.slots - (SELECT count(*) FROM hold h
                           WHERE h.scope = k.scope AND h.key = k.key
                             AND h.granted_at IS NOT NULL) AS room
          FROM unnest($1::text[], $2::text[]) AS k(scope, key)
         CROSS JOIN LATERAL (SELECT h.slots FROM hold h
                              WHERE h.scope = k.scope AND h.key = k.key
                              ORDER BY h.asked_at DESC LIMIT 1) n
      )
      """;

  /** The next in line get what is free; as many probes of an index as there are. */
  private static final String GRANT =
      FREE
          + """
          , granted AS (
            UPDATE hold h SET granted_at = now()
              FROM (SELECT w.run_id, w.step
                      FROM free f
                     CROSS JOIN LATERAL (SELECT h.run_id, h.step FROM hold h
                                          WHERE h.scope = f.scope AND h.key = f.key
                                            AND h.granted_at IS NULL
                                          ORDER BY h.priority DESC, h.asked_at, h.run_id, h.step
                                          LIMIT greatest(f.room, 0)) w) next
             WHERE h.run_id = next.run_id AND h.step = next.step AND h.granted_at IS NULL
            RETURNING h.run_id, h.step, h.ticket
          )
          INSERT INTO due (run_id, step, kind, attempt, at)
          SELECT g.run_id, g.step, 'GRANT', g.ticket, now() FROM granted g
          ON CONFLICT (run_id, step, kind)
          DO UPDATE SET attempt = excluded.attempt, at = excluded.at, data = NULL
          """;

  /** Keys that somebody waits for although there is room: whoever was to grant them has died. */
  private static final String STUCK =
      """
      SELECT w.scope, w.key
        FROM (SELECT h.scope, h.key FROM hold h
               WHERE h.granted_at IS NULL GROUP BY h.scope, h.key) w
       WHERE (SELECT count(*) FROM hold h
               WHERE h.scope = w.scope AND h.key = w.key AND h.granted_at IS NOT NULL)
             < (SELECT h.slots FROM hold h WHERE h.scope = w.scope AND h.key = w.key
                 ORDER BY h.asked_at DESC LIMIT 1)
       LIMIT $1
      """;

  private final Pool pool;

  public SemaphoreStore(Pool pool) {
    this.pool = pool;
  }

  /** Grants what is free of these keys; the result is how many timers were set. */
  public Uni<Integer> grant(Collection<Key> keys) {
    Tuple tuple =
        Tuple.of(
            keys.stream().map(key -> key.scope().name()).toArray(String[]::new),
            keys.stream().map(key -> Encoding.text(key.key())).toArray(String[]::new));
    return pool.withTransaction(
        connection ->
            execute(connection, KEYS, tuple).chain(() -> execute(connection, GRANT, tuple)));
  }

  private static Uni<Integer> execute(SqlConnection connection, String sql, Tuple tuple) {
    return connection.preparedQuery(sql).execute(tuple).map(rows -> rows.rowCount());
  }

  /** Keys whose grant was lost with its process. */
  public Uni<List<Key>> stuck(int limit) {
    return pool.preparedQuery(STUCK)
        .execute(Tuple.of(limit))
        .map(
            rows ->
                Queries.list(
                    rows,
                    row -> new Key(Scope.valueOf(row.getString("scope")), row.getString("key"))));
  }
}
