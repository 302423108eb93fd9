package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Circuit breakers. The decision that ends an attempt also tells its breaker; here attempts are let
 * through.
 *
 * <p>Closed while {@code open_until} is null. Then open until that time, and from then on half
 * open: whoever sets {@code trial_until} first tries, alone, until the outcome is told or that time
 * has come, so that a trial that is lost does not block for ever.
 */
public final class BreakerStore {

  /** One probe of the primary key; writes only the first time and when a trial begins. */
  private static final String ADMIT =
      """
      WITH made AS (
        INSERT INTO breaker (name, failures) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING
      ), trial AS (
        UPDATE breaker SET trial_until = now() + $2 * interval '1 millisecond', trial_by = $3
         WHERE name = $1 AND open_until <= now()
           AND (trial_until IS NULL OR trial_until <= now() OR trial_by = $3)
        RETURNING name
      )
      SELECT (SELECT count(*) FROM trial) = 1 AS trial,
             (SELECT ceil(extract(epoch FROM greatest(b.open_until, b.trial_until) - now()) * 1000)
                FROM breaker b WHERE b.name = $1 AND b.open_until IS NOT NULL)::bigint AS closed_ms
      """;

  /** Whether an attempt may begin. */
  public sealed interface Admission {
    /**
     * It may.
     *
     * @param trial whether it is the one that tries
     */
    record Through(boolean trial) implements Admission {}

    /**
     * It may not.
     *
     * @param retryAfter until when it is no use to ask again
     */
    record Refused(Duration retryAfter) implements Admission {}
  }

  private final Pool pool;

  public BreakerStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * Asks a breaker to let an attempt through.
   *
   * @param by who asks: whoever was let through to try is so again, since two processes may read
   *     the same question
   * @param recovery how long the breaker stays open, and how long a trial may take
   */
  public Uni<Admission> admit(String name, Duration recovery, String by) {
    return pool.preparedQuery(ADMIT)
        .execute(Tuple.of(Encoding.text(name), recovery.toMillis(), Encoding.text(by)))
        .map(
            rows ->
                Queries.first(
                        rows,
                        row ->
                            admission(row.getBoolean("trial"), row.getLong("closed_ms"), recovery))
                    .orElseThrow());
  }

  private static Admission admission(boolean trial, @Nullable Long closedMs, Duration recovery) {
    if (trial || closedMs == null) {
      return new Admission.Through(trial);
    }
    // Somebody else may have begun a trial meanwhile: then the time that was read is over.
    return new Admission.Refused(closedMs > 0 ? Duration.ofMillis(closedMs) : recovery);
  }
}
