package dev.fanfare.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fanfare.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers with what it was sent, as JSON. {@code /status/N} answers with that status, {@code
 * /redirect} sends the query on to {@code /echo}.
 */
public final class EchoServer implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  public EchoServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Every request so far: its line, headers and body. */
  public List<String> seen() {
    return List.copyOf(seen);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    String query = exchange.getRequestURI().getRawQuery();
    Map<String, Object> echo = new LinkedHashMap<>();
    echo.put("uri", exchange.getRequestURI().toString());
    echo.put("headers", Map.copyOf(exchange.getRequestHeaders()));
    echo.put("body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    String text = Json.write(echo);
    seen.add(text);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.getResponseHeaders().set("X-Query", String.valueOf(query));
    int status = 200;
    if (path.startsWith("/status/")) {
      status = Integer.parseInt(path.substring("/status/".length()));
    } else if (path.equals("/redirect")) {
      status = 302;
      exchange.getResponseHeaders().set("Location", "/echo?" + query);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
