package dev.fanfare.dialect.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Fan;
import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.Retry;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.Imported;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Policies of runs and steps, as they are written. */
class PolicyKeysTest {

  private static Imported read(String yaml) {
    byte[] text = ("name: t\n" + yaml).getBytes(StandardCharsets.UTF_8);
    return Dialects.read(text, "t.yaml", Optional.of("fanfare"));
  }

  private static Workflow workflow(String yaml) {
    Imported read = read(yaml);
    return read.workflow().orElseThrow(() -> new AssertionError(read.diagnostics().toString()));
  }

  private static Step step(String keys) {
    return workflow("steps:\n  a: { call: w, " + keys + " }\n").steps().getFirst();
  }

  private static List<String> codes(String yaml) {
    return read(yaml).diagnostics().stream().map(Diagnostic::code).toList();
  }

  @Test
  void a_run_says_what_its_failures_mean() {
    String steps = "steps: { a: { call: w } }\n";
    assertEquals(Workflow.Tolerated.SOME_MUST_SUCCEED, workflow(steps).tolerated());
    assertEquals(
        Workflow.Tolerated.SUCCEEDED, workflow("tolerated: succeeded\n" + steps).tolerated());
    assertEquals(Optional.empty(), workflow(steps).autoRerun());
    assertEquals(
        Optional.of(Workflow.AutoRerun.of(2, Duration.ZERO)),
        workflow("autoRerun: 2\n" + steps).autoRerun());
    Workflow.AutoRerun grown =
        workflow(
                "autoRerun: { limit: 3, delay: 1m, backoff: exponential, factor: 4, maxDelay: 10m"
                    + " }\n"
                    + steps)
            .autoRerun()
            .orElseThrow();
    assertEquals(
        new Workflow.AutoRerun(
            3, Duration.ofMinutes(1), Retry.Backoff.EXPONENTIAL, 4, Duration.ofMinutes(10)),
        grown);
    assertEquals(List.of("bad-value"), codes("tolerated: maybe\n" + steps));
    assertEquals(List.of("bad-value"), codes("autoRerun: 0\n" + steps));
    assertTrue(codes("autoRerun: { times: 2 }\n" + steps).contains("unknown-key"));
  }

  @Test
  void a_step_says_how_long_it_waits_for_its_lock_and_for_whom_it_leaves_it() {
    Step.Lock plain = step("lock: k").lock().orElseThrow();
    assertEquals(Optional.empty(), plain.waitMax());
    Step.Lock lock = step("lock: { key: k, waitMax: 5h, skipOlder: true }").lock().orElseThrow();
    assertEquals(Optional.of(Duration.ofHours(5)), lock.waitMax());
    assertTrue(lock.skipOlder());
    assertEquals(
        List.of("missing-key"), codes("steps: { a: { call: w, lock: { waitMax: 1h } } }\n"));
  }

  @Test
  void a_step_says_what_its_failure_means_and_what_is_never_tried_again() {
    OnFailure policy = step("onFailure: { failsRun: true }").onFailure().orElseThrow();
    assertTrue(policy.tolerate() && policy.failsRun());
    assertEquals(
        List.of("contradiction"),
        codes("steps: { a: { call: w, onFailure: { tolerate: false, failsRun: true } } }\n"));
    Retry retry =
        step("retry: { attempts: 2, backoff: power, factor: 3, except: [timed_out, 7] }").retry();
    assertEquals(Retry.Backoff.POWER, retry.backoff());
    assertEquals(
        List.of(new Retry.Match.Code("timed_out"), new Retry.Match.ExitCode(7)), retry.except());
    assertEquals(
        List.of("bad-value"), codes("steps: { a: { call: w, retry: { except: [Timed] } } }\n"));
  }

  @Test
  void a_list_says_what_having_no_items_means_and_a_loop_how_its_pauses_grow() {
    Fan.ForEach forEach = (Fan.ForEach) step("forEach: [1], empty: fail").fan().orElseThrow();
    assertEquals(Fan.ForEach.Empty.FAIL, forEach.empty());
    assertEquals(List.of("misplaced-key"), codes("steps: { a: { call: w, empty: fail } }\n"));
    Structure.Loop loop =
        (Structure.Loop)
            workflow(
                    "steps:\n  a: { loop: { until: \"${{ true }}\", delay: 1s, factor: 3,"
                        + " maxDelay: 9s, steps: { b: { call: w } } } }\n")
                .steps()
                .getFirst()
                .body();
    assertEquals(3, loop.factor());
    assertEquals(Optional.of(Duration.ofSeconds(9)), loop.maxDelay());
  }
}
