package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * The connections of a process that was frozen: the network may have dropped them meanwhile, which
 * shows only when something is sent.
 */
public final class Connections {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Pool pool;

  public Connections(Pool pool) {
    this.pool = pool;
  }

  /**
   * Asks each open connection for a sign of life, all at once; one that has died is dropped from
   * the pool. Costs one round trip. Never fails.
   */
  public Uni<Void> check() {
    int open = pool.size();
    if (open == 0) {
      return Uni.createFrom().voidItem();
    }
    return Uni.join()
        .all(Stream.generate(this::one).limit(open).toList())
        .andCollectFailures()
        .replaceWithVoid()
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> one() {
    return pool.getConnection()
        .chain(
            connection ->
                connection
                    .query("SELECT 1")
                    .execute()
                    .ifNoItem()
                    .after(PATIENCE)
                    .fail()
                    .onItemOrFailure()
                    .call(connection::close)
                    .replaceWithVoid());
  }
}
