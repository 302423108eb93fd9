package dev.fanfare.work.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.Output;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.work.Assignments;
import dev.fanfare.work.Input.HttpInput;
import dev.fanfare.work.log.LogSink;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpWorkTest {

  private record Seen(String method, String uri, String body, Map<String, List<String>> headers) {}

  private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpWork work = new HttpWork(HostPolicy.ANY);
  private HttpServer server;
  private String base;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    base = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(String path, int status, String type, byte[] body, String... headers) {
    server.createContext(
        path,
        exchange -> {
          seen.add(record(exchange));
          exchange.getResponseHeaders().set("Content-Type", type);
          for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
          }
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private static Seen record(HttpExchange exchange) throws IOException {
    return new Seen(
        exchange.getRequestMethod(),
        exchange.getRequestURI().toString(),
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
        Map.copyOf(exchange.getRequestHeaders()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private HttpInput get(String url) {
    return new HttpInput("GET", url, Map.of(), Map.of(), Optional.empty(), List.of());
  }

  private HttpInput post(String url, Map<String, String> headers, Object body) {
    return new HttpInput("POST", url, headers, Map.of(), Optional.of(body), List.of());
  }

  private Outcome send(HttpInput input) {
    return send(work, input);
  }

  private static Outcome send(HttpWork with, HttpInput input) {
    return with.work(Assignments.in(Path.of("."), LogSink.NONE), input)
        .await()
        .atMost(Duration.ofSeconds(30));
  }

  private static Map<?, ?> output(Outcome outcome) {
    Object output =
        switch (outcome) {
          case Outcome.Succeeded s -> s.output();
          case Outcome.Failed f -> f.output();
          case Outcome.Skipped ignored -> null;
          case Outcome.TimedOut t -> null;
          case Outcome.Stopped s -> null;
          case Outcome.Child c -> null;
        };
    return output instanceof Map<?, ?> map ? map : Map.of("none", outcome);
  }

  private static String code(Outcome outcome) {
    return outcome instanceof Outcome.Failed failed ? failed.error().code() : outcome.toString();
  }

  @Test
  void an_answer_is_status_headers_and_a_parsed_body() {
    answer("/j", 200, "application/problem+json", utf8("{\"a\":[1]}"), "X-Two", "1", "X-Two", "2");
    Map<?, ?> output = output(send(get(base + "/j")));
    assertEquals(200L, output.get("status"));
    assertEquals(Map.of("a", List.of(1L)), output.get("body"));
    assertTrue(output.get("headers") instanceof Map<?, ?> h && "1, 2".equals(h.get("x-two")));
    assertEquals("GET", seen.remove().method());
  }

  @Test
  void what_is_not_json_stays_text_and_nothing_is_null() {
    answer("/t", 200, "text/plain; charset=iso-8859-1", new byte[] {(byte) 0xE4});
    answer("/bad", 200, "application/json", utf8("{no"));
    answer("/none", 204, "text/plain", new byte[0]);
    assertEquals("ä", output(send(get(base + "/t"))).get("body"));
    assertEquals("{no", output(send(get(base + "/bad"))).get("body"));
    assertNull(output(send(get(base + "/none"))).get("body"));
  }

  @Test
  void a_status_that_is_not_expected_fails_and_keeps_the_answer() {
    answer("/x", 503, "application/json", utf8("{\"why\":\"busy\"}"));
    Outcome outcome = send(get(base + "/x?q=1"));
    assertEquals("http_status", code(outcome));
    assertEquals(503L, ((Outcome.Failed) outcome).error().details().get("status"));
    assertEquals(Map.of("why", "busy"), output(outcome).get("body"));
    HttpInput expecting =
        new HttpInput("GET", base + "/x", Map.of(), Map.of(), Optional.empty(), List.of(503));
    assertTrue(send(expecting) instanceof Outcome.Succeeded);
  }

  @Test
  void bodies_go_as_json_text_or_form_with_an_idempotency_key() {
    answer("/p", 200, "text/plain", utf8("ok"));
    send(post(base + "/p", Map.of(), Map.of("a", 1L)));
    send(post(base + "/p", Map.of("idempotency-key", "mine"), "täxt"));
    String form = "application/x-www-form-urlencoded";
    send(post(base + "/p", Map.of("Content-Type", form), Map.of("a b", "c&d")));
    Seen json = seen.remove();
    assertEquals("{\"a\":1}", json.body());
    assertEquals(List.of("application/json"), json.headers().get("Content-type"));
    assertEquals(List.of("key-1"), json.headers().get("Idempotency-key"));
    Seen text = seen.remove();
    assertEquals("täxt", text.body());
    assertEquals(List.of("mine"), text.headers().get("Idempotency-key"));
    assertEquals("a%20b=c%26d", seen.remove().body());
  }

  @Test
  void query_parameters_are_encoded_and_credentials_of_the_url_become_a_header() {
    answer("/q", 200, "text/plain", utf8("ok"));
    String url = base.replace("http://", "http://me:pw@") + "/q?a=1#f";
    send(new HttpInput("GET", url, Map.of(), Map.of("b", "ü &="), Optional.empty(), List.of()));
    Seen got = seen.remove();
    assertEquals("/q?a=1&b=%C3%BC%20%26%3D", got.uri());
    assertEquals(List.of("Basic bWU6cHc="), got.headers().get("Authorization"));
  }

  @Test
  void redirects_are_followed_five_times() {
    answer("/end", 200, "text/plain", utf8("end"));
    answer("/r1", 302, "text/plain", new byte[0], "Location", "/end");
    answer("/r2", 308, "text/plain", new byte[0], "Location", base + "/end");
    answer("/loop", 302, "text/plain", new byte[0], "Location", "/loop");
    assertEquals("end", output(send(post(base + "/r1", Map.of(), "x"))).get("body"));
    seen.remove();
    assertEquals("GET", seen.remove().method());
    assertEquals("end", output(send(post(base + "/r2", Map.of(), "x"))).get("body"));
    seen.remove();
    assertEquals("x", seen.remove().body());
    assertEquals("http_redirect", code(send(get(base + "/loop"))));
    assertEquals(6, seen.size());
    HttpInput expecting =
        new HttpInput("GET", base + "/r1", Map.of(), Map.of(), Optional.empty(), List.of(302));
    assertEquals(302L, output(send(expecting)).get("status"));
  }

  @Test
  void credentials_do_not_follow_to_another_origin() {
    answer("/end", 200, "text/plain", utf8("end"));
    String elsewhere = base.replace("127.0.0.1", "localhost") + "/end";
    answer("/away", 307, "text/plain", new byte[0], "Location", elsewhere);
    HttpInput input =
        new HttpInput(
            "GET",
            base + "/away",
            Map.of("authorization", "Bearer x"),
            Map.of(),
            Optional.empty(),
            List.of());
    send(input);
    assertTrue(seen.remove().headers().containsKey("Authorization"));
    assertFalse(seen.remove().headers().containsKey("Authorization"));
  }

  @Test
  void errors_have_codes_and_never_show_credentials() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    Outcome refused = send(get("http://me:pw@127.0.0.1:" + closed + "/x"));
    assertEquals("http_connect", code(refused));
    assertFalse(refused.toString().contains("pw@"), refused.toString());
    assertTrue(refused.toString().contains("127.0.0.1:" + closed + "/x"));
    assertEquals("http_connect", code(send(get("http://no-such-host.invalid/"))));
    for (String bad :
        List.of("ftp://x/y", "file:///etc/passwd", "nonsense", "http://", "http://a b/", "")) {
      Outcome outcome = send(get(bad));
      assertEquals("http_invalid", code(outcome), bad);
    }
    HttpInput badHeader =
        new HttpInput("GET", base, Map.of("a b", "c"), Map.of(), Optional.empty(), List.of());
    assertEquals("http_invalid", code(send(badHeader)));
    assertEquals(
        "http_invalid",
        code(send(new HttpInput("G T", base, Map.of(), Map.of(), Optional.empty(), List.of()))));
  }

  @Test
  void a_large_answer_is_not_read_to_its_end() {
    answer("/big", 200, "text/plain", new byte[11 << 20]);
    answer("/over", 200, "text/plain", utf8("x".repeat(300_000)));
    assertEquals("http_too_large", code(send(get(base + "/big"))));
    assertEquals("output_too_large", code(send(get(base + "/over"))));
  }

  @Test
  void a_policy_sees_every_host_also_that_of_a_redirect() throws Exception {
    answer("/away", 302, "text/plain", new byte[0], "Location", "http://169.254.169.254/latest");
    HttpWork guarded = new HttpWork(HostPolicy.NO_METADATA);
    assertEquals("http_refused", code(send(guarded, get(base + "/away"))));
    for (String host :
        List.of(
            "169.254.169.254",
            "2852039166",
            "[fd00:ec2::254]",
            "[::ffff:169.254.169.254]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:a9fe:a9fe::]",
            "[fe80::1]")) {
      String literal = host.replace("[", "").replace("]", "");
      assertFalse(HostPolicy.NO_METADATA.allows(InetAddress.getByName(literal)), host);
    }
    assertTrue(HostPolicy.NO_METADATA.allows(InetAddress.getByName("10.0.0.1")));
  }

  @Test
  void a_cancel_closes_the_connection() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
      Cancellable running =
          work.work(Assignments.in(Path.of("."), LogSink.NONE), get(url)).subscribe().with(o -> {});
      try (Socket connection = silent.accept()) {
        connection.setSoTimeout(10_000);
        assertTrue(connection.getInputStream().read() > 0, "the request has begun");
        running.cancel();
        while (connection.getInputStream().read() >= 0) {
          Thread.onSpinWait();
        }
      }
    }
    assertEquals(null, seen.poll(0, TimeUnit.SECONDS));
  }

  @Test
  void outputs_that_are_data_are_taken_from_the_body_whatever_it_says_it_is() {
    answer("/d", 200, "text/plain", utf8("{\"a\":{\"b\":[1,2]}}"));
    Map<String, Output> outputs = new LinkedHashMap<>();
    outputs.put("all", new Output.Data(Optional.empty(), SourceSpan.NONE));
    outputs.put("second", new Output.Data(Optional.of("a.b[1]"), SourceSpan.NONE));
    outputs.put("missing", new Output.Data(Optional.of("x.y"), SourceSpan.NONE));
    outputs.put("broken", new Output.Data(Optional.of("a.["), SourceSpan.NONE));
    HttpInput input =
        new HttpInput("GET", base + "/d", Map.of(), Map.of(), Optional.empty(), List.of(), outputs);

    Map<?, ?> output = output(send(input));
    assertEquals(Map.of("a", Map.of("b", List.of(1L, 2L))), output.get("all"));
    assertEquals(2L, output.get("second"));
    assertTrue(output.containsKey("missing"));
    assertNull(output.get("missing"));
    assertNull(output.get("broken"));
  }

  @Test
  void a_request_goes_to_the_stand_in_of_the_service_that_it_names() {
    answer("/users", 200, "application/json", utf8("[]"));
    HttpWork routed =
        new HttpWork(HostPolicy.ANY, HttpRoutes.of("https://api.example.com=" + base + " ; "));

    Outcome outcome = send(routed, get("https://API.example.com:443/users?page=2"));
    assertEquals(List.of(), output(outcome).get("body"));
    Seen request = seen.remove();
    assertEquals("/users?page=2", request.uri());
    assertEquals(List.of("https"), request.headers().get("X-forwarded-proto"));
    assertEquals(List.of("API.example.com:443"), request.headers().get("X-forwarded-host"));
  }

  @Test
  void a_route_that_is_none_is_refused_with_a_sentence() {
    for (String wrong :
        List.of("https://a.example", "a=b", "ftp://a=http://b", "http://a/x=http://b")) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> HttpRoutes.of(wrong)).getMessage();
      assertTrue(message.contains("a route is written"), message);
    }
  }
}
