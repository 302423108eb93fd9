package dev.fanfare.testing;

import dev.fanfare.local.postgres.Database;
import dev.fanfare.store.LedgerPool;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * A database of its own for one test or test class, dropped at its end.
 *
 * <p>{@code try (TestDatabase database = TestDatabase.fresh()) { ... database.pool() ... }}
 */
public final class TestDatabase implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int POOL_SIZE = 8;

  private final Database database;
  private final Vertx vertx;
  private final Pool pool;

  private TestDatabase(Database database) {
    this.database = database;
    this.vertx = Vertx.vertx();
    this.pool = pool(POOL_SIZE);
  }

  /** With the schema of this build. */
  public static TestDatabase fresh() {
    return new TestDatabase(TestServer.get().fresh());
  }

  /** Without a schema. */
  public static TestDatabase blank() {
    return new TestDatabase(TestServer.get().blank());
  }

  public Database database() {
    return database;
  }

  /** Eight connections, pipelined. */
  public Pool pool() {
    return pool;
  }

  /** Another pool on the same database; closed with it. */
  public Pool pool(int size) {
    return pool(size, database.port(), UnaryOperator.identity());
  }

  /** Another pool on the same database by way of another port; closed with it. */
  public Pool pool(int size, int port, UnaryOperator<PgConnectOptions> change) {
    PgConnectOptions connect =
        new PgConnectOptions()
            .setHost(database.host())
            .setPort(port)
            .setDatabase(database.name())
            .setUser(database.user())
            .setPassword(database.password())
            .setCachePreparedStatements(true)
            .setPipeliningLimit(256);
    return Pool.newInstance(
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(size))
            .connectingTo(change.apply(LedgerPool.tuned(connect)))
            .using(vertx.getDelegate())
            .build());
  }

  /** A JDBC connection, for looking at what a test has left. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
  }

  @Override
  public void close() {
    pool.close().await().atMost(PATIENCE);
    vertx.close().await().atMost(PATIENCE);
    TestServer.get().drop(database);
  }
}
