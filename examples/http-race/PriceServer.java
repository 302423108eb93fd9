import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * Answers what a thing costs, after a while or not at all: {@code NAME PORT MILLISECONDS|broken}.
 */
final class PriceServer {

  public static void main(String[] args) throws IOException {
    String name = args[0];
    int port = Integer.parseInt(args[1]);
    boolean broken = args[2].equals("broken");
    long delay = broken ? 0 : Long.parseLong(args[2]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/health/" + name, exchange -> answer(exchange, 200, "{}"));
    server.createContext(
        "/price",
        exchange -> {
          pause(delay);
          String price = "{\"from\": \"" + name + "\", \"cents\": 1995}";
          answer(exchange, broken ? 503 : 200, broken ? "{\"error\": \"out of order\"}" : price);
        });
    server.start();
    System.out.println(name + " listens on " + port);
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
