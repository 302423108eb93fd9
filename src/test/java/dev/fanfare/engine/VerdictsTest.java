package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What tolerated failures and failing hooks make of a run. */
class VerdictsTest {

  private static final String TOLERANT = "  a: { call: w, onFailure: tolerate }\n";
  private static final String STRICT =
      "  a: { call: w, onFailure: { tolerate: true, failsRun: true } }\n";
  private static final String TWO = "  b: { call: w }\n";

  private static Play play(String top, String steps) {
    return Play.of(top + "steps:\n" + steps);
  }

  @Test
  void a_tolerated_failure_is_what_the_workflow_says() {
    Map<String, RunStatus> expected =
        Map.of(
            "", RunStatus.PARTIALLY_SUCCEEDED,
            "tolerated: partial\n", RunStatus.PARTIALLY_SUCCEEDED,
            "tolerated: succeeded\n", RunStatus.SUCCEEDED,
            "tolerated: failed\n", RunStatus.FAILED,
            "tolerated: some-must-succeed\n", RunStatus.PARTIALLY_SUCCEEDED);
    expected.forEach(
        (top, status) -> {
          Play play = play(top, TOLERANT + TWO).fail("a").succeed("b");
          assertEquals(status, play.run(), top);
        });
  }

  @Test
  void where_nothing_succeeded_a_run_fails_unless_it_says_otherwise() {
    assertEquals(RunStatus.FAILED, play("", TOLERANT).fail("a").run());
    assertEquals(
        RunStatus.FAILED, play("tolerated: some-must-succeed\n", TOLERANT).fail("a").run());
    assertEquals(
        RunStatus.PARTIALLY_SUCCEEDED, play("tolerated: partial\n", TOLERANT).fail("a").run());
    assertEquals(RunStatus.SUCCEEDED, play("tolerated: succeeded\n", TOLERANT).fail("a").run());
  }

  @Test
  void a_failure_that_nothing_tolerates_fails_the_run_whatever_it_says() {
    for (String top : new String[] {"tolerated: succeeded\n", "tolerated: partial\n"}) {
      assertEquals(RunStatus.FAILED, play(top, TOLERANT + TWO).fail("a", "b").run());
    }
  }

  @Test
  void a_run_of_which_all_was_skipped_succeeds() {
    String skipped = "  a: { call: w, when: false }\n";
    assertEquals(RunStatus.SUCCEEDED, play("tolerated: some-must-succeed\n", skipped).run());
    assertEquals(RunStatus.SUCCEEDED, play("tolerated: failed\n", skipped).run());
  }

  @Test
  void a_failure_that_counts_as_a_success_is_no_tolerated_one() {
    String marked = "  a: { call: w, onFailure: { tolerate: true, status: succeeded } }\n";
    assertEquals(RunStatus.SUCCEEDED, play("tolerated: failed\n", marked).fail("a").run());
  }

  @Test
  void a_tolerated_failure_can_fail_the_run_when_everything_has_ended() {
    Play play =
        play("tolerated: succeeded\n", STRICT + "  b: { needs: a, call: w }\n  c: { call: w }\n");
    play.fail("a");
    assertEquals(RunStatus.RUNNING, play.run());
    play.succeed("b", "c");
    assertEquals(StepStatus.SUCCEEDED, play.status("b"));
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals(RunStatus.SUCCEEDED, play("", STRICT + TWO).succeed("a", "b").run());
    String inside = "  g: { parallel: { steps: {\n  " + STRICT.strip() + ",\n  " + TWO + "} } }\n";
    Play deep = play("", inside).fail("g.a").succeed("g.b");
    assertEquals(StepStatus.SUCCEEDED, deep.status("g"));
    assertEquals(RunStatus.FAILED, deep.run());
  }

  @Test
  void a_run_that_failed_so_is_rerun_from_that_failure() {
    String counted =
        "  a: { call: w, onFailure: { tolerate: true, status: succeeded, failsRun: true } }\n";
    for (String step : new String[] {STRICT, counted}) {
      Play play = play("", step + TWO).fail("a").succeed("b");
      assertEquals(RunStatus.FAILED, play.run());
      play.event(new Event.Rerun(new Event.From.Failed(), "ann"));
      assertEquals(java.util.List.of("a"), play.claimed());
      play.succeed("a");
      assertEquals(RunStatus.SUCCEEDED, play.run());
    }
    Play kept = play("", STRICT + TWO).fail("a").succeed("b");
    kept.event(new Event.Rerun(new Event.From.Of("b"), "ann"));
    assertEquals(RunStatus.FAILED, kept.succeed("b").run());
  }

  @Test
  void a_hook_after_the_run_changes_its_end_only_where_it_says_so() {
    String quiet = "hooks: { onSuccess: { call: h }, always: { call: h } }\n";
    Play forgiven = play(quiet, TWO).succeed("b").fail(":onSuccess", ":always");
    assertEquals(RunStatus.SUCCEEDED, forgiven.run());
    String strict = ", onFailure: { failsRun: true } }";
    Play success =
        play("hooks: { onSuccess: { call: h" + strict + ", always: { call: h } }\n", TWO);
    success.succeed("b").fail(":onSuccess").succeed(":always");
    assertEquals(RunStatus.FAILED, success.run());
    Play always = play("hooks: { always: { call: h" + strict + " }\n", TWO);
    assertEquals(RunStatus.FAILED, always.succeed("b").fail(":always").run());
    Reason reason = always.state.run().reason();
    assertEquals("hook_failed", reason == null ? "" : reason.code());
    Play cancelled = play("hooks: { always: { call: h" + strict + " }\n", TWO).cancel();
    assertEquals(RunStatus.CANCELLED, cancelled.fail(":always").run());
  }

  @Test
  void a_hook_before_the_run_that_fails_lets_no_step_start() {
    Play play = play("hooks: { before: { call: h }, always: { call: h } }\n", TWO).fail(":before");
    assertEquals(StepStatus.NOT_RUN, play.status("b"));
    assertEquals(RunStatus.FAILED, play.succeed(":always").run());
  }
}
