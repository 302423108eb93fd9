package dev.fanfare.testing.lambda;

import dev.fanfare.json.Json;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A function URL: HTTP requests become events of payload format 2.0, and answers HTTP again. */
public final class FunctionUrl implements AutoCloseable {

  /** Who may call. */
  public enum Auth {
    NONE,
    AWS_IAM
  }

  private static final int LARGEST = 6 << 20;
  private static final String ID = "local0url";
  private static final String DOMAIN = ID + ".lambda-url." + LambdaHost.REGION + ".on.aws";
  private static final Pattern ACCESS_KEY = Pattern.compile("Credential=([^/,]+)/");

  /** Content types whose bodies travel as text; all others are base64. */
  private static final Pattern TEXT =
      Pattern.compile(
          "(text/.*|application/(json|javascript|xml|.*\\+json|.*\\+xml))(;.*)?",
          Pattern.CASE_INSENSITIVE);

  /** Headers of an answer that the service keeps for itself. */
  private static final Set<String> REMAPPED =
      Set.of(
          "connection",
          "content-length",
          "date",
          "server",
          "transfer-encoding",
          "upgrade",
          "www-authenticate");

  private final HttpServer server;
  private final Fleet fleet;
  private final Auth auth;

  FunctionUrl(Vertx vertx, Fleet fleet, Auth auth) {
    this.fleet = fleet;
    this.auth = auth;
    this.server =
        vertx
            .createHttpServer(LambdaHost.loopback())
            .requestHandler(
                request -> request.body().onSuccess(body -> handle(request, body.getBytes())))
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  private void handle(HttpServerRequest request, byte[] body) {
    String authorization = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
    Matcher key = ACCESS_KEY.matcher(authorization);
    boolean signed = authorization.startsWith("AWS4-HMAC-SHA256 ") && key.find();
    if (auth == Auth.AWS_IAM && !signed) {
      refuse(request, 403, "Forbidden");
      return;
    }
    if (body.length > LARGEST) {
      refuse(request, 413, "Request Entity Too Large");
      return;
    }
    Lineage lineage = Lineage.of(request.getHeader("X-Amzn-Trace-Id")).and(fleet.settings().arn());
    Optional<String> caller = auth == Auth.AWS_IAM ? Optional.of(key.group(1)) : Optional.empty();
    Request made =
        Request.of(
            fleet.settings().arn() + ":" + LambdaHost.ALIAS,
            Json.write(event(request, body, lineage, caller)).getBytes(StandardCharsets.UTF_8),
            lineage,
            Optional.empty());
    made.result().thenAccept(result -> answer(request, made, result));
    fleet.submit(made);
  }

  private static Map<String, Object> event(
      HttpServerRequest request, byte[] body, Lineage lineage, Optional<String> caller) {
    String uri = request.uri();
    int mark = uri.indexOf('?');
    String path = mark < 0 ? uri : uri.substring(0, mark);
    String query = mark < 0 ? "" : uri.substring(mark + 1);
    String type = Optional.ofNullable(request.getHeader("Content-Type")).orElse("");
    boolean text = TEXT.matcher(type).matches() || type.isEmpty() && isUtf8(body);
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("version", "2.0");
    event.put("routeKey", "$default");
    event.put("rawPath", path);
    event.put("rawQueryString", query);
    List<String> cookies = cookies(request);
    if (!cookies.isEmpty()) {
      event.put("cookies", cookies);
    }
    event.put("headers", headers(request, lineage));
    if (!query.isEmpty()) {
      event.put("queryStringParameters", parameters(query));
    }
    event.put("requestContext", context(request, path, caller));
    if (body.length > 0) {
      event.put(
          "body",
          text
              ? new String(body, StandardCharsets.UTF_8)
              : Base64.getEncoder().encodeToString(body));
    }
    event.put("isBase64Encoded", body.length > 0 && !text);
    return event;
  }

  private static boolean isUtf8(byte[] body) {
    return java.util.Arrays.equals(
        new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), body);
  }

  private static List<String> cookies(HttpServerRequest request) {
    List<String> cookies = new ArrayList<>();
    for (String header : request.headers().getAll("Cookie")) {
      for (String cookie : header.split(";", -1)) {
        cookies.add(cookie.strip());
      }
    }
    return cookies;
  }

