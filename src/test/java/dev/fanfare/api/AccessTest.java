package dev.fanfare.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.access.Scope;
import dev.fanfare.function.access.Tokens;
import dev.fanfare.json.Json;
import dev.fanfare.testing.PostgresResource;
import dev.fanfare.testing.TokenProfile;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Who may do what on a server that asks for tokens: every endpoint, with every kind of caller. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestProfile(TokenProfile.class)
@NullUnmarked // answers are looked into without asking what is there
class AccessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String RUN = "00000000-0000-7000-8000-000000000000";
  private static final String FILE = "name: f\nsteps:\n  a: { pass: {} }\n";

  /** What each endpoint takes; one that is not here fails the walk. */
  private static final Map<String, Scope> NEEDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("GET /api/approvals", Scope.READ),
              Map.entry("GET /api/runs", Scope.READ),
              Map.entry("GET /api/runs/{id}", Scope.READ),
              Map.entry("GET /api/runs/{id}/attempts/{attempt}", Scope.READ),
              Map.entry("GET /api/runs/{id}/events", Scope.READ),
              Map.entry("GET /api/runs/{id}/explain", Scope.READ),
              Map.entry("GET /api/runs/{id}/logs", Scope.READ),
              Map.entry("GET /api/runs/{id}/logs/{step}", Scope.READ),
              Map.entry("GET /api/runs/{id}/steps", Scope.READ),
              Map.entry("GET /api/tokens", Scope.ADMIN),
              Map.entry("GET /api/triggers", Scope.READ),
              Map.entry("GET /api/workflows", Scope.READ),
              Map.entry("GET /api/workflows/{name}", Scope.READ),
              Map.entry("POST /api/events", Scope.RUN),
              Map.entry("POST /api/runs", Scope.RUN),
              Map.entry("POST /api/runs/{id}/cancel", Scope.RUN),
              Map.entry("POST /api/runs/{id}/rerun", Scope.RUN),
              Map.entry("POST /api/runs/{id}/steps/{step}/approve", Scope.RUN),
              Map.entry("POST /api/runs/{id}/steps/{step}/deny", Scope.RUN),
              Map.entry("POST /api/tokens", Scope.ADMIN),
              Map.entry("POST /api/tokens/{id}/revoke", Scope.ADMIN),
              Map.entry("POST /api/workflows", Scope.ADMIN),
              Map.entry("POST /api/workflows/{name}/pause", Scope.ADMIN),
              Map.entry("POST /api/workflows/{name}/resume", Scope.ADMIN),
              Map.entry("PUT /api/workflows/{name}", Scope.ADMIN)));

  /** They bring their own permission along. */
  private static final Set<String> OPEN =
      Set.of(
          "POST /api/callbacks/{token}", "POST /api/callbacks/{token}/fail", "POST /hooks/{path}");

  @TestHTTPResource("/")
  URI server;

  @Inject Tokens tokens;
  @Inject Pool pool;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Tokens.Made token(String name, Scope scope, Optional<Duration> lifetime) {
    return tokens
        .create(new Tokens.Wish(name, Set.of(scope), lifetime), "test")
        .await()
        .atMost(PATIENCE);
  }

  private String bearer(Scope scope) {
    return token(scope.id(), scope, Optional.of(Duration.ofHours(1))).secret().reveal();
  }

  private HttpResponse<String> send(String method, String path, Optional<String> token)
      throws Exception {
    return send(method, path, "", token.map(secret -> "Bearer " + secret).orElse(""));
  }

  private HttpResponse<String> send(String method, String path, String body, String authorization)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.toString().replaceAll("/$", "") + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Every method of every path that the server itself says it has. */
  private List<String> endpoints() throws Exception {
    HttpResponse<String> page =
        send("GET", "/q/openapi?format=json", Optional.of(bearer(Scope.READ)));
    assertEquals(200, page.statusCode(), page::body);
    List<String> endpoints = new ArrayList<>();
    Map<?, ?> paths = (Map<?, ?>) Json.parseOwnObject(page.body()).get("paths");
    paths.forEach(
        (path, methods) ->
            ((Map<?, ?>) methods)
                .keySet()
                .forEach(
                    method ->
                        endpoints.add(((String) method).toUpperCase(Locale.ROOT) + " " + path)));
    return endpoints;
  }

  private static String method(String endpoint) {
    return endpoint.substring(0, endpoint.indexOf(' '));
  }

  private static String path(String endpoint) {
    return endpoint
        .substring(endpoint.indexOf(' ') + 1)
        .replace("{id}", RUN)
        .replaceAll("\\{[a-z]+}", "1");
  }

  @Test
  void the_walk_knows_every_endpoint() throws Exception {
    Set<String> known = new TreeSet<>(NEEDS.keySet());
    known.addAll(OPEN);
    assertEquals(known, new TreeSet<>(endpoints()));
  }

  @Test
  void without_a_token_everything_looks_the_same() throws Exception {
    List<String> all = new ArrayList<>(endpoints());
    all.removeAll(OPEN);
    all.addAll(
        List.of(
            "GET /",
            "GET /q/openapi",
            "GET /q/health",
            "GET /q/metrics",
            "GET /q/swagger-ui",
            "GET /nothing/here",
            "GET /api",
            "GET /hooks",
            "GET /test/echo",
            "GET /hooks/../api/runs",
            "GET /hooks/%2e%2e/api/runs",
            "GET /hooks/..;/api/runs",
            "GET //api/runs",
            "OPTIONS /api/runs",
            "HEAD /api/runs",
            "TRACE /api/runs",
            "DELETE /api/runs/" + RUN));
    String secret = bearer(Scope.ADMIN);
    Tokens.Made expired = token("old", Scope.ADMIN, Optional.of(Duration.ofHours(1)));
    pool.query("UPDATE api_token SET expires_at = now() WHERE id = '" + expired.token().id() + "'")
        .execute()
        .await()
        .atMost(PATIENCE);
    Tokens.Made revoked = token("gone", Scope.ADMIN, Optional.empty());
    tokens.revoke(revoked.token().id()).await().atMost(PATIENCE);
    List<String> credentials =
        List.of(
            "",
            "Bearer",
            "Bearer ",
            "Bearer fft_",
            "Bearer " + secret.substring(0, secret.length() - 1),
            "Bearer " + secret + "x",
            "Bearer " + secret.toUpperCase(Locale.ROOT),
            "Basic " + secret,
            secret,
            "Bearer " + expired.secret().reveal(),
            "Bearer " + revoked.secret().reveal());
    Set<String> answers = new TreeSet<>();
    for (String endpoint : all) {
      for (String credential : endpoint.equals(all.getFirst()) ? credentials : List.of("")) {
        HttpResponse<String> answer = send(method(endpoint), path(endpoint), "", credential);
        assertEquals(401, answer.statusCode(), endpoint + " with " + credential);
        assertEquals(
            "application/problem+json",
            answer.headers().firstValue("Content-Type").orElse(""),
            endpoint);
        assertTrue(answer.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Bearer"));
        if (!method(endpoint).equals("HEAD")) {
          answers.add(answer.body());
        }
      }
    }
    assertEquals(1, answers.size(), answers::toString);
    assertTrue(answers.iterator().next().contains("Authorization: Bearer"));
  }

  @Test
  void each_endpoint_takes_its_scope_and_says_which() throws Exception {
    for (Scope scope : Scope.values()) {
      Optional<String> token = Optional.of(bearer(scope));
      for (Map.Entry<String, Scope> need : NEEDS.entrySet()) {
        HttpResponse<String> answer = send(method(need.getKey()), path(need.getKey()), token);
        boolean enough = scope.compareTo(need.getValue()) >= 0;
        assertEquals(
            !enough, answer.statusCode() == 403, () -> need + " with " + scope + answer.body());
        assertFalse(answer.statusCode() == 401 || answer.statusCode() >= 500, answer::body);
        if (!enough) {
          Map<?, ?> problem = Json.parseOwnObject(answer.body());
          assertEquals(
              "this takes the scope '%s', and '%s' has '%s'"
                  .formatted(need.getValue().id(), scope.id(), scope.id()),
              problem.get("detail"));
        }
      }
    }
  }

  @Test
  void a_shell_that_takes_lines_gets_the_sentence() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/api/runs")).header("Accept", "text/plain").build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(401, answer.statusCode());
    assertTrue(answer.body().startsWith("this is answered to callers with a token"), answer::body);
  }

  @Test
  void a_header_that_only_the_functions_own_port_takes_opens_nothing() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/api/runs"))
            .header("X-Fanfare-Ticket", "0".repeat(64))
            .header("X-Forwarded-Host", "example.org")
            .build();
    assertEquals(401, http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
  }

  @Test
  void webhooks_and_callbacks_need_no_token() throws Exception {
    String start =
        "{\"file\": {\"text\": \"name: c\\nsteps:\\n  c: { waitFor: { callback: true } }\\n\"}}";
    String run = bearer(Scope.RUN);
    HttpResponse<String> started = send("POST", "/api/runs", start, "Bearer " + run);
    assertEquals(201, started.statusCode(), started::body);
    HttpResponse<String> unknown = send("POST", "/api/callbacks/" + "x".repeat(43), "{}", "");
    assertEquals(404, unknown.statusCode(), unknown::body);
    assertEquals(401, send("POST", "/hooks/nowhere", "{}", "").statusCode());
  }

  @Test
  void the_name_of_the_token_says_who_did_it() throws Exception {
    String text = "name: w\\nsteps:\\n  ok: { approval: { message: go? } }\\n";
    String start = "{\"file\": {\"text\": \"" + text + "\"}}";
    Tokens.Made alice = token("alice@ci", Scope.RUN, Optional.empty());
    String credential = "Bearer " + alice.secret().reveal();
    Object run = Json.parseOwnObject(send("POST", "/api/runs", start, credential).body()).get("id");
    HttpResponse<String> approved =
        send("POST", "/api/runs/" + run + "/steps/ok/approve", "{}", credential);
    assertEquals("alice@ci", Json.parseOwnObject(approved.body()).get("by"), approved::body);

    Object other =
        Json.parseOwnObject(send("POST", "/api/runs", start, credential).body()).get("id");
    assertEquals(
        202, send("POST", "/api/runs/" + other + "/cancel", "{}", credential).statusCode());
    String cancelled = send("GET", "/api/runs/" + other, "", credential).body();
    assertTrue(cancelled.contains("alice@ci"), cancelled);

    Object third =
        Json.parseOwnObject(send("POST", "/api/runs", start, credential).body()).get("id");
    HttpResponse<String> denied =
        send("POST", "/api/runs/" + third + "/steps/ok/deny", "{\"by\": \"bob\"}", credential);
    assertEquals("bob", Json.parseOwnObject(denied.body()).get("by"), denied::body);
  }

  @Test
  void tokens_are_made_listed_and_revoked_by_an_admin_and_the_secret_is_shown_once()
      throws Exception {
    String admin = "Bearer " + bearer(Scope.ADMIN);
    HttpResponse<String> made =
        send(
            "POST",
            "/api/tokens",
            "{\"name\": \"ci\", \"scopes\": [\"run\"], \"expires\": \"30d\"}",
            admin);
    assertEquals(201, made.statusCode(), made::body);
    Map<?, ?> token = Json.parseOwnObject(made.body());
    String secret = (String) token.get("secret");
    assertTrue(secret.matches("fft_[A-Za-z0-9_-]{43}"), secret);
    assertEquals("admin", token.get("createdBy"));
    assertEquals(200, send("GET", "/api/runs", "", "Bearer " + secret).statusCode());

    String list = send("GET", "/api/tokens", "", admin).body();
    assertTrue(list.contains((String) token.get("id")), list);
    assertFalse(list.contains(secret), list);
    assertFalse(list.contains("digest"), list);
    Map<?, ?> listed =
        ((List<?>) Json.parseOwnObject(list).get("tokens"))
            .stream()
                .map(each -> (Map<?, ?>) each)
                .filter(each -> each.get("id").equals(token.get("id")))
                .findFirst()
                .orElseThrow();
    assertTrue(listed.get("usedAt") != null, listed::toString);

    String revoke = "/api/tokens/" + token.get("id") + "/revoke";
    assertEquals(200, send("POST", revoke, "", admin).statusCode());
    assertEquals(200, send("POST", revoke, "", admin).statusCode());
    assertEquals(401, send("GET", "/api/runs", "", "Bearer " + secret).statusCode());
    assertEquals(404, send("POST", "/api/tokens/" + RUN + "/revoke", "", admin).statusCode());
    assertEquals(404, send("POST", "/api/tokens/nonsense/revoke", "", admin).statusCode());
  }

  @Test
  void a_wish_for_a_token_that_cannot_be_says_what_is_wrong() throws Exception {
    String admin = "Bearer " + bearer(Scope.ADMIN);
    for (String body :
        List.of(
            "{}",
            "{\"name\": \"x\"}",
            "{\"name\": \"x\", \"scopes\": []}",
            "{\"name\": \"x\", \"scopes\": [\"root\"]}",
            "{\"name\": \"x\", \"scopes\": \"run\"}",
            "{\"name\": \"\", \"scopes\": [\"run\"]}",
            "{\"name\": \"x\", \"scopes\": [\"run\"], \"expires\": \"soon\"}",
            "{\"name\": \"x\", \"scopes\": [\"run\"], \"expires\": \"0s\"}",
            "{\"name\": \"x\", \"scopes\": [\"run\"], \"until\": \"30d\"}")) {
      HttpResponse<String> answer = send("POST", "/api/tokens", body, admin);
      assertEquals(400, answer.statusCode(), () -> body + answer.body());
    }
  }

  @Test
  void links_lead_to_the_server_that_was_called() throws Exception {
    HttpResponse<String> started =
        send(
            "POST",
            "/api/runs",
            "{\"file\": {\"text\": " + Json.write(FILE) + "}}",
            "Bearer " + bearer(Scope.RUN));
    String location = started.headers().firstValue("Location").orElse("");
    assertTrue(location.startsWith(server + "api/runs/"), location);
  }
}
