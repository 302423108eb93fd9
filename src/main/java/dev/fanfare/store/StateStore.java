package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values that outlive runs, each under a key in a scope, some until their time is up. */
public final class StateStore {

  private static final String GET =
      """
      SELECT value FROM flow_state
       WHERE scope = $1 AND key = $2 AND (expires_at IS NULL OR expires_at > now())
      """;

  /** One probe of the primary key, and a few stale rows, which nobody else would remove. */
  private static final String SET =
      """
      WITH stale AS (
        DELETE FROM flow_state f
         USING (SELECT scope, key FROM flow_state
                 WHERE expires_at <= now() AND (scope, key) <> ($1, $2)
                 ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED) s
         WHERE f.scope = s.scope AND f.key = s.key
      )
      INSERT INTO flow_state (scope, key, value, expires_at)
      VALUES ($1, $2, $3::text::json, now() + $4::float8 * interval '1 ms')
      ON CONFLICT (scope, key)
      DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
      """;

  /** No row comes back where the value is no whole number. */
  private static final String INCREMENT =
      """
      INSERT INTO flow_state AS s (scope, key, value)
      VALUES ($1, $2, to_json($3::bigint))
      ON CONFLICT (scope, key) DO UPDATE
         SET value = CASE WHEN s.expires_at <= now() THEN excluded.value
                          ELSE to_json((s.value #>> '{}')::bigint + $3) END,
             expires_at = CASE WHEN s.expires_at <= now() THEN NULL ELSE s.expires_at END
       WHERE s.expires_at <= now() OR (s.value #>> '{}') ~ '^-?[0-9]{1,18}$'
      RETURNING (value #>> '{}')::bigint AS sum
      """;

  private static final String DELETE =
      """
      DELETE FROM flow_state WHERE scope = $1 AND key = $2
      RETURNING expires_at IS NULL OR expires_at > now() AS fresh
      """;

  private final Pool pool;

  public StateStore(Pool pool) {
    this.pool = pool;
  }

  /** A value; its absence is not the value null. */
  public record Found(@Nullable Object value) {}

  public Uni<Optional<Found>> get(String scope, String key) {
    return pool.preparedQuery(GET)
        .execute(Tuple.of(scope, Encoding.text(key)))
        .map(rows -> Queries.first(rows, row -> new Found(RunReader.value(row, "value"))));
  }

  /**
   * Sets a value.
   *
   * @param ttl how long it lasts; empty for ever
   */
  public Uni<Void> set(String scope, String key, @Nullable Object value, Optional<Duration> ttl) {
    return pool.preparedQuery(SET)
        .execute(
            Tuple.of(
                scope,
                Encoding.text(key),
                Encoding.jsonOrNull(value),
                ttl.map(time -> (double) time.toMillis()).orElse(null)))
        .replaceWithVoid();
  }

  /** Adds to a whole number and gives the sum; empty where the value is none. */
  public Uni<Optional<Long>> increment(String scope, String key, long by) {
    return pool.preparedQuery(INCREMENT)
        .execute(Tuple.of(scope, Encoding.text(key), by))
        .map(rows -> Queries.first(rows, row -> row.getLong("sum")));
  }

  /** Removes a value; false where there was none, or its time was up. */
  public Uni<Boolean> delete(String scope, String key) {
    return pool.preparedQuery(DELETE)
        .execute(Tuple.of(scope, Encoding.text(key)))
        .map(rows -> Queries.first(rows, row -> row.getBoolean("fresh")).orElse(false));
  }
}
