package dev.fanfare.engine;

import static dev.fanfare.definition.StepStatus.ABORTED;
import static dev.fanfare.definition.StepStatus.CANCELLED;
import static dev.fanfare.definition.StepStatus.DISCARDED;
import static dev.fanfare.definition.StepStatus.DISPATCHED;
import static dev.fanfare.definition.StepStatus.FAILED;
import static dev.fanfare.definition.StepStatus.NOT_RUN;
import static dev.fanfare.definition.StepStatus.PENDING;
import static dev.fanfare.definition.StepStatus.READY;
import static dev.fanfare.definition.StepStatus.RETRYING;
import static dev.fanfare.definition.StepStatus.RUNNING;
import static dev.fanfare.definition.StepStatus.SKIPPED;
import static dev.fanfare.definition.StepStatus.SUCCEEDED;
import static dev.fanfare.definition.StepStatus.TIMED_OUT;
import static dev.fanfare.definition.StepStatus.WAITING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.RunStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hooks around steps. Those around the run are in {@code RunHooksTest}. */
class HooksTest {
  private static final String ALL =
      "hooks: { before: { call: h }, onSuccess: { call: h }, onFailure: { call: h }, onCancel: {"
          + " call: h }, always: { call: h } }";
  private static final String CLEANUP = "hooks: { onCancel: { call: h }, always: { call: h } }";

  private static Play step(String more) {
    return Play.of("steps:\n  a: { call: w, " + more + " }\n");
  }

  @Test
  void hooks_are_called_before_the_work_for_its_outcome_and_always() {
    Play play = Play.of("steps:\n  a: { call: w, " + ALL + " }\n  b: { needs: a, call: w }\n");
    assertEquals(List.of("a:before"), play.claimed());
    assertEquals(WAITING, play.status("a"));
    assertEquals("hook", play.reason("a"));
    play.succeed("a:before").begin("a").succeed("a");
    assertEquals(List.of("a:onSuccess"), play.claimed());
    assertEquals(WAITING, play.status("a"));
    assertEquals(PENDING, play.status("b"));
    play.succeed("a:onSuccess");
    assertEquals(List.of("a:always"), play.claimed());
    play.succeed("a:always").succeed("b");
    assertEquals(
        List.of(
            "run started",
            "a waiting",
            "a:before dispatched",
            "a:before succeeded",
            "a dispatched",
            "a started",
            "a waiting",
            "a:onSuccess dispatched",
            "a:onSuccess succeeded",
            "a waiting",
            "a:always dispatched",
            "a:always succeeded",
            "a succeeded",
            "b dispatched",
            "b succeeded",
            "run finished"),
        play.log());
  }

  @Test
  void a_failed_step_calls_the_hook_for_that_once_and_not_after_each_attempt() {
    Play play = step("retry: 2, " + ALL).succeed("a:before").fail("a");
    assertEquals(List.of("a"), play.claimed());
    play.fail("a");
    assertEquals(List.of("a:onFailure"), play.claimed());
    play.succeed("a:onFailure", "a:always");
    assertEquals(FAILED, play.status("a"));
    assertEquals("boom", play.error("a"));
    assertEquals(List.of("a:before", "a", "a", "a:onFailure", "a:always"), play.started());
  }

