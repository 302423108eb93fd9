package dev.fanfare.store;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Singleton;
import java.util.List;

/** Makes the application's connection pool with the settings that the hot path needs. */
@Singleton
public class LedgerPool implements PgPoolCreator {

  /**
   * Every statement is parsed once a connection. The driver's own limit of 2,048 characters leaves
   * out just those that matter: uncached, a report cost a second round trip and 2 ms of parsing and
   * planning.
   */
  public static PgConnectOptions tuned(PgConnectOptions options) {
    return options
        .setCachePreparedStatements(true)
        .setPreparedStatementCacheMaxSize(256)
        .setPreparedStatementCacheSqlFilter(sql -> true);
  }

  @Override
  public Pool create(Input input) {
    List<SqlConnectOptions> tuned =
        input.pgConnectOptionsList().stream()
            .map(options -> (SqlConnectOptions) tuned(options))
            .toList();
    return PgBuilder.pool()
        .with(input.poolOptions())
        .connectingTo(tuned)
        .using(input.vertx())
        .build();
  }
}
