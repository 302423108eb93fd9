package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.json.Json;
import dev.fanfare.store.RunView;
import dev.fanfare.testing.FunctionServer;
import dev.fanfare.work.call.JavaStep;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waking up on time where no process waits. */
class LambdaTimersTest {

  private final LambdaRig rig = new LambdaRig().bean("noop", new LambdaModeTest.Noop());

  @AfterEach
  void close() {
    rig.close();
  }

  private RunView assertStatus(String status, UUID run) {
    RunView end = rig.end(run);
    assertEquals(status, end.status(), () -> end.steps() + " " + end.reason());
    return end;
  }

  private List<Integer> delays() {
    return rig.server().messages().stream().map(FunctionServer.Message::delaySeconds).toList();
  }

  @Test
  void a_retry_waits_for_its_delay_and_not_for_the_tick() {
    AtomicInteger tries = new AtomicInteger();
    rig.bean(
        "flaky",
        (JavaStep)
            (context, input) -> {
              if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
              }
              return null;
            });
    assertStatus(
        "succeeded",
        rig.start(
            "name: r\nsteps:\n  a: { call: flaky, retry: { attempts: 3, delay: 1500ms } }\n"));
    assertEquals(List.of(2, 2), delays());
  }

  @Test
  void a_delay_of_less_than_a_second_needs_no_message() {
    AtomicInteger tries = new AtomicInteger();
    rig.bean(
        "flaky",
        (JavaStep)
            (context, input) -> {
              if (tries.incrementAndGet() < 2) {
                throw new IllegalStateException("not yet");
              }
              return null;
            });
    assertStatus(
        "succeeded",
        rig.start("name: r\nsteps:\n  a: { call: flaky, retry: { attempts: 2, delay: 300ms } }\n"));
    assertEquals(List.of(), delays());
  }

  @Test
  void an_approval_that_nobody_gives_times_out_to_the_second() {
    long start = System.nanoTime();
    assertStatus(
        "failed",
        rig.start(
            "name: a\n"
                + "steps:\n"
                + "  ok: { approval: { message: well?, timeout: 2s, onTimeout: deny } }\n"));
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    assertTrue(millis >= 2_000 && millis < 6_000, () -> "after " + millis);
  }

  @Test
  void steps_that_wake_in_the_same_second_cost_one_message() {
    StringBuilder yaml = new StringBuilder("name: s\nsteps:\n");
    for (int i = 0; i < 50; i++) {
      yaml.append("  s").append(i).append(": { sleep: 2s }\n");
    }
    assertStatus("succeeded", rig.start(yaml.toString()));
    assertTrue(delays().size() <= 2, () -> delays().toString());
  }

  @Test
  void a_tick_sees_to_what_is_due_before_the_next_one() {
    UUID run = rig.start("name: s\nsteps:\n  nap: { sleep: 2h }\n");
    assertEquals(List.of(), delays(), "nobody is woken for what is hours away");
    rig.execute("UPDATE due SET at = now() + interval '3 seconds'");
    rig.tick();
    assertEquals(List.of(3), delays());
    assertStatus("succeeded", run);
  }

  @Test
  void a_wake_up_that_comes_a_little_early_waits() {
    UUID run = rig.start("name: s\nsteps:\n  nap: { sleep: 2h }\n");
    rig.execute("UPDATE due SET at = now() + interval '700 milliseconds'");
    rig.invoke(LambdaRig.DISPATCHER, Map.of("wake", true));
    assertStatus("succeeded", run);
  }

  @Test
  void a_tick_fires_everything_that_is_due_and_not_a_part_of_it() {
    StringBuilder yaml = new StringBuilder("name: s\nsteps:\n");
    for (int i = 0; i < 2_300; i++) {
      yaml.append("  s").append(i).append(": { sleep: 2h }\n");
    }
    UUID run = rig.start(yaml.toString());
    rig.execute("UPDATE due SET at = now() - interval '1 second'");
    rig.tick();
    assertStatus("succeeded", run);
  }

  @Test
  void a_schedule_starts_its_run_to_the_second() {
    String yaml =
        "name: cron\ntriggers:\n  - schedule: \"0 0 29 2 *\"\nsteps:\n  a: { call: noop }\n";
    Graphs.File file =
        new Graphs.File(yaml.getBytes(StandardCharsets.UTF_8), "s.yaml", Optional.empty());
    rig.asTrigger(
        room ->
            room.registrations()
                .register(file, Registrations.check(file).workflow().orElseThrow())
                .await()
                .atMost(LambdaRig.PATIENCE));
    rig.execute("UPDATE workflow_trigger SET next_at = now() + interval '2500 milliseconds'");
    rig.tick();
    assertEquals(List.of(3), delays());
    rig.until(
        "the run",
        () ->
            rig.query("SELECT count(*) FROM run WHERE workflow = 'cron' AND status = 'succeeded'")
                .equals("1"));
  }

  @Test
  void a_run_without_a_slot_is_rejected_at_once() {
    String yaml =
        """
        name: one
        concurrency: { key: x, limit: 1, policy: reject }
        steps:
          nap: { sleep: 1h }
        """;
    rig.start(yaml);
    Map<String, Object> answer =
        rig.invoke("trigger", Map.of("file", Map.of("name", "t.yaml", "text", yaml)));
    assertTrue(answer.containsKey("rejected"), answer::toString);
  }

  @Test
  void a_step_that_waits_for_a_run_of_its_own_is_told_before_that_ends() {
    String child = "name: child\nsteps:\n  a: { run: \"true\" }\n";
    Graphs.File file =
        new Graphs.File(child.getBytes(StandardCharsets.UTF_8), "child.yaml", Optional.empty());
    rig.asTrigger(
        room ->
            room.registrations()
                .register(file, Registrations.check(file).workflow().orElseThrow())
                .await()
                .atMost(LambdaRig.PATIENCE));
    assertStatus(
        "succeeded",
        rig.start(
            "name: parent\nsteps:\n  c: { workflow: child }\n  d: { call: noop, needs: [c] }\n"));
    assertEquals(List.of(), delays());
  }

  @Test
  void a_step_that_asks_for_an_image_goes_to_the_function_that_carries_it() {
    assertStatus(
        "succeeded",
        rig.start(
            """
            name: tools
            steps:
              a: { call: noop }
              b: { run: "true", image: "tools:1", needs: [a] }
              c: { call: noop, needs: [b] }
            """));
    rig.until("both invocations", () -> rig.done(LambdaRig.IMAGE).size() == 1);
    assertEquals(1, rig.done(LambdaRig.STEP).size());
    String sent = Json.write(rig.done(LambdaRig.IMAGE).getFirst().payload());
    assertTrue(sent.contains("\"hops\":2"), sent);
  }
}
