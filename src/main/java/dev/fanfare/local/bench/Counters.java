package dev.fanfare.local.bench;

import dev.fanfare.function.EngineRoom;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;

/**
 * What PostgreSQL and the invoker have counted so far.
 *
 * <p>Commits come from {@code pg_stat_database}, which PostgreSQL brings up to date about once a
 * second. Every statement of the engine is a transaction of its own, so commits are statements too.
 */
record Counters(long commits, long invocations) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The difference of two readings. */
  record Delta(long commits, long statements, long invocations) {}

  static Counters read(Pool pool, EngineRoom room) {
    pool.query("SELECT pg_stat_force_next_flush()").execute().await().atMost(PATIENCE);
    Row row =
        pool.query("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
            .execute()
            .await()
            .atMost(PATIENCE)
            .iterator()
            .next();
    return new Counters(row.getLong(0), room.invoker().count());
  }

  Delta since(Counters before) {
    long done = commits - before.commits;
    return new Delta(done, done, invocations - before.invocations);
  }
}