  /** Lower case, those of the same name joined with commas, and what the service adds. */
  private static Map<String, Object> headers(HttpServerRequest request, Lineage lineage) {
    Map<String, Object> headers = new LinkedHashMap<>();
    MultiMap sent = request.headers();
    for (String name : sent.names()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (!lower.equals("cookie") && !lower.equals("connection")) {
        headers.put(lower, String.join(",", sent.getAll(name)));
      }
    }
    headers.put("host", DOMAIN);
    headers.put("x-amzn-trace-id", lineage.header());
    headers.put("x-forwarded-for", "127.0.0.1");
    headers.put("x-forwarded-port", "443");
    headers.put("x-forwarded-proto", "https");
    return headers;
  }

  private static Map<String, Object> parameters(String query) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      parameters.merge(name, value, (a, b) -> a + "," + b);
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static Map<String, Object> context(
      HttpServerRequest request, String path, Optional<String> caller) {
    Map<String, Object> http = new LinkedHashMap<>();
    http.put("method", request.method().name());
    http.put("path", path);
    http.put("protocol", "HTTP/1.1");
    http.put("sourceIp", "127.0.0.1");
    http.put("userAgent", Optional.ofNullable(request.getHeader("User-Agent")).orElse(""));
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("accountId", caller.isPresent() ? LambdaHost.ACCOUNT : "anonymous");
    context.put("apiId", ID);
    caller.ifPresent(
        key -> {
          Map<String, Object> iam = new LinkedHashMap<>();
          iam.put("accessKey", key);
          iam.put("accountId", LambdaHost.ACCOUNT);
          iam.put("callerId", key);
          iam.put("userArn", "arn:aws:iam::" + LambdaHost.ACCOUNT + ":user/" + key);
          iam.put("userId", key);
          context.put("authorizer", Map.of("iam", iam));
        });
    context.put("domainName", DOMAIN);
    context.put("domainPrefix", ID);
    context.put("http", http);
    Instant now = Instant.now();
    context.put("requestId", java.util.UUID.randomUUID().toString());
    context.put("routeKey", "$default");
    context.put("stage", "$default");
    context.put(
        "time",
        DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .format(now.atOffset(ZoneOffset.UTC)));
    context.put("timeEpoch", now.toEpochMilli());
    return context;
  }

  private static void answer(HttpServerRequest request, Request made, Request.Result result) {
    switch (result) {
      case Request.Returned returned -> returned(request, made, returned.payload());
      case Request.Failed failed -> refuse(request, 502, "Internal Server Error");
      case Request.Throttled throttled -> refuse(request, 429, "Rate Exceeded.");
      case Request.Recursive recursive -> refuse(request, 400, "Recursive invocation");
    }
  }

  private static void returned(HttpServerRequest request, Request made, byte[] payload) {
    HttpServerResponse response = request.response();
    response.putHeader("x-amzn-RequestId", made.id());
    response.putHeader("x-amzn-Trace-Id", made.lineage().header());
    Object value;
    try {
      value = Json.parse(new String(payload, StandardCharsets.UTF_8));
    } catch (Json.JsonException e) {
      refuse(request, 502, "Internal Server Error");
      return;
    }
    if (!(value instanceof Map<?, ?> answer && answer.get("statusCode") instanceof Number status)) {
      // Anything else is the body of a good answer.
      response.putHeader("Content-Type", "application/json").end(Buffer.buffer(payload));
      return;
    }
    response.setStatusCode(status.intValue());
    if (answer.get("headers") instanceof Map<?, ?> headers) {
      headers.forEach(
          (key, header) -> {
            String name = String.valueOf(key);
            boolean kept = REMAPPED.contains(name.toLowerCase(Locale.ROOT));
            response.putHeader(kept ? "x-amzn-remapped-" + name : name, String.valueOf(header));
          });
    }
    if (answer.get("cookies") instanceof List<?> cookies) {
      cookies.forEach(cookie -> response.headers().add("Set-Cookie", String.valueOf(cookie)));
    }
    if (!response.headers().contains("Content-Type")) {
      response.putHeader("Content-Type", "application/json");
    }
    String body = answer.get("body") == null ? "" : String.valueOf(answer.get("body"));
    byte[] bytes =
        Boolean.TRUE.equals(answer.get("isBase64Encoded"))
            ? Base64.getDecoder().decode(body)
            : body.getBytes(StandardCharsets.UTF_8);
    response.end(Buffer.buffer(bytes));
  }

  private static void refuse(HttpServerRequest request, int status, String message) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(Json.write(Map.of("Message", message)));
  }

  @Override
  public void close() {
    server.close();
  }
}
