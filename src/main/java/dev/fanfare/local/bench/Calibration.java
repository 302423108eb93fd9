package dev.fanfare.local.bench;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;

/** What the disk and the driver can do at this moment: one client, one small update, one commit. */
final class Calibration {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int UPDATES = 500;

  private Calibration() {}

  static double commitsPerSecond(Pool pool) {
    SqlConnection connection = pool.getConnection().await().atMost(PATIENCE);
    try {
      query(
          connection, "CREATE TABLE IF NOT EXISTS fanfare_calibration (id int PRIMARY KEY, n int)");
      query(connection, "INSERT INTO fanfare_calibration VALUES (1, 0) ON CONFLICT DO NOTHING");
      long start = System.nanoTime();
      for (int i = 0; i < UPDATES; i++) {
        connection
            .preparedQuery("UPDATE fanfare_calibration SET n = n + 1 WHERE id = 1")
            .execute()
            .await()
            .atMost(PATIENCE);
      }
      return UPDATES / ((System.nanoTime() - start) / 1e9);
    } finally {
      query(connection, "DROP TABLE IF EXISTS fanfare_calibration");
      connection.close().await().atMost(PATIENCE);
    }
  }

  private static void query(SqlConnection connection, String sql) {
    connection.query(sql).execute().await().atMost(PATIENCE);
  }
}
