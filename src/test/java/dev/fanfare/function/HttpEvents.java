package dev.fanfare.function;

import dev.fanfare.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;

/** Events of payload format 2.0 as AWS documents them for function URLs and HTTP APIs. */
@NullUnmarked // answers are looked into without asking what is there
final class HttpEvents {

  static final String DOMAIN = "abcdefghij.lambda-url.us-east-1.on.aws";

  private final Map<String, Object> event = new LinkedHashMap<>();
  private final Map<String, Object> context = new LinkedHashMap<>();
  private final Map<String, Object> headers = new LinkedHashMap<>();

  private HttpEvents(String method, String path, String query) {
    event.put("version", "2.0");
    event.put("routeKey", "$default");
    event.put("rawPath", path);
    event.put("rawQueryString", query);
    event.put("headers", headers);
    event.put("requestContext", context);
    event.put("isBase64Encoded", false);
    headers.put("host", DOMAIN);
    headers.put("x-amzn-trace-id", "Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e");
    headers.put("x-forwarded-for", "205.255.255.176");
    headers.put("x-forwarded-port", "443");
    headers.put("x-forwarded-proto", "https");
    headers.put("user-agent", "curl/8.5.0");
    context.put("accountId", "anonymous");
    context.put("apiId", "abcdefghij");
    context.put("domainName", DOMAIN);
    context.put("domainPrefix", "abcdefghij");
    context.put(
        "http",
        Map.of(
            "method", method,
            "path", path,
            "protocol", "HTTP/1.1",
            "sourceIp", "205.255.255.176",
            "userAgent", "curl/8.5.0"));
    context.put("requestId", "e1506fd5-9e7b-434f-bd42-4f8fa224b599");
    context.put("routeKey", "$default");
    context.put("stage", "$default");
    context.put("time", "12/Mar/2026:19:03:58 +0000");
    context.put("timeEpoch", 1773342238000L);
  }

  static HttpEvents of(String method, String path) {
    return of(method, path, "");
  }

  static HttpEvents of(String method, String path, String query) {
    return new HttpEvents(method, path, query);
  }

  HttpEvents header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  HttpEvents cookies(String... cookies) {
    event.put("cookies", List.of(cookies));
    return this;
  }

  HttpEvents text(String body) {
    event.put("body", body);
    return this;
  }

  /** Bytes, as AWS sends what is no text. */
  HttpEvents bytes(byte[] body) {
    event.put("body", Base64.getEncoder().encodeToString(body));
    event.put("isBase64Encoded", true);
    return this;
  }

  HttpEvents json(Map<String, ?> body) {
    return header("content-type", "application/json").text(Json.write(body));
  }

  HttpEvents bearer(String token) {
    return header("authorization", "Bearer " + token);
  }

  /** As a URL of type AWS_IAM says whose signature it has verified. */
  HttpEvents iam(String arn) {
    context.put(
        "authorizer",
        Map.of(
            "iam",
            Map.of(
                "accessKey", "AKIAIOSFODNN7EXAMPLE",
                "accountId", "111122223333",
                "callerId", "AIDACKCEVSQ6C2EXAMPLE",
                "userArn", arn,
                "userId", "AIDACOSFODNN7EXAMPLE2")));
    return this;
  }

  /** An HTTP API with a stage of that name, which is in its paths. */
  HttpEvents stage(String name) {
    context.put("stage", name);
    event.put("rawPath", "/" + name + event.get("rawPath"));
    return this;
  }

  HttpEvents with(String key, Object value) {
    event.put(key, value);
    return this;
  }

  Map<String, Object> event() {
    return event;
  }

  /** The bytes of an answer's body. */
  static byte[] body(Map<?, ?> answer) {
    String body = (String) answer.get("body");
    return Boolean.TRUE.equals(answer.get("isBase64Encoded"))
        ? Base64.getDecoder().decode(body)
        : body.getBytes(StandardCharsets.UTF_8);
  }

  static Map<?, ?> parsed(Map<?, ?> answer) {
    return Json.parseOwnObject(new String(body(answer), StandardCharsets.UTF_8));
  }

  static int status(Map<?, ?> answer) {
    return ((Number) answer.get("statusCode")).intValue();
  }

  static String header(Map<?, ?> answer, String name) {
    return (String) ((Map<?, ?>) answer.get("headers")).get(name);
  }
}
