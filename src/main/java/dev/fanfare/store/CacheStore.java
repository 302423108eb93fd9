package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Results of steps that other runs may use; the decision that ends a step stores them. Keys are
 * kept as digests, since they may be of any length.
 */
public final class CacheStore {

  private static final String GET =
      """
      SELECT output FROM cache_entry
       WHERE key = $1 AND (expires_at IS NULL OR expires_at > now())
      """;

  /** One range of the index on {@code expires_at}. */
  private static final String SWEEP =
      """
      DELETE FROM cache_entry
       WHERE key IN (SELECT key FROM cache_entry WHERE expires_at <= now()
                      ORDER BY expires_at LIMIT $1)
      """;

  private final Pool pool;

  public CacheStore(Pool pool) {
    this.pool = pool;
  }

  /** A result that is fresh. */
  public Uni<Optional<Map<String, Object>>> get(String key) {
    return pool.preparedQuery(GET)
        .execute(Tuple.of(digest(key)))
        .map(rows -> Queries.first(rows, row -> RunReader.object(row, "output")));
  }

  /** Removes results that are stale, at most so many; the result is how many there were. */
  public Uni<Integer> sweep(int limit) {
    return pool.preparedQuery(SWEEP).execute(Tuple.of(limit)).map(rows -> rows.rowCount());
  }

  static String digest(String key) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
