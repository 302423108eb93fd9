package dev.fanfare.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.json.Json;
import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Webhooks over real HTTP, signed as their senders sign. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestProfile(HooksApiTest.Profile.class)
@NullUnmarked // answers are looked into without asking what is there
class HooksApiTest {

  private static final String SECRET = "It's a Secret to Everybody";
  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

  /** The values of the secrets are in a file. */
  public static final class Profile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Path file = Files.createTempFile("fanfare", ".env");
        Files.writeString(
            file,
            "HOOK_SECRET=\""
                + SECRET
                + "\"\nSTANDARD=whsec_"
                + Base64.getEncoder().encodeToString(KEY)
                + "\nEMPTY=\n");
        return Map.of("fanfare.secrets.file", file.toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @TestHTTPResource("/")
  URI server;

  @Inject Rows rows;

  private RequestSpecification api() {
    return given().baseUri("http://127.0.0.1").port(server.getPort());
  }

  private void register(String yaml) {
    api().contentType("text/yaml").body(yaml).post("/api/workflows").then().statusCode(201);
  }

  /** A workflow whose output is what its run knows of the call. */
  private static String workflow(String name, String trigger) {
    return """
    name: %s
    params: { who: { type: string, default: nobody } }
    triggers:
      - %s
    steps:
      a: { pass: { output: "${{ [run.trigger, params.who, run.?branch.orValue('-'), run.?tag.orValue('-'), run.delivery.source, run.delivery.event] }}" } }
    outputs: { out: "${{ steps.a.output }}" }
    """
        .formatted(name, trigger);
  }

  private static String hmac(byte[] key, String... parts) {
    return HexFormat.of().formatHex(bytes(key, parts));
  }

  private static byte[] bytes(byte[] key, String... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(String.join("", parts).getBytes(StandardCharsets.UTF_8));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sign(String body) {
    return hmac(SECRET.getBytes(StandardCharsets.UTF_8), body);
  }

  private ValidatableResponse call(String path, Map<String, String> headers, String body) {
    return api()
        .contentType(ContentType.JSON)
        .headers(headers)
        .body(body)
        .post("/hooks/" + path)
        .then();
  }

  private List<?> output(ValidatableResponse answer) {
    return output(answer.statusCode(201).extract().<String>path("runs[0].run"));
  }

  private List<?> output(String run) {
    return api()
        .queryParam("wait", "30s")
        .get("/api/runs/" + run)
        .then()
        .body("status", equalTo("succeeded"))
        .extract()
        .path("outputs.out");
  }

  @Test
  void each_sender_is_known_by_its_own_signature() {
    register(
        workflow(
            "senders",
            "webhook: { path: ci/senders, secret: HOOK_SECRET, params: { who:"
                + " \"${{ event.?actor.?name.orValue('x') }}\" } }"));
    String push = "{\"ref\": \"refs/heads/main\", \"actor\": {\"name\": \"Ada\"}}";
    assertEquals(
        List.of("webhook", "Ada", "main", "-", "github", "push"),
        output(
            call(
                "ci/senders",
                Map.of(
                    "X-GitHub-Event",
                    "push",
                    "X-GitHub-Delivery",
                    "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                    "X-Hub-Signature-256",
                    "sha256=" + sign(push)),
                push)));
    String tag = "{\"object_kind\": \"tag_push\", \"ref\": \"refs/tags/v1.0.0\"}";
    assertEquals(
        List.of("webhook", "x", "-", "v1.0.0", "gitlab", "Tag Push Hook"),
        output(
            call(
                "ci/senders",
                Map.of(
                    "X-Gitlab-Event",
                    "Tag Push Hook",
                    "X-Gitlab-Token",
                    SECRET,
                    "Idempotency-Key",
                    "f5e5f430-f57b-4e6e-9fac-d9128cd7232f"),
                tag)));
    String changes =
        "{\"push\": {\"changes\": [{\"new\": {\"type\": \"branch\", \"name\": \"topic\"}}]}}";
    assertEquals(
        List.of("webhook", "x", "topic", "-", "bitbucket", "repo:push"),
        output(
            call(
                "ci/senders",
                Map.of(
                    "X-Event-Key",
                    "repo:push",
                    "X-Request-UUID",
                    "1",
                    "X-Hub-Signature",
                    "sha256=" + sign(changes)),
                changes)));
    String completed = "{\"id\": \"3888f21b\", \"pipeline\": {\"vcs\": {\"branch\": \"release\"}}}";
    assertEquals(
        List.of("webhook", "x", "release", "-", "circleci", "workflow-completed"),
        output(
            call(
                "ci/senders",
                Map.of(
                    "circleci-event-type",
                    "workflow-completed",
                    "circleci-signature",
                    "v1=" + sign(completed)),
                completed)));
    assertEquals(
        List.of("webhook", "x", "-", "-", "other", ""),
        output(call("ci/senders", Map.of("X-Fanfare-Signature", "sha256=" + sign("{}")), "{}")));
  }

  @Test
  void a_signing_token_of_gitlab_covers_id_and_time() {
    register(workflow("standard", "webhook: { path: standard, secret: STANDARD }"));
    String body = "{\"ref\": \"refs/heads/main\"}";
    String now = String.valueOf(Instant.now().getEpochSecond());
    String old = String.valueOf(Instant.now().getEpochSecond() - 3_600);
    for (String time : List.of(now, old)) {
      String signature = Base64.getEncoder().encodeToString(bytes(KEY, "m1.", time, ".", body));
      call(
              "standard",
              Map.of(
                  "X-Gitlab-Event",
                  "Push Hook",
                  "webhook-id",
                  "m1",
                  "webhook-timestamp",
                  time,
                  "webhook-signature",
                  "v1," + signature),
              body)
          .statusCode(time.equals(now) ? 201 : 401);
    }
  }

  @Test
  void who_does_not_know_the_secret_learns_nothing_and_stores_nothing() {
    register(workflow("guarded", "webhook: { path: guarded, secret: HOOK_SECRET }"));
    String before = rows.everything();
    Set<String> answers = new HashSet<>();
    for (Map<String, String> headers :
        List.of(
            Map.<String, String>of(),
            Map.of("X-Hub-Signature-256", "sha256=" + sign("other")),
            Map.of("X-Hub-Signature-256", sign("{}")),
            Map.of("X-Hub-Signature", "sha1=" + sign("{}")),
            Map.of("X-Gitlab-Token", SECRET + "."),
            Map.of("circleci-signature", "v1=", "X-GitHub-Delivery", "1"))) {
      answers.add(
          call("guarded", headers, "{}")
              .statusCode(401)
              .contentType("application/problem+json")
              .extract()
              .asString());
    }
    assertEquals(1, answers.size());
    call("guarded", Map.of(), "not JSON").statusCode(401);
    assertEquals(before, rows.everything());
  }

  @Test
  void a_webhook_whose_secret_has_no_value_is_closed() {
    register(workflow("closed", "webhook: { path: closed, secret: NOWHERE }"));
    register(workflow("hollow", "webhook: { path: hollow, secret: EMPTY }"));
    call("closed", Map.of("X-Gitlab-Token", ""), "{}").statusCode(503);
    call("hollow", Map.of("X-Gitlab-Token", ""), "{}").statusCode(503);
    call("hollow", Map.of("X-Hub-Signature-256", "sha256="), "{}").statusCode(503);
    call("none", Map.of(), "{}").statusCode(404);
    api().get("/hooks/closed").then().statusCode(405);
  }

  @Test
  void a_condition_decides_which_deliveries_start_a_run() {
    register(
        workflow(
            "filtered",
            "webhook: { path: filtered, when: \"event.ref == 'refs/heads/main' &&"
                + " run.delivery.event == 'push'\" }"));
    call("filtered", Map.of("X-GitHub-Event", "push"), "{\"ref\": \"refs/heads/main\"}")
        .statusCode(201)
        .body("skipped", empty());
    call("filtered", Map.of("X-GitHub-Event", "push"), "{\"ref\": \"refs/heads/x\"}")
        .statusCode(200)
        .body("runs", empty())
        .body("skipped[0].workflow", equalTo("filtered"))
        .body("skipped[0].reason", containsString("false"));
    call("filtered", Map.of("X-GitHub-Event", "push"), "{\"zen\": \"x\"}")
        .statusCode(200)
        .body("skipped[0].reason", containsString("there is no \"ref\" in event"));
  }

  @Test
  void github_may_send_a_form() throws Exception {
    register(
        workflow(
            "form",
            "webhook: { path: form, secret: HOOK_SECRET, params: { who: \"${{ event.by }}\" } }"));
    String body = "payload=%7B%22by%22%3A%22Ada%22%2C%22ref%22%3A%22refs%2Fheads%2Fmain%22%7D";
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/hooks/form"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("X-GitHub-Event", "push")
            .header("X-Hub-Signature-256", "sha256=" + sign(body))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertEquals(201, answer.statusCode(), answer.body());
      String run = io.restassured.path.json.JsonPath.from(answer.body()).getString("runs[0].run");
      assertEquals(List.of("webhook", "Ada", "main", "-", "github", "push"), output(run));
    }
  }

  @Test
  void what_cannot_become_parameters_is_refused() {
    register(
        """
        name: picky
        params: { n: { type: integer, required: true } }
        triggers: [{ webhook: { path: picky, params: { n: "${{ event.n }}" } } }]
        steps: { a: { pass: {} } }
        """);
    String before = rows.everything();
    call("picky", Map.of(), "{\"n\": \"many\"}")
        .statusCode(422)
        .body("errors.code", hasItem("wrong-param-type"));
    call("picky", Map.of(), "{}")
        .statusCode(422)
        .body("detail", containsString("'n' cannot be computed"))
        .body("errors.code", hasItem("trigger-param"));
    call("picky", Map.of(), "{\"n\": null}")
        .statusCode(422)
        .body("errors.code", hasItem("missing-param"));
    call("picky", Map.of(), "[1]").statusCode(400);
    call("picky", Map.of(), "{\"n\": ").statusCode(400);
    call("picky", Map.of(), "{\"n\": \"" + "x".repeat(1 << 20) + "\"}").statusCode(413);
    assertEquals(before, rows.everything());
    call("picky", Map.of(), "{\"n\": 7}").statusCode(201);
  }

  @Test
  void the_same_delivery_a_thousand_times_at_once_starts_one_run() throws Exception {
    register(workflow("replayed", "webhook: { path: replayed, secret: HOOK_SECRET }"));
    String body = "{\"ref\": \"refs/heads/main\"}";
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/hooks/replayed"))
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", "push")
            .header("X-GitHub-Delivery", UUID.randomUUID().toString())
            .header("X-Hub-Signature-256", "sha256=" + sign(body))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    Set<Object> runs = new HashSet<>();
    int created = 0;
    CountDownLatch start = new CountDownLatch(1);
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        answers.add(
            threads.submit(
                () -> {
                  start.await();
                  return http.send(request, HttpResponse.BodyHandlers.ofString());
                }));
      }
      start.countDown();
      for (Future<HttpResponse<String>> each : answers) {
        HttpResponse<String> answer = each.get();
        Map<?, ?> run =
            (Map<?, ?>) ((List<?>) ((Map<?, ?>) Json.parse(answer.body())).get("runs")).getFirst();
        boolean first = Boolean.TRUE.equals(run.get("created"));
        assertEquals(first ? 201 : 200, answer.statusCode());
        created += first ? 1 : 0;
        runs.add(run.get("run"));
      }
    }
    assertEquals(1, runs.size());
    assertEquals(1, created);
    api().queryParam("workflow", "replayed").get("/api/runs").then().body("runs", hasSize(1));
  }

  @Test
  void a_signed_body_without_an_id_goes_by_itself_and_an_open_one_is_always_new() {
    register(workflow("signed", "webhook: { path: signed, secret: HOOK_SECRET }"));
    register(workflow("open", "webhook: { path: open }"));
    Map<String, String> signature = Map.of("X-Fanfare-Signature", "sha256=" + sign("{\"n\": 1}"));
    String run =
        call("signed", signature, "{\"n\": 1}").statusCode(201).extract().path("runs[0].run");
    call("signed", signature, "{\"n\": 1}")
        .statusCode(200)
        .body("runs[0].created", is(false))
        .body("runs[0].run", equalTo(run));
    call("open", Map.of(), "{}").statusCode(201);
    call("open", Map.of(), "{}").statusCode(201);
    call("open", Map.of("Idempotency-Key", "k"), "{}").statusCode(201);
    call("open", Map.of("Idempotency-Key", "k"), "{}").statusCode(200);
  }

  @Test
  void several_workflows_may_share_an_address_and_each_has_its_own_secret() {
    register(workflow("shared-open", "webhook: shared"));
    register(workflow("shared-signed", "webhook: { path: shared, secret: HOOK_SECRET }"));
    register(workflow("shared-missing", "webhook: { path: shared, secret: NOWHERE }"));
    call("shared", Map.of(), "{}").statusCode(201).body("runs.workflow", contains("shared-open"));
    call("shared", Map.of("X-Gitlab-Token", SECRET), "{}")
        .statusCode(201)
        .body("runs.workflow", contains("shared-open", "shared-signed"));
    api().post("/api/workflows/shared-open/pause").then().statusCode(200).body("paused", is(true));
    call("shared", Map.of(), "{}")
        .statusCode(200)
        .body("skipped[0].reason", equalTo("the workflow is paused"));
    api()
        .post("/api/workflows/shared-open/resume")
        .then()
        .statusCode(200)
        .body("paused", is(false));
    call("shared", Map.of(), "{}").statusCode(201);
    api().post("/api/workflows/nobody/pause").then().statusCode(404);
    api().post("/api/workflows/nobody/resume").then().statusCode(404);
  }

  private ValidatableResponse publish(Map<String, Object> event) {
    return api().contentType(ContentType.JSON).body(event).post("/api/events").then();
  }

  @Test
  void an_event_starts_the_workflows_that_want_it_once_for_each_id() {
    String event =
        "event: { name: paid, when: event.amount > 100, params: { who: \"${{ event.by }}\" } }";
    register(workflow("paid-a", event));
    register(workflow("paid-b", "event: paid"));
    register(workflow("paid-c", "event: { name: paid, params: { who: \"${{ event.nobody }}\" } }"));
    Map<String, Object> payload = Map.of("amount", 150, "by", "Ada");
    String run =
        publish(Map.of("name", "paid", "id", "e-1", "payload", payload))
            .statusCode(200)
            .body("runs.workflow", contains("paid-a", "paid-b"))
            .body("runs.created", contains(true, true))
            .body("refused.workflow", contains("paid-c"))
            .body("refused[0].errors[0].code", equalTo("trigger-param"))
            .extract()
            .path("runs[0].run");
    assertEquals(List.of("event", "Ada", "-", "-", "event", "paid"), output(run));
    publish(Map.of("name", "paid", "id", "e-1", "payload", payload))
        .body("first", is(false))
        .body("runs.created", contains(false, false))
        .body("runs[0].run", equalTo(run));
    publish(Map.of("name", "paid", "id", "e-2", "payload", Map.of("amount", 50)))
        .body("runs.workflow", contains("paid-b"))
        .body("skipped.workflow", contains("paid-a"));
    publish(Map.of("name", "unpaid")).statusCode(200).body("runs", empty());
    publish(Map.of("name", "paid", "payload", List.of(1)))
        .statusCode(200)
        .body("runs.workflow", contains("paid-b"));
  }

  @Test
  void an_event_wakes_those_that_wait_before_it_starts_runs_that_wait_for_the_next() {
    register(
        """
        name: chained
        triggers: [{ event: link }]
        steps:
          next: { waitFor: { event: link } }
        """);
    publish(Map.of("name", "link")).body("woken", is(0)).body("runs", hasSize(1));
    String first =
        api()
            .queryParam("workflow", "chained")
            .get("/api/runs")
            .then()
            .extract()
            .path("runs[0].id");
    publish(Map.of("name", "link")).body("woken", is(1)).body("runs", hasSize(1));
    api()
        .queryParam("wait", "30s")
        .get("/api/runs/" + first)
        .then()
        .body("status", equalTo("succeeded"));
  }

  @Test
  void triggers_are_listed_with_what_comes_next() {
    register(
        """
        name: listed
        triggers:
          - schedule: { cron: "0 3 29 2 *", timezone: Europe/Berlin }
          - interval: 15m
          - webhook: { path: listed, secret: HOOK_SECRET }
          - event: order.paid
        steps: { a: { pass: {} } }
        """);
    String next =
        api()
            .queryParam("workflow", "listed")
            .queryParam("limit", 3)
            .get("/api/triggers")
            .then()
            .statusCode(200)
            .body("triggers.kind", contains("schedule", "interval", "webhook"))
            .body("triggers[0].timezone", equalTo("Europe/Berlin"))
            .body("triggers[0].nextAt", containsString("-02-29T02:00:00.000Z"))
            .body("triggers[0].lastAt", nullValue())
            .body("triggers[1].nextAt", notNullValue())
            .body("triggers[2].path", equalTo("/hooks/listed"))
            .body("triggers[2].signed", is(true))
            .body("triggers[2].toString()", not(containsString(SECRET)))
            .extract()
            .path("next");
    api()
        .queryParam("workflow", "listed")
        .queryParam("after", next)
        .get("/api/triggers")
        .then()
        .body("triggers.name", contains("order.paid"))
        .body("next", nullValue());
    api().post("/api/workflows/listed/pause").then().statusCode(200);
    api()
        .queryParam("workflow", "listed")
        .get("/api/triggers")
        .then()
        .body("triggers[0].paused", is(true))
        .body("triggers[0].nextAt", nullValue());
    api().queryParam("after", "x").get("/api/triggers").then().statusCode(400);
  }
}
