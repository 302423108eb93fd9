package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.function.Cloud;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.RunView;
import dev.fanfare.testing.FunctionServer;
import dev.fanfare.testing.FunctionServer.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Steps that are Lambda functions. */
class LambdaStepsTest {

  private static EngineRoom engine(Stage stage, FunctionServer server) {
    Cloud cloud = new Cloud(Optional.of(server.uri()), Map.of());
    return stage.engineWith(options -> options.with(cloud));
  }

  @Test
  void a_function_is_a_step_like_others() {
    AtomicInteger calls = new AtomicInteger();
    try (Stage stage = new Stage();
        FunctionServer server = FunctionServer.start()) {
      server
          .function("price", payload -> Answer.of(Map.of("cents", 500L, "of", payload)))
          .function(
              "busy",
              payload ->
                  calls.incrementAndGet() < 3
                      ? Answer.refused(429, "TooManyRequestsException", "Rate Exceeded.")
                      : Answer.of("at last"))
          .function("broken", payload -> Answer.thrown("NoStock", "none left"));
      RunView run =
          stage.end(
              Stage.start(
                  engine(stage, server),
                  """
                  name: functions
                  steps:
                    price: { lambda: price, payload: { item: ink, sizes: [1, 2] } }
                    busy:
                      lambda: { function: "${{ 'bu' + 'sy' }}" }
                      retry: { attempts: 5, delay: 20ms, on: [lambda_throttled] }
                    note: { lambda: { function: broken, wait: false } }
                    broken: { lambda: broken, onFailure: tolerate }
                    why: { needs: { step: broken, on: finished }, pass: { output: "${{ steps.broken.error.errorType }}" } }
                  """));
      assertEquals("partially_succeeded", run.status());
      assertEquals(
          Map.of("cents", 500L, "of", Map.of("item", "ink", "sizes", List.of(1L, 2L))),
          Stage.step(run, "price").output());
      assertEquals("at last", Stage.step(run, "busy").output());
      assertEquals(3, Stage.step(run, "busy").attempt());
      assertEquals("succeeded", Stage.status(run, "note"));
      assertEquals("NoStock", Stage.step(run, "why").output());
      Invariants.hold(stage);
    }
  }

  @Test
  void a_function_that_takes_too_long_is_not_waited_for() {
    try (Stage stage = new Stage();
        FunctionServer server = FunctionServer.start()) {
      server.function(
          "slow",
          payload -> {
            new java.util.concurrent.CountDownLatch(1)
                .await(1, java.util.concurrent.TimeUnit.MINUTES);
            return Answer.of(1L);
          });
      RunView run =
          stage.end(
              Stage.start(
                  engine(stage, server),
                  "name: t\nsteps:\n  a: { lambda: slow, timeout: 300ms }\n"));
      assertEquals("timed_out", Stage.status(run, "a"));
    }
  }
}
