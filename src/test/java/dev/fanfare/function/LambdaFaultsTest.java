package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.store.RunView;
import dev.fanfare.testing.FunctionServer;
import dev.fanfare.work.call.JavaStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the service loses, refuses, doubles or delays, and what ends before it is done. */
class LambdaFaultsTest {

  private LambdaRig rig = new LambdaRig().bean("noop", new LambdaModeTest.Noop());

  @AfterEach
  void close() {
    rig.close();
  }

  private RunView assertStatus(String status, UUID run) {
    RunView end = rig.end(run);
    assertEquals(status, end.status(), () -> end.steps() + " " + end.reason());
    return end;
  }

  private static String step(RunView run, String path) {
    return run.steps().stream()
        .filter(step -> step.path().equals(path))
        .findFirst()
        .orElseThrow()
        .toString();
  }

  /** The service answers some calls of the step function with an error, then takes them. */
  private AtomicInteger refusing(int times, int status, String type) {
    AtomicInteger calls = new AtomicInteger();
    rig.refuse(
        function ->
            function.equals(LambdaRig.STEP) && calls.incrementAndGet() <= times
                ? FunctionServer.Answer.refused(status, type, "not now")
                : null);
    return calls;
  }

  @Test
  void a_throttle_that_passes_is_waited_out() {
    AtomicInteger calls = refusing(3, 429, "TooManyRequestsException");
    assertStatus("succeeded", rig.start(LambdaModeTest.chain(3)));
    assertEquals(4, calls.get());
    assertEquals(List.of(), rig.server().messages());
  }

  @Test
  void an_error_of_the_service_is_waited_out() {
    AtomicInteger calls = refusing(2, 500, "ServiceException");
    assertStatus("succeeded", rig.start(LambdaModeTest.chain(3)));
    assertEquals(3, calls.get());
  }

  @Test
  void what_is_throttled_for_long_comes_back_by_the_queue_with_its_lease() {
    AtomicInteger calls = new AtomicInteger();
    CompletableFuture<Void> room = new CompletableFuture<>();
    rig.refuse(
        function -> {
          boolean full = function.equals(LambdaRig.STEP) && !room.isDone();
          calls.addAndGet(full ? 1 : 0);
          return full
              ? FunctionServer.Answer.refused(429, "TooManyRequestsException", "no room")
              : null;
        });
    UUID run = rig.start(LambdaModeTest.chain(3));
    assertEquals(1, rig.server().messages().size(), "one message with the claims");
    assertEquals(5, rig.server().messages().getFirst().delaySeconds());
    // Its lease of 3 s is over, and the sweep leaves it alone all the same.
    room.complete(null);
    rig.until(
        "the lease",
        () ->
            rig.query("SELECT count(*) FROM step WHERE lease_until < now() + interval '4 s'")
                .equals("1"));
    rig.tick();
    assertStatus("succeeded", run);
    assertEquals(List.of(), rig.events(run, "step.lost"));
  }

  @Test
  void a_function_that_is_not_there_fails_the_step() {
    rig.refuse(
        function ->
            function.equals(LambdaRig.STEP)
                ? FunctionServer.Answer.refused(404, "ResourceNotFoundException", "no such")
                : null);
    RunView end = assertStatus("failed", rig.start("name: x\nsteps:\n  a: { call: noop }\n"));
    assertTrue(step(end, "a").contains("lambda_not_found"), () -> step(end, "a"));
  }

  @Test
  void a_lost_invocation_is_repaired_by_the_tick() {
    AtomicInteger calls = new AtomicInteger();
    rig.fate((function, payload) -> calls.getAndIncrement() == 0 ? List.of() : LambdaRig.ONCE);
    UUID run = rig.start(LambdaModeTest.chain(3));
    rig.tickEvery(Duration.ofMillis(500));
    assertStatus("succeeded", run);
    assertEquals(1, rig.events(run, "step.lost").size());
  }

  @Test
  void a_doubled_invocation_does_nothing_twice() {
    List<String> done = java.util.Collections.synchronizedList(new ArrayList<>());
    rig.bean(
        "count",
        (JavaStep)
            (context, input) -> {
              done.add(context.step());
              return null;
            });
    rig.fate((function, payload) -> List.of(Duration.ZERO, Duration.ZERO, Duration.ofMillis(300)));
    assertStatus(
        "succeeded",
        rig.start("name: x\nsteps:\n  a: { call: count }\n  b: { call: count, needs: [a] }\n"));
    rig.until("the last copy", () -> rig.done(LambdaRig.STEP).size() == 3);
    assertEquals(List.of("a", "b"), done);
  }

