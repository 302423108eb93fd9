package dev.fanfare.ci;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A network that is not to be trusted: every request meets the next fault of a list, or none. */
final class FlakyProxy implements AutoCloseable {

  private static final Set<String> NOT_HANDED_ON =
      new TreeSet<>(List.of("connection", "content-length", "expect", "host", "transfer-encoding"));

  /** What can become of a request. */
  enum Fault {
    NONE,
    /** The connection ends before anything was handed on. */
    CLOSED,
    /** The server did what was asked for; nobody hears of it. */
    LOST_ANSWER,
    /** Half of the answer comes, and less than was announced. */
    CUT,
    /** Half of the answer comes, and looks whole. */
    SHORTENED,
    /** The server gets it twice; the second answer comes. */
    TWICE,
    BUSY_429,
    BROKEN_500,
    GATEWAY_502,
    GATEWAY_503,
    GATEWAY_504
  }

  private final HttpServer server;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI target;
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final Map<Fault, AtomicInteger> met = new ConcurrentHashMap<>();

  FlakyProxy(URI target) throws IOException {
    this.target = target;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  /** What the next requests meet; those after them meet nothing. */
  FlakyProxy next(Fault... list) {
    faults.addAll(Arrays.asList(list));
    return this;
  }

  /** How many requests have met this. */
  int met(Fault fault) {
    return met.getOrDefault(fault, new AtomicInteger()).get();
  }

  int left() {
    return faults.size();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Fault next = faults.poll();
      Fault fault = next == null ? Fault.NONE : next;
      met.computeIfAbsent(fault, ignored -> new AtomicInteger()).incrementAndGet();
      byte[] body = exchange.getRequestBody().readAllBytes();
      switch (fault) {
        case CLOSED -> {}
        case BUSY_429 -> refuse(exchange, 429);
        case BROKEN_500 -> refuse(exchange, 500);
        case GATEWAY_502 -> refuse(exchange, 502);
        case GATEWAY_503 -> refuse(exchange, 503);
        case GATEWAY_504 -> refuse(exchange, 504);
        case LOST_ANSWER -> handOn(exchange, body);
        case TWICE -> {
          handOn(exchange, body);
          answer(exchange, handOn(exchange, body), fault);
        }
        case NONE, CUT, SHORTENED -> answer(exchange, handOn(exchange, body), fault);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void refuse(HttpExchange exchange, int status) throws IOException {
    if (status == 429) {
      exchange.getResponseHeaders().set("Retry-After", "1");
    }
    byte[] page = "<html>::error::no\n</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, page.length);
    exchange.getResponseBody().write(page);
  }

  private HttpResponse<byte[]> handOn(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.resolve(exchange.getRequestURI().toString()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_HANDED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer, Fault fault)
      throws IOException {
    byte[] body = answer.body();
    answer
        .headers()
        .firstValue("content-type")
        .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
    boolean half = fault == Fault.CUT || fault == Fault.SHORTENED;
    exchange.sendResponseHeaders(answer.statusCode(), fault == Fault.SHORTENED ? 0 : body.length);
    OutputStream out = exchange.getResponseBody();
    out.write(body, 0, half ? body.length / 2 : body.length);
    out.flush();
    if (fault != Fault.CUT) {
      out.close();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}