  @Test
  void a_hook_before_that_fails_fails_the_step_whose_work_is_not_done() {
    Play play = step("retry: 3, " + ALL).fail("a:before");
    assertEquals(List.of("a:onFailure"), play.claimed());
    play.succeed("a:onFailure", "a:always");
    assertEquals(FAILED, play.status("a"));
    assertEquals("hook_failed", play.error("a"));
    assertEquals(0, play.row("a").attempt());
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void a_hook_before_that_is_skipped_or_whose_failure_is_tolerated_lets_the_work_begin() {
    String skipped = "hooks: { before: { when: \"${{ 1 > 2 }}\", call: h } }";
    assertEquals(List.of("a"), step(skipped).claimed());
    Play play = step("hooks: { before: { call: h, onFailure: tolerate } }").fail("a:before");
    assertEquals(List.of("a"), play.claimed());
    play.succeed("a");
    assertEquals(RunStatus.PARTIALLY_SUCCEEDED, play.run());
    Play detached = step("hooks: { before: { call: h, detached: true } }").fail("a:before");
    assertEquals(List.of("a"), detached.claimed());
  }

  @Test
  void a_failure_of_a_hook_before_can_be_tolerated_by_its_step() {
    Play play = step("onFailure: tolerate, hooks: { before: { call: h } }").fail("a:before");
    assertEquals(FAILED, play.status("a"));
    assertEquals("failure_tolerated", play.reason("a"));
  }

  @Test
  void a_later_hook_that_fails_shows_and_changes_nothing_else() {
    for (String more : List.of("", "onFailure: abort\n")) {
      Play play =
          Play.of(more + "steps:\n  a: { call: w, " + ALL + " }\n  b: { needs: a, call: w }\n");
      play.succeed("a:before", "a").fail("a:onSuccess", "a:always").succeed("b");
      assertEquals(SUCCEEDED, play.status("a"));
      assertEquals(FAILED, play.status("a:onSuccess"));
      assertEquals("boom", play.error("a:always"));
      assertEquals(RunStatus.SUCCEEDED, play.run());
    }
  }

  @Test
  void a_failure_that_a_later_hook_tolerates_is_none_of_the_run() {
    Play play = step("hooks: { always: { call: h, onFailure: tolerate } }");
    play.succeed("a").fail("a:always");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_hook_is_a_step_that_can_be_retried_limited_and_made_of_others() {
    Play play =
        step(
            "hooks: { before: { call: h, retry: { attempts: 2, delay: 1s } }, always: [ { call: h"
                + " }, { call: h } ] }");
    play.fail("a:before");
    assertEquals(RETRYING, play.status("a:before"));
    play.due(TimerKind.RETRY, "a:before").succeed("a:before", "a");
    assertEquals(List.of("a:always.1"), play.claimed());
    play.succeed("a:always.1", "a:always.2");
    assertEquals(SUCCEEDED, play.status("a:always"));
    assertEquals(SUCCEEDED, play.status("a"));
  }

  @Test
  void a_hook_whose_worker_is_lost_is_handed_out_again() {
    Play play = step("hooks: { always: { call: h } }").succeed("a").begin("a:always");
    play.event(new Event.Lost("a:always", 1));
    assertEquals(DISPATCHED, play.status("a:always"));
    assertEquals(2, play.row("a:always").attempt());
    assertEquals(Verdict.STALE, play.event(Play.report("a:always", 1, Outcome.Succeeded.of(1L))));
    play.succeed("a:always");
    assertEquals(SUCCEEDED, play.status("a"));
  }

  @Test
  void a_step_that_never_begins_calls_no_hook() {
    Play play =
        Play.of(
            "steps:\n  x: { call: w }\n  a: { needs: x, call: w, "
                + ALL
                + " }\n  s: { when:"
                + " \"${{ 1 > 2 }}\", call: w, "
                + ALL
                + " }\n");
    play.fail("x");
    assertEquals(NOT_RUN, play.status("a"));
    assertEquals(SKIPPED, play.status("s"));
    assertEquals(List.of("x"), play.started());
  }

  @Test
  void a_condition_that_cannot_be_evaluated_is_a_failure_and_calls_the_hooks_for_one() {
    Play play = step("when: \"${{ run.nothing.at }}\", " + ALL);
    assertEquals(List.of("a:onFailure"), play.claimed());
    play.succeed("a:onFailure", "a:always");
    assertEquals(FAILED, play.status("a"));
  }

  @Test
  void a_step_that_failed_and_is_reported_as_skipped_calls_only_what_is_always_called() {
    Play play = step("onFailure: { tolerate: true, status: skipped }, " + ALL);
    play.succeed("a:before").fail("a");
    assertEquals(List.of("a:always"), play.claimed());
    play.succeed("a:always");
    assertEquals(SKIPPED, play.status("a"));
  }

  @Test
  void a_sleep_has_hooks_too_and_sleeps_once() {
    Play play = Play.of("steps:\n  a: { sleep: 1m, " + ALL + " }\n").succeed("a:before");
    assertEquals("sleeping", play.reason("a"));
    play.due(TimerKind.SLEEP, "a");
    assertEquals(List.of("a:onSuccess"), play.claimed());
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.SLEEP, "a", 1)));
    play.succeed("a:onSuccess", "a:always");
    assertEquals(SUCCEEDED, play.status("a"));
  }

  @Test
  void hooks_read_the_end_of_their_step_by_its_name_or_without() {
    String hook =
        "{ pass: { output: \"${{ steps.a.status + ' ' + status + ' ' + error.code + ' ' +"
            + " run.status }}\" } }";
    Play play = step("hooks: { onFailure: " + hook + ", always: " + hook + " }").fail("a");
    assertEquals("failed failed boom running", play.output("a:onFailure"));
    assertEquals("failed failed boom running", play.output("a:always"));
    Play good = step("hooks: { onSuccess: { pass: { output: \"${{ output + '!' }}\" } } }");
    assertEquals("done!", good.yield("a", "done").output("a:onSuccess"));
  }

  @Test
  void work_and_later_hooks_read_what_the_hook_before_brought() {
    String read = "{ pass: { output: \"${{ steps['a:before'].output }}\" } }";
    Play play =
        Play.of(
            "steps:\n  a: { pass: { output: \"${{ steps['a:before'].output + 1 }}\" }, hooks: {"
                + " before: { call: h }, always: "
                + read
                + " } }\n");
    play.yield("a:before", 41L);
    assertEquals(42L, play.output("a"));
    assertEquals(41L, play.output("a:always"));
  }

  @Test
  void each_instance_of_a_fan_has_its_hooks_and_reads_its_own_item_and_end() {
    Play play =
        Play.of(
            "steps:\n  u: { forEach: [x, y], call: w, hooks: { always: { pass: { output: \"${{ item"
                + " + ' ' + steps.u.output }}\" } } } }\n");
    play.yield("u[1]", "second").yield("u[0]", "first");
    assertEquals("x first", play.output("u[0]:always"));
    assertEquals("y second", play.output("u[1]:always"));
    assertEquals(List.of("first", "second"), play.output("u"));
    Play matrix =
        Play.of(
            "steps:\n  m: { matrix: { os: [a, b] }, call: w, hooks: { always: { pass: { output:"
                + " \"${{ matrix.os + ' ' + steps.m.status }}\" } } } }\n");
    matrix.fail("m[a]").succeed("m[b]");
    assertEquals("a failed", matrix.output("m[a]:always"));
    assertEquals("b succeeded", matrix.output("m[b]:always"));
  }

  @Test
  void hooks_of_a_group_surround_what_is_inside_and_read_it() {
    Play play =
        Play.of(
            "steps:\n"
                + "  g:\n"
                + "    sequence: { steps: { x: { call: w }, y: { call: w } } }\n"
                + "    hooks: { before: { call: h }, always: { pass: { output: \"${{ steps.x.output"
                + " + ' ' + steps.g.status }}\" } } }\n");
    assertEquals(List.of("g:before"), play.claimed());
    play.succeed("g:before", "g.x", "g.y");
    assertEquals("g.x succeeded", play.output("g:always"));
    assertEquals(SUCCEEDED, play.status("g"));
    assertEquals("g.y", play.output("g"));
  }

  @Test
  void while_hooks_are_at_work_the_slot_of_the_run_is_free_and_that_of_the_group_is_not() {
    Play play =
        Play.of(
            "maxParallel: 1\nsteps:\n  a: { call: w, hooks: { always: { sleep: 1m } } }\n  b: {"
                + " call: w }\n");
    play.succeed("a");
    assertEquals(WAITING, play.status("a:always"));
    assertEquals(List.of("b"), play.claimed());
    Play group =
        Play.of(
            "steps:\n  g: { parallel: { maxParallel: 1, steps: { a: { call: w, hooks: { always: {"
                + " sleep: 1m } } }, b: { call: w } } } }\n");
    group.succeed("g.a");
    assertEquals(List.of(), group.claimed());
    group.due(TimerKind.SLEEP, "g.a:always");
    assertEquals(List.of("g.b"), group.claimed());
  }

  @Test
  void hooks_wait_for_a_slot_of_the_run_like_any_step() {
    Play play =
        Play.of(
            "maxParallel: 1\nsteps:\n  g: { parallel: { maxParallel: 2, steps: { a: { call: w, "
                + ALL
                + " }, b: { call: w, "
                + ALL
                + " } } } }\n");
    assertEquals(List.of("g.a:before"), play.claimed());
    assertEquals(READY, play.status("g.b:before"));
    for (int i = 0; i < 8; i++) {
      assertEquals(1, play.claimed().size());
      play.succeed(play.claimed().getFirst());
    }
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_total_limit_covers_the_work_and_not_its_hooks() {
    Play play = step("timeout: { total: 5s }, " + ALL);
    assertFalse(play.timers.containsKey("TOTAL a"));
    play.succeed("a:before");
    assertTrue(play.timers.containsKey("TOTAL a"));
    play.begin("a").due(TimerKind.TOTAL, "a");
    assertEquals(List.of("a"), play.stopped());
    assertEquals(List.of("a:onFailure"), play.claimed());
    assertFalse(play.timers.containsKey("TOTAL a"));
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.TOTAL, "a", 1)));
    play.succeed("a:onFailure", "a:always");
    assertEquals(TIMED_OUT, play.status("a"));
  }

  @Test
  void a_cancelled_step_ends_at_once_and_its_hooks_after_it() {
    Play play = step(ALL).succeed("a:before").begin("a").cancel();
    assertEquals(CANCELLED, play.status("a"));
    assertEquals(List.of("a"), play.stopped());
    assertEquals(List.of("a:onCancel"), play.claimed());
    assertEquals(RunStatus.RUNNING, play.run());
    assertEquals(Verdict.STALE, play.event(new Event.Lost("a", 1)));
    play.succeed("a:onCancel");
    assertEquals(List.of("a:always"), play.claimed());
    play.succeed("a:always");
    assertEquals(RunStatus.CANCELLED, play.run());
    assertEquals(
        List.of(
            "a started",
            "a cancelled",
            "run ending",
            "a:onCancel succeeded",
            "a:always succeeded",
            "run finished"),
        play.story().subList(3, play.story().size()));
  }

  @Test
  void a_step_that_is_stopped_in_its_hook_before_has_begun() {
    Play play = step(ALL).begin("a:before").cancel();
    assertEquals(CANCELLED, play.status("a"));
    assertEquals(CANCELLED, play.status("a:before"));
    assertEquals(List.of("a:before"), play.stopped());
    play.succeed("a:onCancel", "a:always");
    assertEquals(RunStatus.CANCELLED, play.run());
  }

  @Test
  void a_step_that_waits_for_a_slot_after_its_hook_before_has_begun() {
    Play play =
        Play.of(
            "maxParallel: 1\nsteps:\n  a: { call: w, "
                + ALL
                + " }\n  b: { call: w, "
                + ALL
                + " }\n");
    play.succeed("a:before", "b:before");
    assertEquals(List.of("a"), play.claimed());
    assertEquals(READY, play.status("b"));
    play.cancel();
    assertEquals(CANCELLED, play.status("b"));
    play.succeed("a:onCancel", "b:onCancel", "a:always", "b:always");
    assertEquals(RunStatus.CANCELLED, play.run());
  }

  @Test
  void a_step_that_is_stopped_in_a_later_hook_keeps_that_hook_and_the_next() {
    Play play = step(ALL).succeed("a:before", "a").begin("a:onSuccess").cancel();
    assertEquals(CANCELLED, play.status("a"));
    assertEquals(RUNNING, play.status("a:onSuccess"));
    play.succeed("a:onSuccess");
    assertEquals(List.of("a:always"), play.claimed());
    play.succeed("a:always");
    assertEquals(PENDING, play.status("a:onCancel"));
    assertEquals(RunStatus.CANCELLED, play.run());
  }

  @Test
  void hooks_of_stopped_steps_come_before_those_of_the_group_around_them() {
    Play play =
        Play.of(
            "steps:\n"
                + "  g:\n"
                + "    parallel: { steps: { x: { call: w, hooks: { always: { call: h } } }, y: {"
                + " call: w, hooks: { always: { call: h } } } } }\n"
                + "    "
                + CLEANUP
                + "\n");
    play.begin("g.x", "g.y").cancel();
    assertEquals(CANCELLED, play.status("g"));
    assertEquals(List.of("g.x:always", "g.y:always"), play.claimed());
    play.succeed("g.x:always");
    assertEquals(List.of("g.y:always"), play.claimed());
    play.succeed("g.y:always");
    assertEquals(List.of("g:onCancel"), play.claimed());
    play.succeed("g:onCancel", "g:always");
    assertEquals(RunStatus.CANCELLED, play.run());
  }

  @Test
  void a_second_cancel_ends_the_hooks_too() {
    Play play =
        Play.of(
            "hooks: { always: { call: h } }\n"
                + "steps:\n"
                + "  g: { sequence: { steps: { x: { call: w, hooks: { onCancel: [ { call: h }, {"
                + " call: h } ], always: { call: h } } } } } }\n");
    play.begin("g.x").cancel().begin("g.x:onCancel.1").cancel();
    assertEquals(RunStatus.CANCELLED, play.run());
    assertEquals(CANCELLED, play.status("g.x:onCancel"));
    assertEquals(CANCELLED, play.status("g.x:onCancel.1"));
    assertEquals(PENDING, play.status("g.x:always"));
    assertEquals(PENDING, play.status(":always"));
    assertEquals(List.of("g.x", "g.x:onCancel.1"), play.stopped());
  }

  @Test
  void a_failure_that_aborts_the_run_lets_the_hooks_of_what_it_stops_run() {
    Play play =
        Play.of(
            "onFailure: abort\nsteps:\n  a: { call: w, "
                + ALL
                + " }\n  b: { call: w }\n  c: { needs:"
                + " b, call: w, "
                + ALL
                + " }\n");
    play.succeed("a:before").begin("a").fail("b");
    assertEquals(ABORTED, play.status("a"));
    assertEquals(NOT_RUN, play.status("c"));
    assertEquals(List.of("a:onCancel"), play.claimed());
    play.succeed("a:onCancel", "a:always");
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void a_group_that_is_retried_waits_for_the_hooks_of_what_was_stopped_in_it() {
    Play play =
        Play.of(
            "steps:\n  g: { parallel: { timeout: 5s, steps: { x: { call: w, "
                + ALL
                + " }, y: { call: w, hooks: { always: { call: h } } } } }, retry: 2 }\n");
    play.succeed("g.x:before").begin("g.x", "g.y").due(TimerKind.GROUP, "g");
    assertEquals(RETRYING, play.status("g"));
    assertEquals("hooks_inside", play.reason("g"));
    assertEquals(List.of("g.x:onCancel", "g.y:always"), play.claimed());
    play.succeed("g.x:onCancel", "g.y:always");
    assertEquals(RETRYING, play.status("g"));
    play.succeed("g.x:always");
    assertEquals(RUNNING, play.status("g"));
    assertEquals(List.of("g.x:before", "g.y"), play.claimed());
    play.succeed("g.x:before", "g.x", "g.y", "g.x:onSuccess", "g.x:always", "g.y:always");
    assertEquals(SUCCEEDED, play.status("g"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_group_that_is_held_before_its_next_attempt_can_be_cancelled() {
    Play play =
        Play.of(
            "steps:\n"
                + "  g: { parallel: { timeout: 5s, steps: { x: { call: w, hooks: { always: { call:"
                + " h } } } } }, retry: { attempts: 2, delay: 1s }, hooks: { always: { call: h } }"
                + " }\n");
    play.begin("g.x").due(TimerKind.GROUP, "g").due(TimerKind.RETRY, "g");
    assertEquals(RETRYING, play.status("g"));
    play.event(new Event.Due(TimerKind.RETRY, "g", 1));
    play.cancel();
    assertEquals(CANCELLED, play.status("g"));
    assertEquals(List.of("g.x:always"), play.claimed());
    play.succeed("g.x:always", "g:always");
    assertEquals(RunStatus.CANCELLED, play.run());
  }

  @Test
  void a_group_that_fails_calls_its_hooks_when_those_inside_have_ended() {
    Play play =
        Play.of(
            "steps:\n"
                + "  g: { parallel: { timeout: 5s, steps: { x: { call: w, hooks: { always: { call:"
                + " h } } } } }, hooks: { onFailure: { call: h } } }\n"
                + "  n: { needs: { step: g, on: failed }, call: w }\n");
    play.begin("g.x").due(TimerKind.GROUP, "g");
    assertEquals(ABORTED, play.status("g.x"));
    assertEquals(WAITING, play.status("g"));
    assertEquals(List.of("g.x:always"), play.claimed());
    play.succeed("g.x:always");
    assertEquals(List.of("g:onFailure"), play.claimed());
    play.succeed("g:onFailure");
    assertEquals(TIMED_OUT, play.status("g"));
    assertEquals(List.of("n"), play.claimed());
  }

  @Test
  void a_branch_wins_its_race_when_its_hooks_have_ended() {
    Play play =
        Play.of(
            "steps:\n  r: { race: { steps: { a: { call: w, "
                + ALL
                + " }, b: { call: w, "
                + ALL
                + " } } } }\n  n: { needs: r, call: w }\n");
    play.succeed("r.a:before", "r.b:before").begin("r.a", "r.b").succeed("r.a");
    assertEquals(RUNNING, play.status("r"));
    assertEquals(RUNNING, play.status("r.b"));
    play.succeed("r.b", "r.b:onSuccess", "r.b:always");
    assertEquals(SUCCEEDED, play.status("r"));
    assertEquals("r.b", play.output("r"));
    assertEquals(DISCARDED, play.status("r.a"));
    assertEquals(List.of("n", "r.a:onSuccess"), play.claimed());
    play.succeed("n", "r.a:onSuccess");
    assertFalse(play.run().isTerminal());
    play.succeed("r.a:always");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_loser_is_told_by_its_hook_for_a_cancel_and_nobody_waits_for_that_but_the_run() {
    Play play =
        Play.of(
            "steps:\n  r: { race: { steps: { a: { call: w, "
                + ALL
                + " }, b: { call: w } } }, "
                + " hooks: { always: { call: h } } }\n");
    play.succeed("r.a:before").begin("r.a", "r.b").succeed("r.b");
    assertEquals(DISCARDED, play.status("r.a"));
    assertEquals(List.of("r.a:onCancel", "r:always"), play.claimed());
    play.succeed("r:always");
    assertEquals(SUCCEEDED, play.status("r"));
    play.succeed("r.a:onCancel", "r.a:always");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void losers_that_may_finish_do_so_with_their_hooks() {
    for (String losers : List.of("finish", "await")) {
      Play play =
          Play.of(
              "steps:\n  r: { race: { losers: "
                  + losers
                  + ", steps: { a: { call: w, "
                  + ALL
                  + " }, b: { call: w } } } }\n");
      play.begin("r.a:before", "r.b").succeed("r.b", "r.a:before", "r.a");
      assertEquals(List.of("r.a:onCancel"), play.claimed());
      play.succeed("r.a:onCancel", "r.a:always");
      assertEquals(DISCARDED, play.status("r.a"));
      assertEquals(SUCCEEDED, play.status("r"));
      assertEquals(RunStatus.SUCCEEDED, play.run());
    }
  }

  @Test
  void a_loser_that_waits_for_a_slot_after_its_hook_before_is_discarded_with_its_hooks() {
    Play play =
        Play.of(
            "maxParallel: 1\nsteps:\n  r: { race: { steps: { b: { call: w }, a: { call: w, "
                + ALL
                + " } } } }\n");
    assertEquals(List.of("r.b"), play.claimed());
    play.event(play.report("r.b", new Outcome.Stopped("shutdown")));
    play.succeed("r.a:before");
    assertEquals(List.of("r.b"), play.claimed());
    assertEquals(READY, play.status("r.a"));
    play.succeed("r.b");
    assertEquals(DISCARDED, play.status("r.a"));
    play.succeed("r.a:onCancel", "r.a:always");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  /** A state that loads on demand asks at most 500 times; see {@link Database}. */
  @Test
  void what_is_stopped_is_looked_up_together_however_many_hooks_there_are() {
    String steps =
        "steps:\n  a: { forEach: \"${{ lists.range(1000) }}\", sleep: 1h, " + CLEANUP + " }\n";
    Play play = Play.of(steps).cancel();
    assertEquals(1_000, play.claimed().size());
    play.cancel();
    assertEquals(RunStatus.CANCELLED, play.run());
    Play retried =
        Play.of(
            "steps:\n  g: { parallel: { timeout: 5s, steps: { a: { forEach: \"${{ lists.range(600)"
                + " }}\", sleep: 1h, hooks: { always: { pass: {} } } } } }, retry: 2 }\n");
    retried.due(TimerKind.GROUP, "g");
    assertEquals(600, retried.claimed().size());
    retried.succeed(retried.claimed().toArray(String[]::new));
    assertEquals(RUNNING, retried.status("g"));
  }

  @Test
  void every_structure_has_hooks_around_it() {
    String around =
        ", hooks: { before: { call: h }, onSuccess: { call: h }, always: { call: h } } }\n";
    for (String structure :
        List.of(
            "sequence: { steps: { x: { call: w } } }",
            "parallel: { maxParallel: 1, steps: { x: { call: w }, y: { call: w } } }",
            "race: { steps: { x: { call: w } } }",
            "race: { losers: finish, steps: { x: { call: w }, y: { when: false, call: w } } }",
            "switch: [{ when: true, steps: { x: { call: w } } }, { else: { y: { call: w } } }]",
            "switch: [{ when: false, steps: { x: { call: w } } }]",
            "loop: { until: \"${{ iteration == 2 }}\", steps: { x: { call: w } } }",
            "forEach: [1, 2, 3], maxParallel: 2, call: w",
            "forEach: [1, 2, 3], batch: 2, call: w",
            "matrix: { os: [a, b] }, sequence: { steps: { x: { call: w } } }")) {
      Play play = Play.of("steps:\n  a: { " + structure + around);
      while (!play.run().isTerminal()) {
        play.succeed(play.claimed().getFirst());
      }
      assertEquals(RunStatus.SUCCEEDED, play.run(), structure);
      List<String> hooks =
          play.started().stream()
              .filter(step -> step.contains(":"))
              .map(step -> step.substring(step.indexOf(':') + 1))
              .toList();
      for (String moment : List.of("before", "onSuccess", "always")) {
        long owners = structure.contains("forEach") || structure.contains("matrix") ? 2 : 1;
        long called = hooks.stream().filter(moment::equals).count();
        assertTrue(called >= owners, structure + ": " + play.started());
        assertTrue(owners == 2 || called == 1, structure + ": " + play.started());
      }
      assertEquals("before", hooks.getFirst(), structure);
      assertEquals("always", hooks.getLast(), structure);
    }
  }

  @Test
  void steps_inside_a_hook_have_hooks_of_their_own() {
    Play play =
        step(
            "hooks: { always: { sequence: { steps: { x: { call: h, hooks: { before: { call: h },"
                + " always: { pass: { output: \"${{ steps.a.status + steps.x.status }}\" } } } },"
                + " y: { call: h } } } } }");
    play.succeed("a", "a:always.x:before", "a:always.x");
    assertEquals("succeededsucceeded", play.output("a:always.x:always"));
    play.succeed("a:always.y");
    assertEquals(SUCCEEDED, play.status("a"));
  }

  @Test
  void a_step_that_is_reset_calls_its_hooks_anew() {
    Play play =
        Play.of(
            "steps:\n"
                + "  g: { sequence: { steps: { x: { call: w, hooks: { before: { call: h }, always:"
                + " [ { call: h }, { call: h } ] } }, y: { call: w } } }, retry: 2 }\n");
    play.succeed("g.x:before", "g.x", "g.x:always.1", "g.x:always.2").fail("g.y");
    assertEquals(List.of("g.x:before"), play.claimed());
    play.succeed("g.x:before", "g.x", "g.x:always.1", "g.x:always.2", "g.y");
    assertEquals(2, play.row("g.x:always.2").attempt());
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void what_an_attempt_cost_and_why_it_ended_is_told_when_the_step_ends() {
    Play play = step("onFailure: tolerate, hooks: { always: { call: h } }").fail("a");
    play.succeed("a:always");
    Map<String, Object> end =
        play.notes.stream()
            .filter(note -> "step.failed".equals(note.get("type")))
            .findFirst()
            .orElseThrow();
    assertEquals(Map.of("code", "failure_tolerated"), end.get("reason"));
    Play good = step("hooks: { always: { call: h } }").succeed("a", "a:always");
    Map<String, Object> told =
        good.notes.stream()
            .filter(
                note -> "step.succeeded".equals(note.get("type")) && "a".equals(note.get("step")))
            .findFirst()
            .orElseThrow();
    assertEquals(1L, told.get("ms"));
    assertEquals(Map.of(), good.row("a").detail());
  }
}
