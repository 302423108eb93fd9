package dev.fanfare.store;

import dev.fanfare.engine.Decision.Acquire.Scope;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Grants locks of steps and slots of runs, which are rows of {@code hold}.
 *
 * <p>Who asks and who gives back does so with the decision, in any order and process. Grants of one
 * key come one after another: each takes the key's advisory lock, then looks with a fresh snapshot
 * at what has been committed. So of two that ask and one that gives back at the same moment, the
 * last to get the lock sees everything. A grant is a timer of the run that gets it, and so is what
 * the policies of runs come to: a cancel of those that are superseded, a refusal.
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

  /**
   * Of a key for which somebody waits who cancels older ones, as many of the newest may stay as may
   * hold it; the others are told once, and those in line leave it.
   */
  private static final String SUPERSEDE =
      FREE
          + """
          , newest AS (
            SELECT f.scope, f.key, f.slots, n.run_id, n.asked_at
              FROM free f
             CROSS JOIN LATERAL (SELECT h.run_id, h.asked_at FROM hold h
                                  WHERE h.scope = f.scope AND h.key = f.key
                                    AND h.granted_at IS NULL AND h.policy = 'CANCEL_OLDER'
                                  ORDER BY h.asked_at DESC, h.run_id DESC LIMIT 1) n
             WHERE f.slots > 0
          ), older AS (
            SELECT o.run_id, o.step, o.ticket, o.key, o.newer
              FROM (SELECT h.run_id, h.step, h.ticket, h.key, h.superseded_by, n.slots,
                           n.run_id AS newer,
                           row_number() OVER (PARTITION BY h.scope, h.key
                                              ORDER BY h.asked_at DESC, h.run_id DESC) AS place
                      FROM newest n
                      JOIN hold h ON h.scope = n.scope AND h.key = n.key
                       AND (h.asked_at, h.run_id) <= (n.asked_at, n.run_id)) o
             WHERE o.place > o.slots AND o.superseded_by IS NULL
          ), left_line AS (
            DELETE FROM hold h USING older o
             WHERE h.run_id = o.run_id AND h.step = o.step AND h.granted_at IS NULL
          ), told AS (
            UPDATE hold h SET superseded_by = o.newer FROM older o
             WHERE h.run_id = o.run_id AND h.step = o.step AND h.granted_at IS NOT NULL
          )
          INSERT INTO due (run_id, step, kind, attempt, at, data)
          SELECT o.run_id, o.step, 'CANCEL', o.ticket, now(),
                 json_build_object('supersededBy', o.newer, 'key', o.key)
            FROM older o
          ON CONFLICT (run_id, step, kind) DO NOTHING
          """;

  /** Who does not wait leaves the line of a key without room, and is told who has it. */
  private static final String REFUSE =
      FREE
          + """
          , refused AS (
            DELETE FROM hold h USING free f
             WHERE h.scope = f.scope AND h.scope = 'RUN' AND h.key = f.key AND f.room <= 0
               AND h.granted_at IS NULL AND h.policy IN ('REJECT', 'SKIP')
            RETURNING h.run_id, h.step, h.ticket, h.scope, h.key, h.policy, f.slots
          )
          INSERT INTO due (run_id, step, kind, attempt, at, data)
          SELECT r.run_id, r.step, 'REFUSE', r.ticket, now(),
                 json_build_object(
                   'policy', r.policy, 'key', r.key, 'limit', r.slots,
                   'holders', (SELECT coalesce(json_agg(o.run_id), '[]')
                                 FROM (SELECT h.run_id FROM hold h
                                        WHERE h.scope = r.scope AND h.key = r.key
                                          AND h.granted_at IS NOT NULL
                                        ORDER BY h.granted_at LIMIT 10) o))
            FROM refused r
          ON CONFLICT (run_id, step, kind)
          DO UPDATE SET attempt = excluded.attempt, at = excluded.at, data = excluded.data
          """;

  /**
   * Of those who wait for a lock and leave it to younger runs, all leave the line that are of an
   * older run than another of their workflow in it, or than who holds it.
   */
  private static final String SKIP_OLDER =
      """
      WITH older AS (
        DELETE FROM hold h
         USING unnest($1::text[], $2::text[]) AS k(scope, key), run r
         WHERE k.scope = 'LOCK' AND h.scope = k.scope AND h.key = k.key
           AND h.granted_at IS NULL AND h.policy = 'SKIP' AND r.id = h.run_id
           AND EXISTS (SELECT 1 FROM hold o JOIN run s ON s.id = o.run_id
                        WHERE o.scope = h.scope AND o.key = h.key AND s.workflow = r.workflow
                          AND (s.created_at, s.id) > (r.created_at, r.id))
        RETURNING h.run_id, h.step, h.ticket, h.scope, h.key, r.workflow
      )
      INSERT INTO due (run_id, step, kind, attempt, at, data)
      SELECT o.run_id, o.step, 'REFUSE', o.ticket, now(),
             json_build_object('key', o.key, 'run',
               (SELECT s.id FROM hold h JOIN run s ON s.id = h.run_id
                 WHERE h.scope = o.scope AND h.key = o.key AND s.workflow = o.workflow
                 ORDER BY s.created_at DESC, s.id DESC LIMIT 1))
        FROM older o
      ON CONFLICT (run_id, step, kind)
      DO UPDATE SET attempt = excluded.attempt, at = excluded.at, data = excluded.data
      """;

  /** Keys that somebody waits for although there is room: whoever was to grant them has died. */
  private static final String STUCK =
      """
      SELECT w.scope, w.key
        FROM (SELECT h.scope, h.key, bool_or(h.policy <> 'QUEUE') AS impatient FROM hold h
               WHERE h.granted_at IS NULL GROUP BY h.scope, h.key) w
       WHERE w.impatient
          OR (SELECT count(*) FROM hold h
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
    boolean runs = keys.stream().anyMatch(key -> key.scope() == Scope.RUN);
    boolean locks = keys.stream().anyMatch(key -> key.scope() == Scope.LOCK);
    List<String> statements = new ArrayList<>();
    if (locks) {
      statements.add(SKIP_OLDER);
    }
    if (runs) {
      statements.add(SUPERSEDE);
    }
    statements.add(GRANT);
    if (runs) {
      statements.add(REFUSE);
    }
    return pool.withTransaction(
        connection -> {
          Uni<Integer> timers = execute(connection, KEYS, tuple).replaceWith(0);
          for (String statement : statements) {
            timers =
                timers.chain(
                    before -> execute(connection, statement, tuple).map(more -> before + more));
          }
          return timers;
        });
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
