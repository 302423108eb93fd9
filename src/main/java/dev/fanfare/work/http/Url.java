package dev.fanfare.work.http;

import dev.fanfare.work.WorkException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a request goes.
 *
 * @param uri without user, password and fragment
 * @param authorization the header that user and password of the URL stand for
 */
record Url(URI uri, Optional<String> authorization) {

  /**
   * A URL as a person wrote it, with more query parameters.
   *
   * @throws WorkException code {@code http_invalid}
   */
  static Url of(String written, Map<String, String> query) throws WorkException {
    try {
      return of(new URI(written.strip()), query);
    } catch (URISyntaxException e) {
      throw invalid(
          ("The URL is not valid at character %d: %s. Characters such as spaces are written as"
                  + " %%20; parameters belong under `query`.")
              .formatted(e.getIndex() + 1, e.getReason()));
    }
  }

  private static Url of(URI written, Map<String, String> query)
      throws WorkException, URISyntaxException {
    String scheme = written.getScheme() == null ? "" : written.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw invalid(
          "The URL must begin with http:// or https://, but its scheme is \"%s\"."
              .formatted(scheme));
    }
    if (written.getHost() == null) {
      throw invalid("The URL names no host.");
    }
    String port = written.getPort() < 0 ? "" : ":" + written.getPort();
    String path = written.getRawPath().isEmpty() ? "/" : written.getRawPath();
    String all = query(written, query);
    URI uri = new URI(scheme + "://" + written.getHost() + port + path + all);
    return new Url(uri, Optional.ofNullable(written.getUserInfo()).map(Url::basic));
  }

  private static String query(URI written, Map<String, String> more) {
    String added =
        more.entrySet().stream()
            .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&"));
    String first = written.getRawQuery() == null ? "" : written.getRawQuery();
    String all = first + (first.isEmpty() || added.isEmpty() ? "" : "&") + added;
    return all.isEmpty() ? "" : "?" + all;
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String basic(String userInfo) {
    byte[] bytes = userInfo.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private static WorkException invalid(String message) {
    return new WorkException("http_invalid", message);
  }

  /** Scheme, host and port are the same, so credentials may travel along. */
  boolean sameOrigin(URI other) {
    return uri.getScheme().equalsIgnoreCase(other.getScheme())
        && uri.getHost().equalsIgnoreCase(other.getHost())
        && uri.getPort() == other.getPort();
  }
}
