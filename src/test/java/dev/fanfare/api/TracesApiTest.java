package dev.fanfare.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** The trace of whoever starts a run over HTTP. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@NullUnmarked // answers are looked into without asking what is there
class TracesApiTest {

  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @TestHTTPResource("/")
  URI server;

  private RequestSpecification api() {
    return given().baseUri("http://127.0.0.1").port(server.getPort());
  }

  private RequestSpecification traced() {
    return api().header("traceparent", PARENT).header("tracestate", "rojo=1");
  }

  private static String workflow(String name, String more) {
    return """
    name: %s
    %s
    steps:
      a: { pass: { output: "${{ run.?traceparent.orValue('-') + ' ' + run.?tracestate.orValue('-') }}" } }
    outputs: { trace: "${{ steps.a.output }}" }
    """
        .formatted(name, more);
  }

  private String seen(String run) {
    return api()
        .queryParam("wait", "30s")
        .get("/api/runs/" + run)
        .then()
        .body("status", equalTo("succeeded"))
        .extract()
        .path("outputs.trace");
  }

  private String started(RequestSpecification by) {
    return by.contentType("text/yaml")
        .body(workflow("traced", ""))
        .post("/api/runs")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private void register(String name, String trigger) {
    api()
        .contentType("text/yaml")
        .body(workflow(name, "triggers:\n  - " + trigger))
        .post("/api/workflows")
        .then()
        .statusCode(201);
  }

  @Test
  void a_run_knows_the_trace_of_who_started_it() {
    assertEquals(PARENT + " rojo=1", seen(started(traced())));
    assertEquals(
        PARENT + " rojo=1,congo=2", seen(started(traced().header("tracestate", "congo=2"))));
    assertEquals("- -", seen(started(api())));
  }

  @Test
  void a_malformed_header_keeps_no_run_from_starting() {
    RequestSpecification malformed =
        api().header("traceparent", PARENT + "-x").header("tracestate", "rojo=1");
    assertEquals("- -", seen(started(malformed)));
    assertEquals("- -", seen(started(traced().header("traceparent", PARENT))));
  }

  @Test
  void the_trace_of_a_webhook_is_that_of_its_run() {
    register("traced-hook", "webhook: { path: traced }");
    String run =
        traced()
            .contentType(ContentType.JSON)
            .body("{}")
            .post("/hooks/traced")
            .then()
            .statusCode(201)
            .extract()
            .path("runs[0].run");
    assertEquals(PARENT + " rojo=1", seen(run));
  }

  @Test
  void the_trace_of_an_event_is_that_of_the_runs_that_it_starts() {
    register("traced-event", "event: traced");
    String run =
        traced()
            .contentType(ContentType.JSON)
            .body(Map.of("name", "traced"))
            .post("/api/events")
            .then()
            .statusCode(200)
            .extract()
            .path("runs[0].run");
    assertEquals(PARENT + " rojo=1", seen(run));
  }
}
