package dev.fanfare.api;

import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Counts rows, to see that nothing was stored. */
@Singleton
class Rows {

  private final Pool pool;

  @Inject
  Rows(Pool pool) {
    this.pool = pool;
  }

  long count(String sql) {
    return pool.query(sql)
        .execute()
        .map(rows -> rows.iterator().next().getLong(0))
        .await()
        .atMost(Duration.ofSeconds(10));
  }

  /** How many rows there are of everything that a request could store. */
  String everything() {
    StringBuilder counts = new StringBuilder();
    for (String table : new String[] {"graph", "workflow", "run", "step", "due", "backlog"}) {
      counts.append(table).append(' ').append(count("SELECT count(*) FROM " + table)).append(' ');
    }
    return counts.toString();
  }
}
