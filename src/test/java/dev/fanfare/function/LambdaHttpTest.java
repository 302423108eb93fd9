package dev.fanfare.function;

import static dev.fanfare.function.HttpEvents.header;
import static dev.fanfare.function.HttpEvents.parsed;
import static dev.fanfare.function.HttpEvents.status;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.http.HttpTrigger;
import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** HTTP events, answered by the API inside the trigger function. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestProfile(LambdaHttpTest.Profile.class)
@NullUnmarked // answers are looked into without asking what is there
class LambdaHttpTest {

  private static final String FILE =
      "name: l\nparams:\n  who: { type: string, default: world }\nsteps:\n"
          + "  a: { run: \"echo hello $WHO\", env: { WHO: \"${{ params.who }}\" } }\n";

  /** The trigger, open to everybody: who may call is another test's. */
  public static final class Profile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> settings = new HashMap<>(LambdaCalls.of("trigger"));
      settings.put("fanfare.auth", "none");
      return settings;
    }
  }

  @Inject HttpTrigger http;

  private Map<?, ?> call(HttpEvents event) {
    return http.answer(event.event(), null);
  }

  /** What the application has seen of a request. */
  private Map<?, ?> seen(HttpEvents event) {
    Map<?, ?> answer = call(event);
    assertEquals(200, status(answer), () -> answer + " to " + event.event());
    return parsed(answer);
  }

  private static List<String> values(Map<?, ?> seen, String name) {
    return ((List<?>) seen.get("headers"))
        .stream()
            .map(header -> (List<?>) header)
            .filter(header -> ((String) header.get(0)).equalsIgnoreCase(name))
            .map(header -> (String) header.get(1))
            .toList();
  }

  @Test
  void a_request_starts_a_run_and_its_links_lead_to_the_public_address() throws Exception {
    HttpEvents post =
        HttpEvents.of("POST", "/api/runs", "param.who=moon%20%2B%20sun&wait=20s")
            .header("content-type", "text/yaml")
            .text(FILE);
    Map<?, ?> answer = LambdaCalls.invoke(post.event());
    assertEquals(201, status(answer), answer::toString);
    Map<?, ?> run = parsed(answer);
    assertEquals("succeeded", run.get("status"), run::toString);
    assertEquals(
        "https://" + HttpEvents.DOMAIN + "/api/runs/" + run.get("id"), header(answer, "location"));

    Map<?, ?> logs =
        LambdaCalls.invoke(
            HttpEvents.of("GET", "/api/runs/" + run.get("id") + "/logs/a")
                .header("accept", "text/plain")
                .event());
    assertEquals("hello moon + sun\n", logs.get("body"));
    assertEquals(false, logs.get("isBase64Encoded"));
  }

  @Test
  void lists_are_read_over_hibernate() {
    assertEquals(200, status(call(HttpEvents.of("GET", "/api/runs"))));
    assertEquals(200, status(call(HttpEvents.of("GET", "/api/workflows", "limit=3"))));
  }

  @Test
  void a_request_reaches_the_api_as_it_was_sent() {
    String query = "a=1&a=2&empty=&bare&plus=a+b&enc=%2F%25%20&brackets[0]=x&b=%C3%A9&=v&&q=?/";
    Map<?, ?> seen =
        seen(
            HttpEvents.of("PATCH", "/test/a%2Fb/c+d/%E2%82%AC;p=1/@:~!$&'(),=*", query)
                .header("X-Mixed-Case", "one, two,three")
                .header("x-quotes", "a=\"b; c\"; d='e'")
                .header("accept", "text/html, */*;q=0.1")
                .cookies("a=1; b", "c=\"d e\"", "empty=")
                .text("päyload"));
    assertEquals("PATCH", seen.get("method"));
    assertEquals("/test/a%2Fb/c+d/%E2%82%AC;p=1/@:~!$&'(),=*?" + query, seen.get("uri"));
    assertEquals(List.of("one, two,three"), values(seen, "x-mixed-case"));
    assertEquals(List.of("a=\"b; c\"; d='e'"), values(seen, "x-quotes"));
    assertEquals(List.of("a=1; b; c=\"d e\"; empty="), values(seen, "cookie"));
    assertEquals(List.of(HttpEvents.DOMAIN), values(seen, "host"));
    assertEquals(List.of("205.255.255.176"), values(seen, "x-forwarded-for"));
    assertArrayEquals("päyload".getBytes(StandardCharsets.UTF_8), body(seen));
  }

  @Test
  void a_path_that_an_http_api_has_decoded_is_encoded_again() {
    assertEquals(
        "/test/a%20b/%C3%A9%E2%82%AC/100%25/x%3Fy%23z/%F0%9F%98%80%22%3C",
        seen(HttpEvents.of("GET", "/test/a b/é€/100%/x?y#z/\uD83D\uDE00\"<")).get("uri"));
    assertEquals(
        "/test/x?a%20b&c=%23", seen(HttpEvents.of("GET", "/test/x", "a b&c=#")).get("uri"));
  }

  @Test
  void what_a_caller_says_of_itself_does_not_count() {
    Map<?, ?> seen =
        seen(
            HttpEvents.of("POST", "/test/echo")
                .header("X-Fanfare-Ticket", "0".repeat(64))
                .header("x-forwarded-host", "evil.example")
                .header("x-forwarded-proto", "gopher")
                .header("x-forwarded-prefix", "/evil")
                .header("forwarded", "host=evil.example")
                .header("host", "evil.example")
                .header("content-length", "3")
                .header("transfer-encoding", "chunked")
                .header("connection", "close, x-secret")
                .header("upgrade", "h2c")
                .header("expect", "100-continue")
                .text("a longer body"));
    assertEquals(List.of(HttpEvents.DOMAIN), values(seen, "host"));
    assertEquals(List.of(HttpEvents.DOMAIN), values(seen, "x-forwarded-host"));
    assertEquals(List.of("https"), values(seen, "x-forwarded-proto"));
    for (String gone :
        List.of(
            "x-fanfare-ticket",
            "x-forwarded-prefix",
            "forwarded",
            "transfer-encoding",
            "upgrade",
            "expect",
            "connection")) {
      assertEquals(List.of(), values(seen, gone), gone);
    }
    assertEquals("a longer body", new String(body(seen), StandardCharsets.UTF_8));
  }

  @Test
  void bodies_are_bytes_on_the_way_in() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    for (byte[] body : List.of(new byte[0], all, new byte[] {0}, new byte[1 << 20])) {
      assertArrayEquals(body, body(seen(HttpEvents.of("POST", "/test/echo").bytes(body))));
    }
    assertArrayEquals(new byte[0], body(seen(HttpEvents.of("PUT", "/test/echo"))));
    assertArrayEquals(new byte[0], body(seen(HttpEvents.of("PUT", "/test/echo").text(""))));
  }

  private Map<?, ?> told(int status, List<List<String>> headers, byte[] body) {
    Map<String, Object> wanted = new HashMap<>();
    wanted.put("status", (long) status);
    wanted.put("headers", headers);
    wanted.put("body", Base64.getEncoder().encodeToString(body));
    return call(HttpEvents.of("POST", "/test/answer").json(wanted));
  }

  @Test
  void answers_are_bytes_on_the_way_out() {
    byte[] binary = {(byte) 0xff, 0, (byte) 0xfe, 10};
    Map<?, ?> answer = told(200, List.of(List.of("Content-Type", "image/png")), binary);
    assertEquals(true, answer.get("isBase64Encoded"));
    assertArrayEquals(binary, HttpEvents.body(answer));
    assertEquals("image/png", header(answer, "content-type"));

    Map<?, ?> text = told(418, List.of(), "\u0000é\n€".getBytes(StandardCharsets.UTF_8));
    assertEquals(418, status(text));
    assertEquals(false, text.get("isBase64Encoded"));
    assertEquals("\u0000é\n€", text.get("body"));

    Map<?, ?> empty = told(204, List.of(), new byte[0]);
    assertEquals(204, status(empty));
    assertEquals("", empty.get("body"));
    assertEquals(false, empty.get("isBase64Encoded"));
  }

  @Test
  void headers_of_an_answer_are_joined_and_cookies_are_not() {
    Map<?, ?> answer =
        told(
            200,
            List.of(
                List.of("Vary", "a"),
                List.of("vary", "b, c"),
                List.of("Set-Cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT"),
                List.of("Set-Cookie", "b=2"),
                List.of("X-Any", "ok")),
            new byte[0]);
    assertEquals("a,b, c", header(answer, "vary"));
    assertEquals("ok", header(answer, "x-any"));
    assertEquals(
        List.of("a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"), answer.get("cookies"));
    assertNull(header(answer, "set-cookie"));
    assertNull(header(answer, "content-length"));
  }

  @Test
  void an_answer_that_lambda_would_not_take_is_told_of() throws Exception {
    byte[] large = new byte[5_000_000];
    Arrays.fill(large, (byte) 'x');
    assertArrayEquals(large, HttpEvents.body(told(200, List.of(), large)));
    Arrays.fill(large, (byte) '"');
    Map<?, ?> answer = told(200, List.of(), large);
    assertEquals(413, status(answer));
    assertTrue(((String) parsed(answer).get("detail")).contains("6 MB"), answer::toString);
    assertEquals(413, status(told(200, List.of(), new byte[7_000_000])));
    new Random(7).nextBytes(large);
    assertEquals(413, status(told(200, List.of(), large)));
    assertEquals(200, status(call(HttpEvents.of("GET", "/test/echo"))), "the next one is answered");
  }

  @Test
  void whatever_can_be_sent_arrives() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 150; i++) {
      String path = "/test/" + any(random, "-_~!$&'()*+,;=:@%");
      String query = any(random, "-._~!$&'()*+,;=:@/?%[]");
      byte[] body = new byte[random.nextInt(2_000)];
      random.nextBytes(body);
      Map<String, String> headers = new HashMap<>();
      for (int h = random.nextInt(6); h > 0; h--) {
        headers.put("x-" + h + any(random, "-_").replace("%", ""), value(random));
      }
      HttpEvents event = HttpEvents.of("POST", path, query).bytes(body);
      headers.forEach(event::header);
      Map<?, ?> seen = seen(event);
      String told = "seed " + seed + ", turn " + i;
      assertEquals(path + (query.isEmpty() ? "" : "?" + query), seen.get("uri"), told);
      assertArrayEquals(body, body(seen), told);
      headers.forEach((name, value) -> assertEquals(List.of(value), values(seen, name), told));

      List<List<String>> back =
          headers.entrySet().stream().map(e -> List.of(e.getKey(), e.getValue())).toList();
      int status = 200 + random.nextInt(4) + 100 * (random.nextInt(4));
      if (status != 204) {
        Map<?, ?> answer = told(status, back, body);
        assertEquals(status, status(answer), told);
        assertArrayEquals(body, HttpEvents.body(answer), told);
        headers.forEach(
            (name, value) ->
                assertEquals(value, header(answer, name.toLowerCase(Locale.ROOT)), told));
      }
    }
  }

  private static final List<String> ENCODED =
      List.of("%20", "%25", "%2F", "%2f", "%3F", "%23", "%2B", "%C3%A9", "%F0%9F%98%80");

  /** Characters that may stand in a part of a URL; a percent sign with two digits. */
  private static String any(Random random, String marks) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(20); n > 0; n--) {
      int draw = random.nextInt(40);
      if (draw < marks.length()) {
        char mark = marks.charAt(draw);
        text.append(mark == '%' ? ENCODED.get(random.nextInt(ENCODED.size())) : mark);
      } else {
        text.append((char) ('a' + random.nextInt(26)));
      }
    }
    return text.toString();
  }

  private static String value(Random random) {
    StringBuilder text = new StringBuilder("v");
    for (int n = random.nextInt(30); n > 0; n--) {
      text.append((char) (' ' + random.nextInt(95)));
    }
    return text.append("v").toString();
  }

  private static byte[] body(Map<?, ?> seen) {
    return Base64.getDecoder().decode((String) seen.get("body"));
  }

  @Test
  void the_stage_of_an_http_api_is_not_in_the_path_and_is_in_the_links() {
    assertEquals("/test/echo", seen(HttpEvents.of("GET", "/test/echo").stage("prod")).get("uri"));
    Map<?, ?> answer =
        call(
            HttpEvents.of("PUT", "/api/workflows/l")
                .header("content-type", "text/yaml")
                .text(FILE)
                .stage("prod"));
    assertEquals(
        "https://" + HttpEvents.DOMAIN + "/prod/api/workflows/l", header(answer, "location"));
  }

  @Test
  void other_formats_and_broken_events_are_answered_with_what_is_wrong() {
    Map<String, Object> rest = new HashMap<>();
    rest.put("version", "1.0");
    rest.put("httpMethod", "GET");
    rest.put("path", "/api/runs");
    rest.put("requestContext", Map.of("stage", "prod", "httpMethod", "GET"));
    Map<String, Object> balancer = new HashMap<>();
    balancer.put("httpMethod", "GET");
    balancer.put("requestContext", Map.of("elb", Map.of("targetGroupArn", "arn:aws:x")));
    for (Map<String, Object> event : List.of(rest, balancer)) {
      Map<?, ?> answer = http.answer(event, null);
      assertEquals(400, status(answer));
      assertTrue(((String) parsed(answer).get("detail")).contains("2.0"), answer::toString);
    }
    for (HttpEvents event :
        List.of(
            HttpEvents.of("GET /x HTTP/1.1\r\n", "/"),
            HttpEvents.of("CONNECT", "/"),
            HttpEvents.of("GET", "no/slash"),
            HttpEvents.of("GET", "/").header("x", "a\r\nb: c"),
            HttpEvents.of("GET", "/").header("a b", "c"),
            HttpEvents.of("GET", "/").cookies("a\nb"),
            HttpEvents.of("POST", "/").text("no base64!").with("isBase64Encoded", true))) {
      assertEquals(400, status(call(event)), () -> event.event().toString());
    }
  }

  @Test
  void pages_of_other_origins_are_kept_out_and_those_of_the_address_are_not() {
    HttpEvents own = HttpEvents.of("GET", "/api/runs");
    assertEquals(200, status(call(own.header("origin", "https://" + HttpEvents.DOMAIN))));
    HttpEvents other = HttpEvents.of("GET", "/api/runs");
    assertEquals(403, status(call(other.header("origin", "https://evil.example"))));
    HttpEvents forged =
        HttpEvents.of("GET", "/api/runs")
            .header("host", "evil.example")
            .header("x-forwarded-host", "evil.example")
            .header("origin", "https://evil.example");
    assertEquals(403, status(call(forged)));
  }

  @Test
  void a_wait_ends_before_the_function_does() {
    String text = "name: w\nsteps:\n  a: { sleep: 1h }\n";
    Map<?, ?> started =
        call(HttpEvents.of("POST", "/api/runs").header("content-type", "text/yaml").text(text));
    String run = (String) parsed(started).get("id");
    long before = System.nanoTime();
    Map<?, ?> answer =
        http.answer(
            HttpEvents.of("GET", "/api/runs/" + run, "wait=60s").event(),
            new Remaining(System.nanoTime(), Duration.ofSeconds(5)));
    long seconds = (System.nanoTime() - before) / 1_000_000_000L;
    assertEquals(200, status(answer), answer::toString);
    assertTrue(seconds < 5, "answered after " + seconds + " s");
    assertEquals("waiting", parsed(answer).get("status"));
  }

  @Test
  void an_answer_that_never_comes_is_given_up_and_holds_nothing() {
    for (int i = 0; i < 6; i++) {
      Map<?, ?> answer =
          http.answer(
              HttpEvents.of("GET", "/test/silence").event(),
              new Remaining(System.nanoTime(), Duration.ofMillis(700)));
      assertEquals(504, status(answer), answer::toString);
    }
    assertEquals(200, status(call(HttpEvents.of("GET", "/test/echo"))));
  }

  @Test
  void a_stream_comes_in_pieces_that_go_on_where_the_last_one_ended() {
    Map<?, ?> started =
        call(
            HttpEvents.of("POST", "/api/runs")
                .header("content-type", "text/yaml")
                .text("name: s\nsteps:\n  a: { sleep: 2s }\n  b: { needs: [a], pass: {} }\n"));
    String run = (String) parsed(started).get("id");
    List<String> all = new ArrayList<>();
    String last = "";
    for (int piece = 0; piece < 20 && !all.toString().contains("run.finished"); piece++) {
      HttpEvents ask =
          HttpEvents.of("GET", "/api/runs/" + run + "/events")
              .header("accept", "text/event-stream");
      Map<?, ?> answer = call(last.isEmpty() ? ask : ask.header("last-event-id", last));
      assertEquals(200, status(answer), answer::toString);
      assertTrue(header(answer, "content-type").startsWith("text/event-stream"));
      for (String line : ((String) answer.get("body")).lines().toList()) {
        if (line.startsWith("id:")) {
          last = line.substring(3).strip();
          all.add(last);
        } else if (line.startsWith("event:")) {
          all.set(all.size() - 1, all.getLast() + line.substring(6).strip());
        }
      }
    }
    assertTrue(all.toString().contains("run.finished"), all::toString);
    assertEquals(all.stream().distinct().toList(), all, "nothing comes twice");
  }

  @Test
  void an_unknown_path_is_a_problem_of_the_api() {
    Map<?, ?> answer = call(HttpEvents.of("GET", "/api/nothing"));
    assertEquals(404, status(answer));
    assertEquals("application/problem+json", header(answer, "content-type"));
    Map<?, ?> wrong = call(HttpEvents.of("DELETE", "/api/workflows"));
    assertEquals(405, status(wrong));
  }
}
