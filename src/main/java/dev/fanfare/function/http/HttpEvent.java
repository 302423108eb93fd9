package dev.fanfare.function.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An event of payload format 2.0.
 *
 * @param method as it was sent
 * @param target path and query as they were sent
 * @param headers names in the case of the event; several values of a name are one, with commas
 * @param body the bytes
 * @param url where the API is for the caller: scheme, name and stage, without a slash at the end
 * @param host name under which it was called; empty where the event has none
 * @param iam ARN of the caller whose signature AWS has verified
 * @see <a href=
 *     "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">the
 *     format</a>
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
public record HttpEvent(
    String method,
    String target,
    List<Map.Entry<String, String>> headers,
    byte[] body,
    String url,
    String host,
    Optional<String> iam) {

  private static final String VERSION = "2.0";
  private static final String CONTEXT = "requestContext";
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final String NO_STAGE = "$default";

  /** They belong to a connection or are set anew; forwarded ones are AWS's word alone. */
  private static final Set<String> OWN =
      Set.of(
          "connection",
          "content-length",
          "cookie",
          "expect",
          "forwarded",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "x-forwarded-host",
          "x-forwarded-prefix",
          "x-forwarded-proto",
          HttpCalls.TICKET);

  public HttpEvent {
    headers = List.copyOf(headers);
  }

  /** Whether an event is a request over HTTP, of whatever format. */
  public static boolean isHttp(Map<String, Object> event) {
    return event.get(CONTEXT) instanceof Map<?, ?> context
        && (context.containsKey("http")
            || context.containsKey("elb")
            || event.containsKey("httpMethod")
            || event.containsKey("rawPath"));
  }

  /**
   * Reads an event.
   *
   * @throws BadEventException for another format, and for what cannot be a request
   */
  public static HttpEvent of(Map<String, Object> event) throws BadEventException {
    if (!VERSION.equals(event.get("version"))) {
      Object version = event.get("version");
      throw new BadEventException(
          "this function takes HTTP events of payload format 2.0, as function URLs and HTTP APIs"
              + " send them, and this one "
              + (version == null ? "names no version" : "is of version " + version)
              + "; set the payload format version of the integration to 2.0");
    }
    Map<?, ?> context = map(event.get(CONTEXT));
    Map<?, ?> http = map(context.get("http"));
    String method = text(http.get("method"));
    if (!TOKEN.matcher(method).matches() || method.equals("CONNECT")) {
      throw new BadEventException(
          "the event has no method of HTTP in requestContext.http.method, but '" + method + "'");
    }
    String stage = text(context.get("stage"));
    String prefix = stage.isEmpty() || stage.equals(NO_STAGE) ? "" : "/" + stage;
    String path = text(event.get("rawPath"));
    if (!path.startsWith("/")) {
      throw new BadEventException("the event has no path in rawPath, but '" + path + "'");
    }
    boolean staged = !prefix.isEmpty() && (path + "/").startsWith(prefix + "/");
    String below = staged ? path.substring(prefix.length()) : path;
    String query = text(event.get("rawQueryString"));
    String host = text(context.get("domainName"));
    return new HttpEvent(
        method,
        RequestTarget.of(below.isEmpty() ? "/" : below, query),
        headers(event),
        body(event),
        "https://" + host + (staged ? prefix : ""),
        host,
        iam(context));
  }

  private static List<Map.Entry<String, String>> headers(Map<String, Object> event)
      throws BadEventException {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    Optional<String> cookie = Optional.empty();
    for (Map.Entry<?, ?> header : map(event.get("headers")).entrySet()) {
      String name = text(header.getKey());
      String value = value(name, text(header.getValue()));
      if (name.toLowerCase(Locale.ROOT).equals("cookie")) {
        cookie = Optional.of(value);
      } else if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
        headers.add(Map.entry(name, value));
      }
    }
    if (event.get("cookies") instanceof List<?> cookies && !cookies.isEmpty()) {
      String all = cookies.stream().map(HttpEvent::text).collect(Collectors.joining("; "));
      cookie = Optional.of(value("cookie", all));
    }
    cookie.ifPresent(value -> headers.add(Map.entry("cookie", value)));
    return headers;
  }

  /** A header's value as characters that are bytes on the wire; text beyond ASCII is UTF-8. */
  private static String value(String name, String value) throws BadEventException {
    boolean clean = value.chars().noneMatch(c -> c == '\t' ? false : c < ' ' || c == 0x7f);
    if (!TOKEN.matcher(name).matches() || !clean) {
      throw new BadEventException("the event's header '" + name + "' cannot be one");
    }
    return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static byte[] body(Map<String, Object> event) throws BadEventException {
    String body = text(event.get("body"));
    if (!Boolean.TRUE.equals(event.get("isBase64Encoded"))) {
      return body.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new BadEventException("the event's body is said to be base64 and is not");
    }
  }

  private static Optional<String> iam(Map<?, ?> context) {
    return Optional.of(text(map(map(context.get("authorizer")).get("iam")).get("userArn")))
        .filter(arn -> !arn.isEmpty());
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
