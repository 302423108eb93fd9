package dev.fanfare.function;

import dev.fanfare.store.LoginSource;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * The database of this process for JDBC, which migrations speak.
 *
 * @param jdbcUrl without user and password
 */
record DatabaseLogin(String jdbcUrl, String user, String password) {

  private static final String URL = "quarkus.datasource.reactive.url";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String VERTX = "vertx-reactive:";

  /** Never the password. */
  @Override
  public String toString() {
    return jdbcUrl + " as " + user;
  }

  /**
   * The one that the pool of this process uses, with the login that it has now.
   *
   * @throws SettingException where none is named
   */
  static DatabaseLogin of(Config config) {
    String url =
        config
            .getOptionalValue(URL, String.class)
            .orElseThrow(
                () ->
                    new SettingException(
                        "no database is named: set QUARKUS_DATASOURCE_REACTIVE_URL to"
                            + " postgresql://HOST:5432/NAME"));
    String plain = url.startsWith(VERTX) ? url.substring(VERTX.length()) : url;
    String jdbc = "jdbc:" + plain.replaceFirst("^postgres:", "postgresql:");
    Optional<LoginSource.Login> secret =
        new DatabaseSecret(config).login().map(login -> login.await().atMost(PATIENCE));
    return new DatabaseLogin(
        jdbc,
        secret
            .map(LoginSource.Login::user)
            .or(() -> config.getOptionalValue("quarkus.datasource.username", String.class))
            .orElse(""),
        secret
            .map(LoginSource.Login::password)
            .or(() -> config.getOptionalValue("quarkus.datasource.password", String.class))
            .orElse(""));
  }
}
