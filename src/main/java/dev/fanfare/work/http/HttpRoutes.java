package dev.fanfare.work.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where requests really go: a file that names a service can be tried against a stand-in of it, such
 * as a mock on this machine, without being changed.
 *
 * <p>The stand-in finds the address that was asked for in {@code X-Forwarded-Proto} and {@code
 * X-Forwarded-Host}. Whatever else depends on the address, such as which credentials travel along a
 * redirect, goes by the one that was asked for.
 */
public final class HttpRoutes {

  /** Every request goes where it says. */
  public static final HttpRoutes NONE = new HttpRoutes(Map.of());

  private final Map<String, URI> routes;

  private HttpRoutes(Map<String, URI> routes) {
    this.routes = Map.copyOf(routes);
  }

  /**
   * Routes as a setting writes them.
   *
   * @param written {@code https://api.example.com=http://127.0.0.1:8080;...}: origins, each with
   *     the one to go to instead
   * @throws IllegalArgumentException for anything else, with a sentence
   */
  public static HttpRoutes of(String written) {
    Map<String, URI> routes = new LinkedHashMap<>();
    for (String entry : written.split(";", -1)) {
      if (!entry.isBlank()) {
        String[] sides = entry.strip().split("=", 2);
        if (sides.length < 2) {
          throw wrong(entry);
        }
        routes.put(key(origin(sides[0], entry)), origin(sides[1], entry));
      }
    }
    return new HttpRoutes(routes);
  }

  private static URI origin(String text, String entry) {
    try {
      URI uri = new URI(text.strip());
      boolean bare = uri.getRawPath() == null || Set.of("", "/").contains(uri.getRawPath());
      if (uri.getHost() != null && isHttp(uri) && bare && uri.getRawQuery() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw wrong(entry);
  }

  private static boolean isHttp(URI uri) {
    return Set.of("http", "https").contains(uri.getScheme().toLowerCase(Locale.ROOT));
  }

  private static IllegalArgumentException wrong(String entry) {
    return new IllegalArgumentException(
        "a route is written https://api.example.com=http://127.0.0.1:8080, and not '"
            + entry.strip()
            + "'");
  }

  /** Scheme, host and port; a port that goes without saying is said. */
  private static String key(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int standard = scheme.equals("https") ? 443 : 80;
    int port = uri.getPort() < 0 ? standard : uri.getPort();
    return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
  }

  /** Whether requests to this address go somewhere else. */
  boolean has(URI uri) {
    return !routes.isEmpty() && routes.containsKey(key(uri));
  }

  /** Where a request to this address goes. */
  URI target(URI uri) {
    URI instead = routes.get(key(uri));
    if (instead == null) {
      return uri;
    }
    String port = instead.getPort() < 0 ? "" : ":" + instead.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return URI.create(
        instead.getScheme() + "://" + instead.getHost() + port + uri.getRawPath() + query);
  }
}
