package dev.fanfare.engine;

import static dev.fanfare.definition.StepStatus.DISPATCHED;
import static dev.fanfare.definition.StepStatus.FAILED;
import static dev.fanfare.definition.StepStatus.NOT_RUN;
import static dev.fanfare.definition.StepStatus.PENDING;
import static dev.fanfare.definition.StepStatus.SKIPPED;
import static dev.fanfare.definition.StepStatus.SUCCEEDED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NeedsTest {
  private static final String TWO = "steps:\n  a: { call: w }\n  b: { call: w }\n";

  @Test
  void a_join_of_all_starts_once_when_the_last_need_is_met() {
    Play play = Play.of(TWO + "  j: { needs: [a, b], call: w }");
    play.succeed("a");
    assertEquals(PENDING, play.status("j"));
    play.succeed("b");
    assertEquals(DISPATCHED, play.status("j"));
    assertEquals("b", play.row("j").releasedBy());
  }

  @Test
  void a_join_of_any_starts_once_with_the_first_need_that_is_met() {
    Play play = Play.of(TWO + "  j: { needs: [a, b], join: any, call: w }");
    play.fail("a");
    assertEquals(PENDING, play.status("j"));
    play.succeed("b");
    assertEquals(1, play.row("j").attempt());
    assertEquals("b", play.row("j").releasedBy());
  }

  @Test
  void a_join_of_any_does_not_start_again_with_the_second_need() {
    Play play = Play.of(TWO + "  j: { needs: [a, b], join: any, call: w }");
    play.succeed("a", "j", "b");
    assertEquals(1, play.row("j").attempt());
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_need_that_can_never_be_met_ends_its_step_at_once() {
    Play play = Play.of(TWO + "  j: { needs: [a, b], call: w }\n  k: { needs: j, call: w }");
    play.fail("a");
    assertEquals(NOT_RUN, play.status("j"));
    assertEquals(NOT_RUN, play.status("k"));
    assertEquals("upstream_not_met", play.reason("j"));
    assertEquals(RunStatus.FAILING, play.run());
  }

  @Test
  void a_skip_is_passed_on_unless_it_satisfies() {
    String skipped = "steps:\n  a: { when: false, call: w%s }\n  b: { needs: a, call: w }\n";
    Play passedOn = Play.of(skipped.formatted(""));
    assertEquals(SKIPPED, passedOn.status("b"));
    assertEquals("condition_false", passedOn.reason("a"));
    assertEquals("upstream_skipped", passedOn.reason("b"));
    assertEquals(RunStatus.SUCCEEDED, passedOn.run());
    assertEquals(DISPATCHED, Play.of(skipped.formatted(", onSkip: satisfy")).status("b"));
  }

  @Test
  void whether_a_join_is_skipped_or_not_run_does_not_depend_on_the_order_of_its_needs() {
    String yaml =
        TWO
            + "  s: { needs: b, when: false, call: w }\n"
            + "  f: { needs: a, call: w }\n"
            + "  all: { needs: [s, f], call: w }\n"
            + "  any: { needs: [s, f], join: any, call: w }\n";
    for (List<String> order : List.of(List.of("a", "f", "b"), List.of("b", "a", "f"))) {
      Play play = Play.of(yaml);
      for (String step : order) {
        if (step.equals("f")) {
          play.fail(step);
        } else {
          play.succeed(step);
        }
      }
      assertEquals(NOT_RUN, play.status("all"), order.toString());
      assertEquals(NOT_RUN, play.status("any"), order.toString());
    }
  }

  @Test
  void a_join_that_only_skips_stand_against_is_skipped_when_all_needs_are_decided() {
    Play play = Play.of(TWO + "  s: { when: false, call: w }\n  j: { needs: [s, a], call: w }\n");
    assertEquals(PENDING, play.status("j"));
    play.succeed("a");
    assertEquals(SKIPPED, play.status("j"));
  }

  @Test
  void a_need_names_the_statuses_that_meet_it() {
    String yaml =
        "steps:\n  a: { call: w }\n"
            + "  failed: { needs: [{ step: a, on: [failed] }], call: w }\n"
            + "  finished: { needs: [{ step: a, on: [finished] }], call: w }\n"
            + "  running: { needs: [{ step: a, on: [running] }], call: w }\n";
    Play play = Play.of(yaml);
    assertEquals(PENDING, play.status("running"));
    play.begin("a");
    assertEquals(DISPATCHED, play.status("running"));
    play.fail("a");
    assertEquals(DISPATCHED, play.status("failed"));
    assertEquals(DISPATCHED, play.status("finished"));
    assertEquals(NOT_RUN, Play.of(yaml).succeed("a").status("failed"));
  }

  @Test
  void a_timed_out_step_meets_a_need_for_failed() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w, timeout: { total: 5s } }\n"
                + "  f: { needs: [{ step: a, on: [failed] }], call: w }\n");
    play.due(TimerKind.TOTAL, "a");
    assertEquals(StepStatus.TIMED_OUT, play.status("a"));
    assertEquals(DISPATCHED, play.status("f"));
  }

  @Test
  void a_sleeping_step_releases_those_that_need_it_waiting() {
    Play play =
        Play.of(
            "steps:\n  a: { sleep: 5s }\n"
                + "  w: { needs: [{ step: a, on: [waiting] }], call: w }\n"
                + "  r: { needs: [{ step: a, on: [running] }], call: w }\n");
    assertEquals(DISPATCHED, play.status("w"));
    assertEquals(RunStatus.RUNNING, play.run());
    play.succeed("w");
    assertEquals(RunStatus.WAITING, play.run());
    play.due(TimerKind.SLEEP, "a");
    assertEquals(NOT_RUN, play.status("r"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_condition_sees_what_is_upstream() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\n"
                + "  b: { needs: a, when: \"${{ steps.a.output.size() > 3 }}\", call: w }\n");
    play.yield("a", "long enough");
    assertEquals(DISPATCHED, play.status("b"));
  }

  @Test
  void a_condition_without_a_value_fails_its_step() {
    Play play =
        Play.of("steps:\n  a: { call: w }\n  b: { when: \"${{ steps.a.output.x }}\", call: w }\n");
    play.yield("a", 1L);
    assertEquals(FAILED, play.status("b"));
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void a_tolerated_failure_meets_a_need_for_success() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w, onFailure: { tolerate: true, output: 7 } }\n"
                + "  b: { needs: a, pass: { output: \"${{ steps.a.output + 1 }}\" } }\n");
    play.fail("a");
    assertEquals(FAILED, play.status("a"));
    assertEquals(SUCCEEDED, play.status("b"));
    assertEquals(8L, play.output("b"));
    assertEquals(RunStatus.PARTIALLY_SUCCEEDED, play.run());
  }

  @Test
  void a_failure_reported_as_another_status_counts_as_that() {
    String yaml =
        "steps:\n  a: { call: w, onFailure: { tolerate: true, status: %s } }\n"
            + "  b: { needs: a, call: w }\n  z: { pass: {} }\n";
    Play succeeded = Play.of(yaml.formatted("succeeded")).succeed("z").fail("a");
    assertEquals(SUCCEEDED, succeeded.status("a"));
    assertEquals(DISPATCHED, succeeded.status("b"));
    Play skipped = Play.of(yaml.formatted("skipped")).succeed("z").fail("a");
    assertEquals(SKIPPED, skipped.status("b"));
    assertEquals(RunStatus.SUCCEEDED, skipped.run());
    Play failed = Play.of(yaml.formatted("failed")).succeed("z").fail("a");
    assertEquals(NOT_RUN, failed.status("b"));
    assertEquals(RunStatus.PARTIALLY_SUCCEEDED, failed.run());
  }

  @Test
  void a_failure_is_tolerated_only_under_its_condition() {
    Play play =
        Play.of(
            "steps:\n"
                + "  a: { call: w, onFailure: { tolerate: true, when: \"${{ exitCode == 3 }}\" }"
                + " }\n");
    play.fail("a", new ErrorInfo("exit_code", "exited with 2", Map.of("exitCode", 2L)));
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals(2, play.row("a").exitCode());
  }

  @Test
  void a_run_in_which_everything_failed_has_failed_even_if_all_was_tolerated() {
    Play play = Play.of("steps:\n  a: { call: w, onFailure: { tolerate: true } }\n");
    assertEquals(RunStatus.FAILED, play.fail("a").run());
  }

  @Test
  void a_detached_step_inside_a_group_makes_a_run_partial_as_one_outside_does() {
    String inside = "{ x: { call: w, detached: true }, y: { call: w } }";
    Play play = Play.of("steps:\n  g: { parallel: { steps: " + inside + " } }\n");
    play.fail("g.x").succeed("g.y");
    assertEquals(SUCCEEDED, play.status("g"));
    assertEquals(RunStatus.PARTIALLY_SUCCEEDED, play.run());
    Play deep =
        Play.of(
            "onFailure: abort\nsteps:\n  g: { sequence: { steps: { p: { parallel: { steps: "
                + inside
                + " } } } } }\n");
    deep.fail("g.p.x").succeed("g.p.y");
    assertEquals(RunStatus.PARTIALLY_SUCCEEDED, deep.run());
  }

  @Test
  void a_detached_step_never_fails_the_run() {
    Play play = Play.of("steps:\n  a: { call: w, detached: true }\n  b: { call: w }\n");
    play.fail("a").succeed("b");
    assertEquals(RunStatus.PARTIALLY_SUCCEEDED, play.run());
  }

  @Test
  void written_order_goes_on_after_a_skip_and_stops_after_a_failure() {
    Play play =
        Play.of(
            "order: sequence\nsteps:\n  a: { when: false, call: w }\n  b: { call: w }\n"
                + "  c: { call: w }\n  d: { call: w }\n");
    assertEquals(DISPATCHED, play.status("b"));
    play.succeed("b").fail("c");
    assertEquals(NOT_RUN, play.status("d"));
  }

  @Test
  void independent_steps_finish_after_a_failure_and_the_run_is_failing_meanwhile() {
    Play play = Play.of(TWO + "  c: { needs: b, call: w }\n");
    play.fail("a");
    assertEquals(RunStatus.FAILING, play.run());
    play.succeed("b", "c");
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void an_aborted_run_stops_everything_at_the_first_failure_that_must_fail_it() {
    Play play =
        Play.of(
            "onFailure: abort\n"
                + TWO
                + "  c: { call: w }\n"
                + "  d: { needs: b, call: w }\n"
                + "  g: { parallel: { steps: { x: { call: w }, y: { call: w, detached: true } } }"
                + " }\n");
    play.begin("b").fail("g.y");
    assertEquals(RunStatus.RUNNING, play.run());
    play.fail("g.x");
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals(StepStatus.ABORTED, play.status("b"));
    assertEquals(StepStatus.ABORTED, play.status("g"));
    assertEquals(NOT_RUN, play.status("d"));
    assertEquals("run_aborted", play.reason("d"));
    assertEquals(List.of("b"), play.stopped());
  }

  @Test
  void an_abort_does_not_start_who_waits_for_the_slot_of_the_step_that_failed() {
    Play play = Play.of("onFailure: abort\nmaxParallel: 1\n" + TWO + "  c: { call: w }\n");
    play.fail("a");
    assertEquals(List.of("a"), play.started());
    assertEquals(NOT_RUN, play.status("b"));
  }

  @Test
  void a_halted_run_starts_nothing_more_and_lets_finish_what_is_at_work() {
    Play play =
        Play.of(
            "onFailure: halt\n"
                + TWO
                + "  c: { needs: a, call: w }\n"
                + "  d: { needs: b, call: w }\n"
                + "  e: { needs: c, call: w }\n");
    play.begin("b").fail("a");
    assertEquals(NOT_RUN, play.status("c"));
    assertEquals(NOT_RUN, play.status("d"));
    assertEquals(NOT_RUN, play.status("e"));
    assertEquals("run_halted", play.reason("d"));
    assertEquals(StepStatus.RUNNING, play.status("b"));
    assertEquals(List.of(), play.stopped());
    play.succeed("b");
    assertEquals(SUCCEEDED, play.status("b"));
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void a_failure_that_nobody_needs_or_that_is_tolerated_halts_nothing() {
    Play play =
        Play.of(
            "onFailure: halt\nmaxParallel: 1\n"
                + TWO
                + "  c: { needs: b, call: w }\n"
                + "  d: { call: w, onFailure: tolerate }\n"
                + "  e: { needs: d, call: w }\n"
                + "  f: { needs: { step: a, on: failed }, call: w }\n");
    play.fail("a").succeed("b").fail("d").succeed("f", "c", "e");
    assertEquals(SUCCEEDED, play.status("e"));
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void a_halt_does_not_start_who_waits_for_the_slot_of_the_step_that_failed() {
    Play play = Play.of("onFailure: halt\nmaxParallel: 1\n" + TWO + "  c: { needs: a, call: w }\n");
    play.fail("a");
    assertEquals(List.of("a"), play.started());
    assertEquals(NOT_RUN, play.status("b"));
    assertEquals(RunStatus.FAILED, play.run());
  }
}