  @Test
  void losses_and_doubles_everywhere_change_no_outcome() {
    Random random = new Random(7);
    rig.fate(
        (function, payload) -> {
          int dice;
          synchronized (random) {
            dice = random.nextInt(10);
          }
          return switch (dice) {
            case 0 -> List.of();
            case 1 -> List.of(Duration.ZERO, Duration.ofMillis(200));
            case 2 -> List.of(Duration.ofMillis(100));
            default -> LambdaRig.ONCE;
          };
        });
    rig.tickEvery(Duration.ofMillis(500));
    List<UUID> runs = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      runs.add(
          rig.start(
              """
              name: twelve
              steps:
                a: { call: noop }
                b: { needs: [a], parallel: { steps: { b1: { call: noop }, b2: { run: "true" }, b3: { call: noop } } } }
                c: { call: noop, needs: [b] }
                d: { forEach: [1, 2, 3], call: noop, needs: [c] }
                e: { needs: [d], race: { steps: { fast: { call: noop }, slow: { sleep: 1h } } } }
              """));
    }
    runs.forEach(run -> assertStatus("succeeded", run));
  }

  @Test
  void what_the_service_gave_up_is_put_back_at_once() {
    AtomicInteger calls = new AtomicInteger();
    rig.fate(
        (function, payload) -> {
          if (function.equals(LambdaRig.STEP) && calls.getAndIncrement() == 0) {
            rig.later(
                () ->
                    rig.invoke(LambdaRig.DISPATCHER, LambdaRig.records(LambdaRig.failed(payload))));
            return List.of();
          }
          return LambdaRig.ONCE;
        });
    UUID run = rig.start(LambdaModeTest.chain(2));
    assertStatus("succeeded", run);
    assertEquals(1, rig.events(run, "step.lost").size());
  }

  @Test
  void an_old_record_of_a_failure_changes_nothing() {
    UUID run = rig.start(LambdaModeTest.chain(2));
    assertStatus("succeeded", run);
    Map<String, Object> claim = Map.of("run", run.toString(), "step", "s0", "attempt", 1L);
    Map<String, Object> unknown =
        Map.of("run", RunIds.next().toString(), "step", "s0", "attempt", 1L);
    Map<String, Object> payload = Map.of("steps", List.of(claim, unknown), "hops", 1L);
    Map<String, Object> answer =
        rig.invoke(LambdaRig.DISPATCHER, LambdaRig.records(LambdaRig.failed(payload)));
    assertEquals(Map.of("batchItemFailures", List.of()), answer);
    assertEquals(List.of(), rig.events(run, "step.lost"));
  }

  @Test
  void messages_that_nobody_can_read_are_left_and_hold_up_no_other() {
    UUID run = rig.start("name: s\nsteps:\n  nap: { sleep: 1h }\n");
    rig.execute("UPDATE due SET at = now()");
    Map<String, Object> answer =
        rig.invoke(
            LambdaRig.DISPATCHER,
            LambdaRig.records(
                "not json",
                "{\"steps\":[{\"run\":\"x\"}]}",
                "{\"steps\":[{\"run\":\"no-uuid\",\"step\":\"a\",\"attempt\":1}]}",
                "{\"what\":\"is this\"}",
                "[1]",
                WakeUps.MESSAGE));
    assertEquals(Map.of("batchItemFailures", List.of()), answer);
    assertStatus("succeeded", run);
    assertTrue(rig.invoke(LambdaRig.DISPATCHER, Map.of("what", "is this")).containsKey("ignored"));
  }

  @Test
  void a_step_is_stopped_before_its_function_is_and_may_be_tried_again() {
    rig.timeout(Duration.ofSeconds(4));
    UUID run =
        rig.start(
            """
            name: long
            steps:
              a: { run: "sleep 600 & sleep 600", retry: 2 }
            """);
    RunView end = assertStatus("failed", run);
    assertTrue(step(end, "a").contains("function_deadline"), () -> step(end, "a"));
    assertEquals(1, rig.events(run, "step.retrying").size());
    rig.until("both invocations", () -> rig.done(LambdaRig.STEP).size() == 2);
    rig.done(LambdaRig.STEP)
        .forEach(done -> assertTrue(done.took().toMillis() < 4_000, done::toString));
  }

  @Test
  void a_step_at_work_hears_of_a_cancel_that_another_function_committed() {
    UUID run = rig.start("name: long\nsteps:\n  a: { run: sleep 600 }\n");
    rig.until("the begin", () -> rig.events(run, "step.started").size() == 1);
    long start = System.nanoTime();
    rig.cancel(run);
    rig.until("the end of the invocation", () -> rig.done(LambdaRig.STEP).size() == 1);
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(4).toNanos());
    assertStatus("cancelled", run);
  }

  @Test
  void a_lease_is_renewed_while_an_invocation_lasts() {
    UUID run = rig.start("name: long\nsteps:\n  a: { run: sleep 5 }\n");
    rig.tickEvery(Duration.ofMillis(500));
    assertStatus("succeeded", run);
    assertEquals(List.of(), rig.events(run, "step.lost"));
  }
}
