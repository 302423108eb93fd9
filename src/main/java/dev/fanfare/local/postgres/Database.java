package dev.fanfare.local.postgres;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where a PostgreSQL database is and how to get in.
 *
 * @param host name or address
 * @param port TCP port
 * @param name name of the database
 * @param user who connects
 * @param password may be empty
 * @param options further parameters of the connection, such as {@code sslmode}
 */
public record Database(
    String host, int port, String name, String user, String password, Map<String, String> options) {

  private static final int DEFAULT_PORT = 5432;

  public Database {
    options = Map.copyOf(options);
  }

  /**
   * Reads {@code postgresql://user:password@host:port/database?sslmode=require}.
   *
   * @throws PostgresException when the text is no such URL; the message never repeats the password
   */
  public static Database parse(String url) throws PostgresException {
    URI uri;
    try {
      uri = new URI(url.strip());
    } catch (URISyntaxException e) {
      throw malformed("it is not a URL (" + e.getReason() + " at character " + e.getIndex() + ")");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("postgresql") && !scheme.equals("postgres")) {
      throw malformed("it does not begin with postgresql://");
    }
    if (uri.getHost() == null) {
      throw malformed("it names no host");
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    if (path.length() < 2) {
      throw malformed("it names no database after the host");
    }
    String userInfo = uri.getRawUserInfo();
    if (userInfo == null) {
      throw malformed("it names no user before the host");
    }
    int colon = userInfo.indexOf(':');
    return new Database(
        uri.getHost(),
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
        path.substring(1),
        decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
        colon < 0 ? "" : decode(userInfo.substring(colon + 1)),
        query(uri.getRawQuery() == null ? "" : uri.getRawQuery()));
  }

  /** The same server and user, another database. */
  public Database named(String other) {
    return new Database(host, port, other, user, password, options);
  }

  /** For JDBC; user and password are given beside it. */
  public String jdbcUrl() {
    return "jdbc:" + address();
  }

  /** For the reactive client; user and password are given beside it. */
  public String reactiveUrl() {
    return address();
  }

  /** Without the password: fit for messages. */
  @Override
  public String toString() {
    return "postgresql://" + user + "@" + host + ":" + port + "/" + name;
  }

  private String address() {
    String query =
        new TreeMap<>(options)
            .entrySet().stream()
                .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
    return "postgresql://"
        + host
        + ":"
        + port
        + "/"
        + encode(name)
        + (query.isEmpty() ? "" : "?")
        + query;
  }

  private static Map<String, String> query(String raw) throws PostgresException {
    Map<String, String> options = new TreeMap<>();
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        options.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      } else if (!pair.isEmpty()) {
        throw malformed("its parameter '" + pair + "' has no value");
      }
    }
    return options;
  }

  private static PostgresException malformed(String why) {
    return new PostgresException(
        "the database URL cannot be used: "
            + why
            + "; write postgresql://user:password@host:5432/database?sslmode=require, with special"
            + " characters percent-encoded");
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
