package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Settings;
import dev.fanfare.function.Cloud;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.store.RunView;
import dev.fanfare.testing.FunctionServer;
import dev.fanfare.testing.FunctionServer.Answer;
import dev.fanfare.work.TraceContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Steps that ask for an image are done by the function that carries it. */
class ImagesTest {

  private static final String CHAIN =
      """
      name: images
      order: sequence
      steps:
        here: { run: 'echo "$FANFARE_WORKSPACE"' }
        there: { image: "maven:3", run: 'echo "$FANFARE_WORKSPACE"' }
        again: { image: "node:22", run: 'echo "$FANFARE_WORKSPACE"' }
      """;

  private static Cloud cloud(FunctionServer server) {
    return new Cloud(Optional.of(server.uri()), Map.of("maven:3", "build"));
  }

  /** What the step function does with its event. */
  private static Answer step(EngineRoom room, @Nullable Object event) {
    Map<?, ?> claim = (Map<?, ?>) Objects.requireNonNull(event);
    Invocation invocation =
        new Invocation(
            UUID.fromString(String.valueOf(claim.get("run"))),
            String.valueOf(claim.get("step")),
            ((Long) Objects.requireNonNull(claim.get("attempt"))).intValue(),
            Optional.empty());
    room.step().perform(invocation).await().atMost(Stage.PATIENCE);
    return Answer.of(null);
  }

  @Test
  void a_step_is_done_by_the_function_of_its_image_and_by_nobody_in_place() {
    try (Stage stage = new Stage();
        FunctionServer server = FunctionServer.start()) {
      Cloud cloud = cloud(server);
      EngineRoom here = stage.engineWith(options -> options.with(cloud));
      EngineRoom there = stage.engineWith(options -> options.with(cloud));
      server.function("build", event -> step(there, event));
      RunView run = stage.end(Stage.start(here, CHAIN));
      assertEquals("succeeded", run.status(), run.toString());
      assertNotEquals(Stage.step(run, "here").output(), Stage.step(run, "there").output());
      assertEquals(1, server.calls().size());
      FunctionServer.Call call = server.calls().getFirst();
      assertEquals("Event", call.type());
      assertEquals(
          Map.of(
              "run",
              run.id().toString(),
              "step",
              "there",
              "attempt",
              1L,
              "trace",
              TraceContext.ofRun(run.id(), Map.of()).parent()),
          call.payload());
      List<Map<String, Object>> started = stage.events(run.id(), "step.started");
      assertFalse(started.get(1).containsKey("inPlace"));
      assertTrue(started.get(2).containsKey("inPlace"), "an image without a function");
      Invariants.hold(stage);
    }
  }

  @Test
  void a_step_whose_function_is_not_there_fails_at_once() {
    try (Stage stage = new Stage();
        FunctionServer server = FunctionServer.start()) {
      EngineRoom here = stage.engineWith(options -> options.with(cloud(server)));
      RunView run = stage.end(Stage.start(here, CHAIN));
      assertEquals("failed", run.status());
      Map<String, Object> error = Stage.step(run, "there").error();
      assertEquals("lambda_not_found", error == null ? "" : error.get("code"));
    }
  }

  @Test
  void a_step_that_the_service_has_no_room_for_is_handed_out_again() {
    AtomicInteger calls = new AtomicInteger();
    Settings hasty = Stage.HASTY;
    try (Stage stage = new Stage();
        FunctionServer server = FunctionServer.start()) {
      EngineRoom here = stage.engineWith(hasty, options -> options.with(cloud(server)));
      server.function(
          "build",
          event ->
              calls.incrementAndGet() < 3
                  ? Answer.refused(429, "TooManyRequestsException", "Rate Exceeded.")
                  : step(here, event));
      RunView run = stage.end(Stage.start(here, CHAIN));
      assertEquals("succeeded", run.status(), run.toString());
      assertEquals(3, Stage.step(run, "there").attempt());
    }
  }
}
