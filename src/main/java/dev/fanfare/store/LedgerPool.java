package dev.fanfare.store;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;

/** Makes the application's connection pool with the settings that the hot path needs. */
@Singleton
public class LedgerPool implements PgPoolCreator {

  private static final Duration SILENCE = Duration.ofSeconds(60);

  private static boolean isHosted() {
    return ConfigProvider.getConfig()
        .getOptionalValue("fanfare.functions.step", String.class)
        .isPresent();
  }

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

  /**
   * For a process that is frozen between uses: a connection on which nothing has come in for a
   * while is not trusted any more. A network drops such connections without a word, and what is
   * sent on one would wait for a quarter of an hour.
   */
  public static PgConnectOptions hosted(PgConnectOptions options, Duration silence) {
    options.setReadIdleTimeout((int) silence.toMillis()).setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    return options;
  }

  @Override
  public Pool create(Input input) {
    List<SqlConnectOptions> tuned =
        input.pgConnectOptionsList().stream()
            .map(
                options ->
                    (SqlConnectOptions)
                        (isHosted() ? hosted(tuned(options), SILENCE) : tuned(options)))
            .toList();
    return PgBuilder.pool()
        .with(input.poolOptions())
        .connectingTo(tuned)
        .using(input.vertx())
        .build();
  }
}
