package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.store.RunView;
import dev.fanfare.work.TraceContext;
import dev.fanfare.work.call.JavaStep;
import dev.fanfare.work.call.StepContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs of functions that call each other, and how many invocations they take. */
class LambdaModeTest {

  /** A step that takes no time. */
  static final class Noop implements JavaStep {
    @Override
    public @Nullable Object run(StepContext context, @Nullable Object input) {
      return input;
    }

    @Override
    public boolean isShort() {
      return true;
    }
  }

  private final LambdaRig rig = new LambdaRig().bean("noop", new Noop());

  @AfterEach
  void close() {
    rig.close();
  }

  static String chain(int size) {
    StringBuilder yaml = new StringBuilder("name: chain\nsteps:\n");
    for (int i = 0; i < size; i++) {
      yaml.append("  s").append(i).append(": { call: noop");
      if (i > 0) {
        yaml.append(", needs: [s").append(i - 1).append("]");
      }
      yaml.append(" }\n");
    }
    return yaml.toString();
  }

  static String fan(int size) {
    StringBuilder needs = new StringBuilder();
    StringBuilder yaml = new StringBuilder("name: fan\nsteps:\n  root: { call: noop }\n");
    for (int i = 0; i < size; i++) {
      yaml.append("  f").append(i).append(": { call: noop, needs: [root] }\n");
      needs.append(i == 0 ? "" : ", ").append("f").append(i);
    }
    return yaml.append("  join: { call: noop, needs: [").append(needs).append("] }\n").toString();
  }

  private int invocations() {
    return rig.done(LambdaRig.STEP).size();
  }

  private void assertSucceeded(UUID run) {
    RunView end = rig.end(run);
    assertEquals("succeeded", end.status(), () -> end.steps().toString());
  }

  @Test
  void a_chain_of_small_steps_is_done_in_one_invocation() {
    assertSucceeded(rig.start(chain(60)));
    rig.until("the end of the invocation", () -> invocations() == 1);
  }

  @Test
  void a_fan_of_a_thousand_small_steps_shares_invocations() {
    assertSucceeded(rig.start(fan(1_000)));
    rig.until("quiet", () -> invocations() == rig.server().calls().size());
    assertTrue(invocations() <= 100, () -> "invocations: " + invocations());
  }

  @Test
  void a_diamond_of_small_steps_takes_one_invocation() {
    assertSucceeded(
        rig.start(
            """
            name: diamond
            steps:
              a: { call: noop }
              b: { call: noop, needs: [a] }
              c: { call: noop, needs: [a] }
              d: { call: noop, needs: [b, c] }
            """));
    rig.until("quiet", () -> invocations() == rig.server().calls().size());
    assertTrue(invocations() == 1, () -> "invocations: " + invocations());
  }

  @Test
  void a_sleep_ends_to_the_second_without_a_tick() {
    long start = System.nanoTime();
    assertSucceeded(rig.start("name: s\nsteps:\n  nap: { sleep: 2s }\n"));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.toMillis() >= 2_000 && took.toMillis() < 5_000, took::toString);
    assertEquals(List.of(), rig.events(UUID.randomUUID(), "none"));
  }

  @Test
  void a_lock_is_granted_before_the_invocation_ends() {
    assertSucceeded(
        rig.start(
            """
            name: locked
            steps:
              a: { call: noop, lock: x }
              b: { call: noop, lock: x }
              c: { run: "true", lock: x }
            """));
    assertEquals(List.of(), rig.server().messages());
  }

  @Test
  void a_shell_step_has_an_invocation_of_its_own() {
    assertSucceeded(
        rig.start(
            """
            name: shells
            steps:
              a: { run: echo a }
              b: { run: echo b }
              c: { run: echo c }
            """));
    rig.until("quiet", () -> invocations() == 3);
  }

  @Test
  void claims_carry_the_trace_of_their_run() {
    UUID plain = rig.start("name: p\nsteps:\n  a: { run: echo a }\n");
    assertEquals(List.of(TraceContext.ofRun(plain, Map.of()).parent()), traces(plain));
    String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    String yaml = "name: t\nsteps:\n  a: { run: 'echo \"$TRACEPARENT\"' }\n";
    Map<String, Object> answer =
        rig.invoke(
            "trigger",
            Map.of("file", Map.of("name", "t.yaml", "text", yaml), "traceparent", parent));
    UUID traced = UUID.fromString(String.valueOf(answer.get("run")));
    assertEquals(List.of(parent), traces(traced));
    RunView end = rig.end(traced);
    assertEquals(parent, end.context().get("traceparent"));
    assertEquals(
        TraceContext.ofRun(traced, end.context()).attempt(traced, "a", 1).parent(),
        end.steps().getFirst().output());
  }

  /** What came with the claims of a run. */
  private List<Object> traces(UUID run) {
    assertSucceeded(run);
    rig.until("quiet", () -> invocations() == rig.server().calls().size());
    return rig.done(LambdaRig.STEP).stream()
        .map(LambdaRig.Done::payload)
        .filter(payload -> String.valueOf(payload.get("steps")).contains(run.toString()))
        .map(payload -> payload.get("trace"))
        .toList();
  }

  @Test
  void a_tick_counts_runs_that_nobody_goes_on_with() {
    UUID run = rig.start("name: s\nsteps:\n  a: { waitFor: { event: never } }\n");
    rig.until("the wait", () -> rig.view(run).status().equals("waiting"));
    assertEquals(0, rig.invoke(LambdaRig.DISPATCHER, Map.of()).get("stuck"));
    // A claim that has run out, in a run that the sweep passes over.
    rig.execute("UPDATE run SET status = 'running', sweep_at = now() + interval '1 hour'");
    rig.execute("UPDATE step SET status = 'running', lease_until = now() - interval '6 minutes'");
    assertEquals(1, rig.invoke(LambdaRig.DISPATCHER, Map.of()).get("stuck"));
  }
}
