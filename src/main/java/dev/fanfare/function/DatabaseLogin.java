package dev.fanfare.function;

import org.eclipse.microprofile.config.Config;

/**
 * The database of this process for JDBC, which migrations speak.
 *
 * @param jdbcUrl without user and password
 */
record DatabaseLogin(String jdbcUrl, String user, String password) {

  private static final String URL = "quarkus.datasource.reactive.url";
  private static final String VERTX = "vertx-reactive:";

  /** Never the password. */
  @Override
  public String toString() {
    return jdbcUrl + " as " + user;
  }

  /**
   * The one that the pool of this process uses.
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
    return new DatabaseLogin(
        "jdbc:" + plain.replaceFirst("^postgres:", "postgresql:"),
        config.getOptionalValue("quarkus.datasource.username", String.class).orElse(""),
        config.getOptionalValue("quarkus.datasource.password", String.class).orElse(""));
  }
}
