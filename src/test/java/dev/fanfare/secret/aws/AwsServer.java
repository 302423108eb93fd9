package dev.fanfare.secret.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fanfare.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Speaks the JSON 1.1 protocol of the two services as their API references record it: the operation
 * in {@code X-Amz-Target}, a request signed with Signature Version 4, errors named by {@code
 * __type}.
 */
public final class AwsServer implements AutoCloseable {

  /** A request as it came. */
  public record Asked(String target, String authorization, Map<String, Object> body) {}

  private record Answer(int status, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Asked> asked = new ArrayList<>();
  private final Map<String, String> secrets = new LinkedHashMap<>();
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Deque<Answer> troubles = new ArrayDeque<>();

  public AwsServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public AwsServer secret(String id, String value) {
    secrets.put(id, value);
    return this;
  }

  public AwsServer parameter(String name, String value) {
    parameters.put(name, value);
    return this;
  }

  /** The next requests are answered with an error. */
  public AwsServer trouble(int times, int status, String type, String message) {
    for (int i = 0; i < times; i++) {
      troubles.add(new Answer(status, error(type, message)));
    }
    return this;
  }

  public synchronized List<Asked> asked() {
    return List.copyOf(asked);
  }

  private static String error(String type, String message) {
    return Json.write(Map.of("__type", type, "Message", message, "message", message));
  }

  private synchronized Answer answer(Asked request) {
    asked.add(request);
    if (!troubles.isEmpty()) {
      return troubles.removeFirst();
    }
    return switch (request.target()) {
      case "secretsmanager.GetSecretValue" ->
          secret(String.valueOf(request.body().get("SecretId")));
      case "AmazonSSM.GetParameter" -> parameter(request.body());
      default -> new Answer(400, error("UnknownOperationException", request.target()));
    };
  }

  private Answer secret(String id) {
    String value = secrets.get(id);
    if (value == null) {
      return new Answer(
          400,
          error("ResourceNotFoundException", "Secrets Manager can't find the specified secret."));
    }
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("ARN", "arn:aws:secretsmanager:us-east-1:123456789012:secret:" + id + "-a1b2c3");
    found.put("CreatedDate", 1.523477145713E9);
    found.put("Name", id);
    if (value.startsWith("bytes:")) {
      found.put("SecretBinary", "AAEC");
    } else {
      found.put("SecretString", value);
    }
    found.put("VersionId", "EXAMPLE1-90ab-cdef-fedc-ba987SECRET1");
    found.put("VersionStages", List.of("AWSCURRENT"));
    return new Answer(200, Json.write(found));
  }

  private Answer parameter(Map<String, Object> request) {
    String name = String.valueOf(request.get("Name"));
    String value = parameters.get(name);
    if (value == null) {
      return new Answer(400, Json.write(Map.of("__type", "ParameterNotFound")));
    }
    boolean decrypted = Boolean.TRUE.equals(request.get("WithDecryption"));
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("ARN", "arn:aws:ssm:us-east-1:123456789012:parameter" + name);
    found.put("DataType", "text");
    found.put("Name", name);
    found.put("Type", "SecureString");
    found.put("Value", decrypted ? value : "AQICAHg...");
    found.put("Version", 1);
    return new Answer(200, Json.write(Map.of("Parameter", found)));
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Answer answer =
        answer(
            new Asked(
                String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target")),
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                Json.parseOwnObject(body)));
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.getResponseHeaders().set("x-amzn-RequestId", "12345678-1234-1234-1234-123456789012");
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
