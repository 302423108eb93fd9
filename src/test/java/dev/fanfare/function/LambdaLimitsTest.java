package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.json.Json;
import dev.fanfare.store.RunView;
import dev.fanfare.testing.FunctionServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lambda's limits and our own: payloads, hops, budget, time, and the sleep between invocations. */
class LambdaLimitsTest {

  private LambdaRig rig = new LambdaRig().bean("noop", new LambdaModeTest.Noop());

  private void rig(UnaryOperator<Deployment> change) {
    rig.close();
    rig = new LambdaRig(change).bean("noop", new LambdaModeTest.Noop());
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private RunView assertStatus(String status, UUID run) {
    RunView end = rig.end(run);
    assertEquals(status, end.status(), () -> end.steps() + " " + end.reason());
    return end;
  }

  /** No step is done in place. */
  private static Deployment hopping(Deployment deployment) {
    return deployment.withInPlace(Duration.ofNanos(1));
  }

  @Test
  void a_chain_of_sixty_invocations_comes_to_its_end() {
    rig(LambdaLimitsTest::hopping);
    assertStatus("succeeded", rig.start(LambdaModeTest.chain(60)));
    rig.until("quiet", () -> rig.done(LambdaRig.STEP).size() == 60);
    Map<String, Object> last = rig.done(LambdaRig.STEP).getLast().payload();
    assertEquals(60L, last.get("hops"));
  }

  @Test
  void a_run_whose_invocations_lead_too_far_fails_and_its_hooks_run() {
    rig(deployment -> hopping(deployment).withHops(10));
    RunView end =
        assertStatus(
            "failed",
            rig.start(
                LambdaModeTest.chain(60)
                    .replace("steps:", "hooks:\n  always: { call: noop }\nsteps:")));
    assertEquals("hops_exceeded", end.reason().get("code"));
    assertEquals(10L, end.reason().get("limit"));
    assertEquals(11, rig.server().calls().size(), "ten hops, and one for the hook");
  }

  @Test
  void a_run_that_uses_up_its_budget_fails() {
    rig(deployment -> deployment.withBudget(100));
    RunView end =
        assertStatus(
            "failed",
            rig.start(
                """
                name: endless
                steps:
                  again:
                    loop: { limit: 100000, until: "${{ false }}", steps: { a: { call: noop } } }
                """));
    assertEquals("budget_exceeded", end.reason().get("code"));
    assertTrue(((Number) end.reason().get("events")).longValue() < 200, () -> "" + end.reason());
  }

  @Test
  void a_wide_fan_out_of_scripts_goes_by_way_of_dispatchers_in_small_payloads() {
    String yaml =
        """
        name: wide
        steps:
          each: { forEach: "${{ lists.range(150) }}", run: "true", maxParallel: 150 }
        """;
    assertStatus("succeeded", rig.start(yaml));
    List<FunctionServer.Call> calls = rig.server().calls();
    assertTrue(
        calls.stream().anyMatch(call -> call.function().equals(LambdaRig.DISPATCHER)),
        "a dispatcher was called");
    for (FunctionServer.Call call : calls) {
      int bytes = Json.write(call.payload()).getBytes(StandardCharsets.UTF_8).length;
      assertTrue(bytes <= 256 << 10, () -> "payload of " + bytes);
    }
  }

  @Test
  void a_dispatcher_whose_time_runs_short_calls_another_one() {
    UUID run =
        rig.start(
            """
            name: x
            steps:
              a: { sleep: 1h }
              b: { run: "true", needs: [a] }
            """);
    // Not enough to begin anything: all of it goes to the next dispatcher.
    rig.timeout(Duration.ofSeconds(2));
    Map<String, Object> claim = Map.of("run", run.toString(), "step", "b", "attempt", 1L);
    rig.fate(
        (function, payload) -> {
          rig.timeout(Duration.ofMinutes(15));
          return LambdaRig.ONCE;
        });
    rig.invoke(
        LambdaRig.DISPATCHER, Map.of("steps", List.of(claim, claim), "hops", 4L, "pack", 1L));
    rig.until("the step function", () -> rig.done(LambdaRig.STEP).size() == 2);
    List<FunctionServer.Call> calls = rig.server().calls();
    assertEquals(LambdaRig.DISPATCHER, calls.getFirst().function());
    assertEquals(5L, ((Map<?, ?>) calls.getFirst().payload()).get("hops"));
    assertEquals(6L, ((Map<?, ?>) calls.getLast().payload()).get("hops"));
  }

  @Test
  void nothing_is_asked_of_the_database_between_invocations() {
    assertStatus("succeeded", rig.start(LambdaModeTest.fan(20)));
    UUID napping = rig.start("name: s\nsteps:\n  nap: { sleep: 1h }\n");
    rig.tick();
    rig.until(
        "the end of every invocation",
        () -> rig.done(LambdaRig.STEP).size() == rig.server().calls().size());
    long before = rig.proxy().sent();
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4)); // a lease, and more
    assertEquals(before, rig.proxy().sent(), "messages to the database");
    assertFalse(rig.hasEnded(napping));
  }

  @Test
  void an_environment_has_two_connections_at_most() {
    assertStatus("succeeded", rig.start(LambdaModeTest.chain(10)));
    rig.until("quiet", () -> rig.done(LambdaRig.STEP).size() == 1);
    assertTrue(rig.proxy().open() <= 4, () -> "trigger and step: " + rig.proxy().open());
  }

  @Test
  void connections_that_died_while_the_functions_were_frozen_are_replaced() {
    for (int i = 0; i < 3; i++) {
      assertStatus("succeeded", rig.start(LambdaModeTest.fan(20)));
      UUID napping = rig.start("name: s\nsteps:\n  nap: { sleep: 1h }\n");
      rig.execute("UPDATE due SET at = now()");
      rig.tick();
      assertStatus("succeeded", napping);
      rig.until("quiet", () -> rig.done(LambdaRig.STEP).size() == rig.server().calls().size());
      rig.proxy().cut();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_100));
    }
  }

  @Test
  void connections_that_nobody_answers_on_any_more_are_given_up() {
    assertStatus("succeeded", rig.start(LambdaModeTest.chain(2)));
    rig.until("quiet", () -> rig.done(LambdaRig.STEP).size() == 1);
    rig.proxy().lose();
    assertStatus("succeeded", rig.start(LambdaModeTest.chain(2)));
  }

  @Test
  void a_continuation_that_does_not_fit_is_handed_to_a_fresh_invocation() {
    rig.timeout(Duration.ofSeconds(60));
    assertStatus(
        "succeeded",
        rig.start(
            """
            name: fits
            steps:
              a: { call: noop }
              b: { run: "true", needs: [a], timeout: 30s }
              c: { run: "true", needs: [b], timeout: 59s }
              d: { call: noop, needs: [c] }
            """));
    rig.until("quiet", () -> rig.done(LambdaRig.STEP).size() == 2);
    assertEquals(2, rig.server().calls().size());
  }
}
