package dev.fanfare.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.dsl.Cronflow;
import dev.fanfare.dsl.Flows;
import dev.fanfare.dsl.Runs;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Workflows that beans of the application define. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestProfile(FlowBeansTest.WithFlows.class)
@NullUnmarked // beans are injected
class FlowBeansTest {

  /** The bean is there in this test only. */
  public static final class WithFlows implements QuarkusTestProfile {
    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(Greetings.class, Words.class);
    }
  }

  /** A service of the application. */
  @Alternative
  @ApplicationScoped
  public static class Words {
    String hello() {
      return "hello ";
    }
  }

  /** Defines workflows with what it is injected. */
  @Alternative
  @ApplicationScoped
  public static class Greetings implements Flows {
    @Inject Words words;
    @Inject Runs runs;

    @Override
    public void define(Cronflow cron) {
      cron.define("greet")
          .onWebhook("greet")
          .step("greeting", ctx -> words.hello() + ctx.payload().get("who").asText())
          .step("checked", ctx -> ctx.service(Words.class).hello().isBlank() ? "" : ctx.last())
          .step("again", ctx -> runs.inspect(ctx.run().id()).orElseThrow().workflow())
          .step("result", ctx -> ctx.steps("checked").output());
    }
  }

  @TestHTTPResource("/")
  URI server;

  @Inject EngineRoom room;
  @Inject Runs runs;

  @Test
  void a_workflow_of_a_bean_is_registered_and_started_over_http() {
    assertTrue(room.resumed().isEmpty());
    given()
        .port(server.getPort())
        .when()
        .get("/api/workflows")
        .then()
        .statusCode(200)
        .body("workflows.name", hasItem("greet"));
    given()
        .port(server.getPort())
        .contentType(ContentType.JSON)
        .body(Map.of("workflow", "greet", "event", Map.of("who", "moon"), "wait", "20s"))
        .when()
        .post("/api/runs")
        .then()
        .body("status", equalTo("succeeded"))
        .body("outputs.result", equalTo("hello moon"));
  }

  @Test
  void runs_are_started_by_whoever_is_injected_them() {
    UUID run = runs.trigger("greet", Map.of("who", "sun"));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!runs.inspect(run).orElseThrow().status().equals("succeeded")) {
      assertTrue(System.nanoTime() < deadline, () -> runs.inspect(run).toString());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    assertEquals("hello sun", runs.inspect(run).orElseThrow().output().asText());
  }
}
