package dev.fanfare.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@NullUnmarked // answers are looked into without asking what is there
class WaitsApiTest {

  private static final String GATE =
      """
      name: gated
      steps:
        gate:
          approval:
            message: Ship it?
            timeout: 1h
            schema: { type: object, required: [ticket], properties: { ticket: { type: string } } }
        each: { forEach: ["a b/c"], key: "${{ item }}", approval: "${{ item }}?" }
      """;

  @TestHTTPResource("/")
  URI server;

  private RequestSpecification api() {
    return given()
        .spec(
            new RequestSpecBuilder()
                .setBaseUri("http://127.0.0.1")
                .setPort(server.getPort())
                .build());
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

  /** A run once it waits. */
  private String waiting(String yaml) {
    String run = start(yaml);
    until(() -> "waiting".equals(api().get("/api/runs/" + run).path("status")));
    return run;
  }

  private static void until(java.util.function.BooleanSupplier happened) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!happened.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private ValidatableResponse post(String path, Object body) {
    return api()
        .contentType(ContentType.JSON)
        .body(body)
        .post("/api/" + path)
        .then()
        .contentType(containsString("json"));
  }

  private ValidatableResponse step(String run, String step) {
    return api()
        .get("/api/runs/" + run)
        .then()
        .statusCode(200)
        .rootPath("steps.find { it.id == '" + step + "' }");
  }

  @Test
  void an_approval_is_shown_listed_decided_and_told_of() {
    String run = waiting(GATE);
    step(run, "gate")
        .body("waitsFor.kind", is("approval"))
        .body("waitsFor.message", is("Ship it?"))
        .body("waitsFor.deadline", startsWith("2"))
        .body("reason.message", containsString("Ship it?"));
    List<Map<String, Object>> listed = new ArrayList<>();
    String after = "";
    do {
      var page = api().queryParam("limit", 1);
      var answer = (after.isEmpty() ? page : page.queryParam("after", after)).get("/api/approvals");
      listed.addAll(answer.path("approvals"));
      after = answer.path("next") == null ? "" : answer.path("next");
    } while (!after.isEmpty());
    Map<String, Object> mine =
        listed.stream()
            .filter(each -> each.get("run").equals(run) && each.get("step").equals("gate"))
            .findFirst()
            .orElseThrow();
    assertEquals("gated", mine.get("workflow"));
    assertEquals("Ship it?", mine.get("message"));
    assertEquals("object", ((Map<?, ?>) mine.get("schema")).get("type"));
    String gate = "runs/" + run.substring(0, 30) + "/steps/gate/";
    Map<String, Object> decision =
        Map.of("by", "ann", "reason", "green", "form", Map.of("ticket", "OPS-7"));
    post(gate + "approve", decision)
        .statusCode(200)
        .body("decision", is("approved"))
        .body("decided", is(true))
        .body("by", is("ann"))
        .body("step", is("gate"));
    post(gate + "approve", Map.of("by", "bob", "form", Map.of("ticket", "OPS-8")))
        .statusCode(200)
        .body("decided", is(false))
        .body("by", is("ann"))
        .body("reason", is("green"));
    post(gate + "deny", Map.of("by", "bob"))
        .statusCode(409)
        .body("detail", containsString("it was approved by ann at 2"));
    step(run, "gate")
        .body("status", is("approved"))
        .body("output.form.ticket", is("OPS-7"))
        .body("waitsFor", nullValue());
    post("runs/" + run + "/steps/each[a b/c]/deny", Map.of()).statusCode(200).body("by", is("api"));
    api().queryParam("wait", "30s").get("/api/runs/" + run).then().body("status", is("failed"));
    step(run, "each[a b/c]").body("error.code", is("denied")).body("output.by", is("api"));
  }

  @Test
  void a_form_that_is_not_as_it_should_be_is_refused_with_each_finding() {
    String run = waiting(GATE);
    String gate = "runs/" + run + "/steps/gate/approve";
    post(gate, Map.of("form", Map.of("ticket", 7)))
        .statusCode(422)
        .body("detail", containsString("/ticket"))
        .body("detail", containsString("nothing was decided"))
        .body("errors", hasSize(1))
        .body("errors[0].code", is("bad-form"));
    post(gate, Map.of()).statusCode(422).body("detail", containsString("ticket"));
    step(run, "gate").body("status", is("waiting"));
    post("runs/" + run + "/cancel", Map.of()).statusCode(202);
    post(gate, Map.of("form", Map.of("ticket", "x")))
        .statusCode(409)
        .body("detail", containsString("ended cancelled at 2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "steps/gate/approve|{\"who\": \"ann\"}|400|by, form, reason",
        "steps/gate/approve|[]|400|must be a JSON object",
        "steps/gate/approve|{|400|not JSON",
        "steps/gate/approve|{\"by\": \"\"}|400|'by' must have 1 to 255",
        "steps/gate/approve|{\"by\": 3}|400|'by' must be a text",
        "steps/gate/approve|{\"form\": \"x\"}|400|'form' must be a JSON object",
        "steps/nobody/approve|{}|404|has no step 'nobody'",
        "steps/gate/approve/more|{}|404|has nothing at",
        "steps/nap/deny|{}|409|is no approval but sleep"
      })
  void what_makes_no_sense_is_refused_with_a_sentence(
      String path, String body, int status, String sentence) {
    String run = waiting(GATE + "  nap: { sleep: 1h }\n");
    post("runs/" + run + "/" + path, body)
        .statusCode(status)
        .body("detail", containsString(sentence));
    post("runs/" + run + "/cancel", Map.of()).statusCode(202);
  }

  @Test
  void decisions_about_what_is_not_there_are_refused() {
    post("runs/00000000-0000-7000-8000-000000000000/steps/gate/approve", Map.of()).statusCode(404);
    post("runs/nonsense/steps/gate/approve", Map.of()).statusCode(404);
    api().queryParam("after", "x").get("/api/approvals").then().statusCode(400);
    api().queryParam("limit", "0").get("/api/approvals").then().statusCode(400);
  }

  @Test
  void an_event_wakes_who_waits_and_says_how_many() {
    String run =
        waiting(
            "name: paid\n"
                + "steps:\n"
                + "  paid: { waitFor: { event: api.paid, match: \"${{ event.sum > 3 }}\" } }\n");
    step(run, "paid").body("waitsFor.kind", is("event")).body("waitsFor.event", is("api.paid"));
    post("events", Map.of("name", "api.paid", "payload", Map.of("sum", 1)))
        .statusCode(200)
        .body("woken", is(0))
        .body("passed", is(1))
        .body("id", nullValue());
    Map<String, Object> event =
        Map.of("name", "api.paid", "id", "e-1", "payload", Map.of("sum", 7));
    post("events", event).statusCode(200).body("woken", is(1)).body("first", is(true));
    post("events", event).statusCode(200).body("woken", is(0)).body("first", is(false));
    api()
        .queryParam("wait", "30s")
        .get("/api/runs/" + run)
        .then()
        .body("status", is("succeeded"))
        .body("steps[0].output.sum", is(7));
    post("events", Map.of()).statusCode(400).body("detail", containsString("'name' is missing"));
    post("events", Map.of("name", "x", "data", 1)).statusCode(400);
    post("events", Map.of("name", "x", "payload", "x".repeat(300_000))).statusCode(413);
    api()
        .header("Origin", "https://evil.example")
        .contentType(ContentType.JSON)
        .body(event)
        .post("/api/events")
        .then()
        .statusCode(403);
  }

  @Test
  void a_callback_goes_by_its_token_once() {
    String yaml = "name: called\nsteps:\n  done: { waitFor: { callback: true, timeout: 1h } }\n";
    String run = waiting(yaml);
    String path =
        step(run, "done")
            .body("waitsFor.kind", is("callback"))
            .extract()
            .path("steps[0].waitsFor.path");
    String call = path.replace("/api/", "");
    post(call, List.of(1, "two")).statusCode(200).body("run", is(run)).body("step", is("done"));
    post(call, Map.of()).statusCode(409).body("detail", containsString("was used at 2"));
    step(run, "done").body("output", equalTo(List.of(1, "two"))).body("waitsFor", nullValue());

    String failing = waiting(yaml);
    call = ((String) api().get("/api/runs/" + failing).path("steps[0].waitsFor.path")).substring(5);
    post(call, "{").statusCode(400);
    post(call + "/fail", Map.of("code", "Bad Code")).statusCode(400);
    post(call + "/fail", Map.of("why", "x")).statusCode(400);
    post(call, "\"" + "x".repeat(300_000) + "\"").statusCode(413);
    post(call + "/fail", Map.of("code", "no_ink", "message", "empty", "details", Map.of("left", 0)))
        .statusCode(200);
    step(failing, "done")
        .body("status", is("failed"))
        .body("error.code", is("no_ink"))
        .body("error.message", is("empty"))
        .body("error.left", is(0));

    String late = waiting(yaml);
    call = ((String) api().get("/api/runs/" + late).path("steps[0].waitsFor.path")).substring(5);
    post("runs/" + late + "/cancel", Map.of()).statusCode(202);
    post(call, Map.of())
        .statusCode(410)
        .body("detail", containsString("ended cancelled at 2"))
        .body("detail", not(containsString("null")));
    post("callbacks/" + "x".repeat(43), Map.of()).statusCode(404);
    post("callbacks/short", Map.of()).statusCode(404);
  }
}
