package dev.fanfare.store;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.ClientBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes the application's connection pool with the settings that the hot path needs. It connects
 * when something is first asked of it.
 */
@Singleton
public class LedgerPool implements PgPoolCreator {

  private static final int CONNECT_MILLIS = 5_000;

  private final Instance<LoginSource> logins;
  private final Optional<String> lambda;
  private final int connections;
  private final int idleSeconds;
  private final int lifetimeSeconds;

  /**
   * @param logins who the process is, where the settings do not say so
   * @param lambda where Lambda's runtime is; empty if this process is no function
   * @param connections most connections of a function
   * @param idleSeconds a function's connection that was not used for so long is closed: whoever is
   *     between may have dropped it while the environment was frozen
   * @param lifetimeSeconds a function's connection is not used for longer
   */
  @Inject
  LedgerPool(
      Instance<LoginSource> logins,
      @ConfigProperty(name = "fanfare.lambda") Optional<String> lambda,
      @ConfigProperty(name = "fanfare.database.connections", defaultValue = "2") int connections,
      @ConfigProperty(name = "fanfare.database.idle", defaultValue = "60") int idleSeconds,
      @ConfigProperty(name = "fanfare.database.lifetime", defaultValue = "900")
          int lifetimeSeconds) {
    this.logins = logins;
    this.lambda = lambda;
    this.connections = connections;
    this.idleSeconds = idleSeconds;
    this.lifetimeSeconds = lifetimeSeconds;
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
    boolean function = lambda.isPresent();
    PoolOptions options = function ? few(input.poolOptions()) : input.poolOptions();
    List<SqlConnectOptions> tuned =
        input.pgConnectOptionsList().stream()
            .map(each -> function ? patient(each) : each)
            .map(each -> (SqlConnectOptions) tuned(each))
            .toList();
    ClientBuilder<Pool> builder = PgBuilder.pool().with(options).using(input.vertx());
    Optional<LoginSource> source = logins.stream().findFirst();
    if (source.flatMap(LoginSource::login).isEmpty()) {
      return builder.connectingTo(tuned).build();
    }
    return builder.connectingTo(() -> as(source.get(), tuned.getFirst())).build();
  }

  /** A thousand environments share one database. */
  private PoolOptions few(PoolOptions options) {
    return options
        .setMaxSize(connections)
        .setIdleTimeout(idleSeconds)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setMaxLifetime(lifetimeSeconds)
        .setMaxLifetimeUnit(TimeUnit.SECONDS);
  }

  private PgConnectOptions patient(PgConnectOptions options) {
    options.setConnectTimeout(CONNECT_MILLIS);
    options.setTcpKeepAlive(true);
    return hosted(options, Duration.ofSeconds(idleSeconds));
  }

  private static Future<SqlConnectOptions> as(LoginSource source, SqlConnectOptions options) {
    return Future.fromCompletionStage(
        source
            .login()
            .orElseGet(() -> Uni.createFrom().failure(new IllegalStateException("no login")))
            .map(
                login ->
                    new PgConnectOptions((PgConnectOptions) options)
                        .setUser(login.user())
                        .setPassword(login.password()))
            .map(each -> (SqlConnectOptions) each)
            .subscribeAsCompletionStage());
  }
}
