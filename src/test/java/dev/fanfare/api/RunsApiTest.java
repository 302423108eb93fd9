package dev.fanfare.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@NullUnmarked // answers are looked into without asking what is there
class RunsApiTest {

  private static final String HELLO =
      """
      name: hello
      params: { who: { type: string, default: world } }
      steps:
        greet: { pass: { output: "${{ 'hello ' + params.who }}" } }
      outputs: { greeting: "${{ steps.greet.output }}" }
      """;

  private static final String ENDLESS = "name: endless\nsteps:\n  nap: { sleep: 1h }\n";

  @TestHTTPResource("/")
  URI server;

  @Inject Rows rows;

  private RequestSpecification api() {
    return given()
        .spec(
            new RequestSpecBuilder()
                .setBaseUri("http://127.0.0.1")
                .setPort(server.getPort())
                .build());
  }

  private static Map<String, Object> file(String text) {
    return Map.of("name", "test.yaml", "text", text);
  }

  private String start(String yaml) {
    return api()
        .contentType("text/yaml")
        .body(yaml)
        .post("/api/runs")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  @Test
  void a_file_runs_to_its_end_while_the_caller_waits() {
    api()
        .contentType(ContentType.JSON)
        .body(Map.of("file", file(HELLO), "params", Map.of("who", "moon"), "wait", 30))
        .post("/api/runs")
        .then()
        .statusCode(201)
        .header("Location", containsString("/api/runs/"))
        .body("created", is(true))
        .body("status", equalTo("succeeded"))
        .body("outputs.greeting", equalTo("hello moon"))
        .body("steps[0].id", equalTo("greet"))
        .body("steps[0].output", equalTo("hello moon"));
  }

  @Test
  void a_yaml_body_takes_its_parameters_from_the_query() {
    api()
        .contentType("text/yaml")
        .queryParam("param.who", "you")
        .queryParam("wait", "30s")
        .body(HELLO)
        .post("/api/runs")
        .then()
        .statusCode(201)
        .body("outputs.greeting", equalTo("hello you"));
  }

  @Test
  void a_run_that_does_not_end_is_answered_when_the_time_is_up() {
    api()
        .contentType("text/yaml")
        .queryParam("wait", "100ms")
        .body(ENDLESS)
        .post("/api/runs")
        .then()
        .statusCode(201)
        .body("status", equalTo("waiting"))
        .body("finishedAt", equalTo(null));
  }

  /** Timers take whole milliseconds; what is left of a wait is often less. */
  @Test
  void the_shortest_waits_are_answered_too() {
    String id = start(ENDLESS.replace("endless", "shortest-waits"));
    for (int i = 0; i < 50; i++) {
      api().queryParam("wait", "1ms").get("/api/runs/" + id).then().statusCode(200);
    }
  }

  @Test
  void a_registered_workflow_is_run_by_its_name() {
    String text = HELLO.replace("name: hello", "name: by-name");
    api().contentType("text/yaml").body(text).post("/api/workflows").then().statusCode(201);
    api()
        .contentType(ContentType.JSON)
        .body(Map.of("workflow", "by-name", "wait", "30s"))
        .post("/api/runs")
        .then()
        .statusCode(201)
        .body("workflow", equalTo("by-name"))
        .body("outputs.greeting", equalTo("hello world"));
  }

  @Test
  void fifty_starts_with_one_key_at_once_are_one_run() throws Exception {
    String key = UUID.randomUUID().toString();
    Set<String> ids = new HashSet<>();
    int created = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(50)) {
      List<Future<Map<String, Object>>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(
            pool.submit(
                () ->
                    api()
                        .header("Idempotency-Key", key)
                        .contentType("text/yaml")
                        .body(HELLO.replace("name: hello", "name: keyed"))
                        .post("/api/runs")
                        .then()
                        .extract()
                        .jsonPath()
                        .getMap("$")));
      }
      for (Future<Map<String, Object>> answer : answers) {
        Map<String, Object> run = answer.get();
        ids.add(String.valueOf(run.get("id")));
        created += Boolean.TRUE.equals(run.get("created")) ? 1 : 0;
      }
    }
    assertEquals(1, ids.size(), ids::toString);
    assertEquals(1, created);
    assertEquals(1, rows.count("SELECT count(*) FROM run WHERE workflow = 'keyed'"));
    api()
        .header("Idempotency-Key", key)
        .contentType("text/yaml")
        .body(HELLO.replace("name: hello", "name: keyed"))
        .post("/api/runs")
        .then()
        .statusCode(200)
        .body("id", equalTo(ids.iterator().next()));
  }

  @Test
  void runs_are_listed_newest_first_and_page_by_page() {
    String text = HELLO.replace("name: hello", "name: listed");
    List<String> started = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      started.addFirst(start(text));
    }
    List<String> seen = new ArrayList<>();
    String before = null;
    do {
      RequestSpecification request = api().queryParam("workflow", "listed").queryParam("limit", 2);
      if (before != null) {
        request.queryParam("before", before);
      }
      var page = request.get("/api/runs").then().statusCode(200).extract().jsonPath();
      seen.addAll(page.getList("runs.id", String.class));
      before = page.getString("next");
    } while (before != null);
    assertEquals(started, seen);
  }

  @Test
  void runs_are_listed_by_status() {
    String text = ENDLESS.replace("endless", "by-status");
    String id = start(text);
    api()
        .queryParam("workflow", "by-status")
        .queryParam("status", "waiting")
        .get("/api/runs")
        .then()
        .body("runs", hasSize(1))
        .body("runs[0].id", equalTo(id))
        .body("runs[0].startedAt", notNullValue())
        .body("runs[0].durationMs", equalTo(null));
    api()
        .queryParam("workflow", "by-status")
        .queryParam("status", "failed")
        .get("/api/runs")
        .then()
        .body("runs", hasSize(0));
  }

  @Test
  void a_run_is_found_by_the_unique_beginning_of_its_id() {
    String id = start(HELLO);
    api().get("/api/runs/" + id.substring(0, 30)).then().body("id", equalTo(id));
    api().get("/api/runs/" + id.toUpperCase(java.util.Locale.ROOT)).then().body("id", equalTo(id));
  }

  @Test
  void an_abbreviation_of_two_runs_is_refused() {
    String first = start(HELLO);
    String second = start(HELLO);
    assertEquals(first.substring(0, 8), second.substring(0, 8));
    api()
        .get("/api/runs/" + first.substring(0, 8))
        .then()
        .statusCode(409)
        .body("detail", containsString("several runs begin with"));
  }

  @Test
  void the_steps_of_a_run_are_listed_by_status_and_page() {
    String id =
        api()
            .contentType("text/yaml")
            .queryParam("wait", "30s")
            .body("name: three\nsteps:\n  a: { pass: {} }\n  b: { pass: {} }\n  c: { pass: {} }\n")
            .post("/api/runs")
            .path("id");
    String next =
        api()
            .queryParam("limit", 2)
            .get("/api/runs/" + id + "/steps")
            .then()
            .statusCode(200)
            .body("steps.id", equalTo(List.of("a", "b")))
            .body("steps[0].status", equalTo("succeeded"))
            .extract()
            .path("next");
    api()
        .queryParam("after", next)
        .queryParam("status", "succeeded")
        .get("/api/runs/" + id + "/steps")
        .then()
        .body("steps.id", equalTo(List.of("c")))
        .body("next", equalTo(null));
  }

  @Test
  void a_run_that_has_ended_is_rerun_and_its_history_kept() {
    String yaml = "name: w\nsteps:\n  a: { run: 'test $FANFARE_ATTEMPT = 2' }\n  b: { pass: {} }\n";
    String id =
        api()
            .contentType("text/yaml")
            .queryParam("wait", "30s")
            .body(yaml)
            .post("/api/runs")
            .path("id");
    api()
        .contentType("application/json")
        .body("{\"from\": \"failed\", \"by\": \"ann\"}")
        .post("/api/runs/" + id + "/rerun")
        .then()
        .statusCode(202)
        .body("attempt", equalTo(2))
        .body("restarted", equalTo(true));
    api()
        .queryParam("wait", "30s")
        .get("/api/runs/" + id)
        .then()
        .body("status", equalTo("succeeded"))
        .body("attempt", equalTo(2))
        .body("earlierAttempts[0].status", equalTo("failed"))
        .body("earlierAttempts[0].next.by", equalTo("ann"));
    api()
        .get("/api/runs/" + id + "/attempts/1")
        .then()
        .statusCode(200)
        .body("steps.find { it.id == 'a' }.status", equalTo("failed"))
        .body("steps.find { it.id == 'a' }.error.code", equalTo("exit_code"));
    api().get("/api/runs/" + id + "/attempts/2").then().statusCode(404);
    api()
        .contentType("application/json")
        .body("{\"from\": \"failed\"}")
        .post("/api/runs/" + id + "/rerun")
        .then()
        .statusCode(409);
  }

  @Test
  void a_run_is_cancelled_once() {
    String id = start(ENDLESS);
    api()
        .contentType(ContentType.JSON)
        .body(Map.of("reason", "no longer needed"))
        .post("/api/runs/" + id + "/cancel")
        .then()
        .statusCode(202)
        .body("status", equalTo("cancelled"));
    api()
        .contentType(ContentType.JSON)
        .post("/api/runs/" + id + "/cancel")
        .then()
        .statusCode(200)
        .body("status", equalTo("cancelled"));
    api()
        .queryParam("wait", "10s")
        .get("/api/runs/" + id)
        .then()
        .statusCode(200)
        .body("status", equalTo("cancelled"))
        .body("reason.code", equalTo("run_cancelled"))
        .body("reason.reason", equalTo("no longer needed"));
  }

  @Test
  void a_cancelled_run_ends_when_its_hooks_have_and_a_second_cancel_ends_them() {
    String hooked =
        """
        name: hooked
        steps:
          work:
            sleep: 1h
            hooks: { onCancel: { sleep: %s }, always: { run: echo tidied } }
        """;
    String patient = start(hooked.formatted("10ms"));
    cancel(patient).statusCode(202).body("status", is(oneOf("running", "waiting")));
    api()
        .queryParam("wait", "20s")
        .get("/api/runs/" + patient)
        .then()
        .statusCode(200)
        .body("status", equalTo("cancelled"))
        .body("steps.id", equalTo(List.of("work", "work:onCancel", "work:always")))
        .body("steps.status", equalTo(List.of("cancelled", "succeeded", "succeeded")))
        .body("steps[2].output", equalTo("tidied"));
    String hasty = start(hooked.formatted("1h"));
    cancel(hasty).statusCode(202);
    cancel(hasty).statusCode(202).body("status", equalTo("cancelled"));
    cancel(hasty).statusCode(200);
    api()
        .get("/api/runs/" + hasty)
        .then()
        .body("steps.id", equalTo(List.of("work", "work:onCancel")))
        .body("steps.status", equalTo(List.of("cancelled", "cancelled")));
  }

  private ValidatableResponse cancel(String run) {
    return api().contentType(ContentType.JSON).post("/api/runs/" + run + "/cancel").then();
  }

  @Test
  void the_api_describes_itself() {
    api()
        .accept(ContentType.JSON)
        .get("/q/openapi")
        .then()
        .statusCode(200)
        .body("info.title", equalTo("Fanfare"))
        .body("paths.keySet()", hasItems("/api/runs", "/api/runs/{id}", "/api/workflows"))
        .body("paths.'/api/runs'.post.summary", notNullValue());
  }

  @Test
  void nothing_is_stored_for_a_request_that_is_refused() {
    start(HELLO);
    String before = rows.everything();
    for (BadRequest bad : BadRequest.STARTS) {
      api()
          .contentType(bad.contentType())
          .headers(bad.headers())
          .body(bad.body())
          .post("/api/runs" + bad.query())
          .then()
          .statusCode(bad.status())
          .contentType("application/problem+json")
          .body("status", is(bad.status()))
          .body("type", startsWith("/problems/"))
          .body("title", notNullValue())
          .body("detail", containsString(bad.detail()));
    }
    assertEquals(before, rows.everything());
  }

  @Test
  void a_refused_file_is_answered_with_every_finding_and_its_place() {
    api()
        .contentType(ContentType.JSON)
        .body(
            Map.of("file", file("name: w\nsteps:\n  a: { runn: x }\n  b: { run: x, tmeout: 3s }")))
        .post("/api/runs")
        .then()
        .statusCode(422)
        .body("errors.size()", greaterThan(1))
        .body("errors.code", hasItem("unknown-key"))
        .body("errors.find { it.message.contains('runn') }.line", is(3))
        .body("errors.find { it.message.contains('runn') }.column", is(8))
        .body("errors.severity", hasItem("error"))
        .body("detail", containsString("line 3:3"));
  }

  @Test
  void what_is_not_there_is_a_404_that_says_so() {
    String absent = "/api/runs/" + new UUID(1, 2);
    for (String path :
        List.of(
            absent,
            absent + "/events",
            absent + "/steps",
            absent + "/logs",
            absent + "/logs/a",
            "/api/runs/not-a-uuid",
            "/api/runs/0000000",
            "/api/runs/00000000-0000-7000",
            "/api/runs/%00",
            "/api/nothing",
            "/api/workflows/none")) {
      api()
          .urlEncodingEnabled(false)
          .get(path)
          .then()
          .statusCode(404)
          .contentType("application/problem+json")
          .body("detail", notNullValue());
    }
    api()
        .contentType(ContentType.JSON)
        .post(absent + "/cancel")
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
    api()
        .accept("text/event-stream")
        .get(absent + "/events")
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
  }

  @Test
  void a_wrong_method_or_media_type_is_a_problem_too() {
    api()
        .delete("/api/runs")
        .then()
        .statusCode(405)
        .contentType("application/problem+json")
        .body("detail", containsString("does not take this method"));
    api()
        .accept("image/png")
        .get("/api/runs")
        .then()
        .statusCode(406)
        .contentType("application/problem+json");
  }

  @Test
  void query_parameters_are_read_strictly() {
    for (String query :
        List.of(
            "limit=0",
            "limit=201",
            "limit=x",
            "status=done",
            "workflow=%00",
            "before=" + new UUID(1, 2))) {
      api()
          .urlEncodingEnabled(false)
          .get("/api/runs?" + query)
          .then()
          .statusCode(400)
          .contentType("application/problem+json");
    }
  }

  @Test
  void a_page_of_another_origin_is_kept_out() {
    for (Map<String, String> headers :
        List.of(
            Map.of("Origin", "http://evil.example"),
            Map.of("Origin", "null"),
            Map.of("Host", "evil.example", "Origin", "http://evil.example"))) {
      api()
          .headers(headers)
          .contentType("text/yaml")
          .body(HELLO)
          .post("/api/runs")
          .then()
          .statusCode(403)
          .contentType("application/problem+json");
    }
  }

  @Test
  void a_run_that_its_concurrency_rejects_is_a_conflict_that_names_the_active_run() {
    String yaml =
        "name: once\nconcurrency: { key: api-once, policy: %s }\nsteps:\n  nap: { sleep: 1h }\n";
    String active = start(yaml.formatted("reject"));
    api()
        .contentType("text/yaml")
        .header("Idempotency-Key", "again")
        .body(yaml.formatted("reject"))
        .post("/api/runs")
        .then()
        .statusCode(409)
        .body("detail", containsString(active))
        .body("detail", containsString("api-once"));
    api()
        .contentType("text/yaml")
        .header("Idempotency-Key", "again")
        .body(yaml.formatted("reject"))
        .post("/api/runs")
        .then()
        .statusCode(409);
    api()
        .contentType("text/yaml")
        .body(yaml.formatted("skip"))
        .post("/api/runs")
        .then()
        .statusCode(201)
        .body("status", equalTo("cancelled"))
        .body("reason.code", equalTo("concurrency_skipped"))
        .body("reason.message", containsString(active));
    String queued = start(yaml.formatted("queue"));
    api().get("/api/runs/" + queued).then().body("status", equalTo("queued"));
    for (String run : List.of(queued, active)) {
      api()
          .contentType(ContentType.JSON)
          .body(Map.of())
          .post("/api/runs/" + run + "/cancel")
          .then()
          .statusCode(202);
    }
  }
}
