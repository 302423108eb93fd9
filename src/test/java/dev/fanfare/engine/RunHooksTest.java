package dev.fanfare.engine;

import static dev.fanfare.definition.StepStatus.CANCELLED;
import static dev.fanfare.definition.StepStatus.FAILED;
import static dev.fanfare.definition.StepStatus.NOT_RUN;
import static dev.fanfare.definition.StepStatus.PENDING;
import static dev.fanfare.definition.StepStatus.SUCCEEDED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.fanfare.definition.RunStatus;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Hooks around the run. */
class RunHooksTest {
  private static final String ALL =
      "hooks: { before: { call: h }, onSuccess: { call: h }, onFailure: { call: h }, onCancel: {"
          + " call: h }, always: { call: h } }\n";
  private static final String A = "steps:\n  a: { call: w }\n";

  @Test
  void hooks_are_called_before_the_first_step_for_the_outcome_and_always() {
    Play play = Play.of(ALL + A);
    assertEquals(List.of(":before"), play.claimed());
    assertEquals(PENDING, play.status("a"));
    play.succeed(":before", "a", ":onSuccess");
    assertFalse(play.run().isTerminal());
    play.succeed(":always");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals(
        List.of(
            "run started",
            ":before dispatched",
            ":before succeeded",
            "a dispatched",
            "a succeeded",
            "run ending",
            ":onSuccess dispatched",
            ":onSuccess succeeded",
            ":always dispatched",
            ":always succeeded",
            "run finished"),
        play.log());
  }

  @Test
  void a_failed_run_calls_the_hook_for_that_and_so_does_one_whose_time_is_up() {
    Play play = Play.of(ALL + A).succeed(":before").fail("a");
    assertEquals(List.of(":onFailure"), play.claimed());
    assertEquals(RunStatus.FAILED, play.succeed(":onFailure", ":always").run());
    Play late = Play.of("timeout: 5s\n" + ALL + A).succeed(":before").due(TimerKind.RUN, "");
    assertEquals(List.of(":onFailure"), late.claimed());
    assertFalse(late.timers.containsKey("RUN "));
    assertEquals(RunStatus.TIMED_OUT, late.succeed(":onFailure", ":always").run());
  }

  @Test
  void a_partial_success_is_a_success_to_hooks() {
    Play play = Play.of(ALL + "steps:\n  a: { call: w }\n  b: { call: w, onFailure: tolerate }\n");
    play.succeed(":before", "a").fail("b");
    assertEquals(List.of(":onSuccess"), play.claimed());
    assertEquals(RunStatus.PARTIALLY_SUCCEEDED, play.succeed(":onSuccess", ":always").run());
  }

  @Test
  void a_hook_before_that_fails_fails_the_run_and_no_step_starts() {
    Play play = Play.of(ALL + A).fail(":before");
    assertEquals(NOT_RUN, play.status("a"));
    assertEquals("hook_failed", play.reason("a"));
    assertEquals(List.of(":onFailure"), play.claimed());
    play.succeed(":onFailure", ":always");
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals("hook_failed", Objects.requireNonNull(play.state.run().reason()).code());
  }

  @Test
  void a_hook_before_whose_failure_is_tolerated_lets_the_steps_start() {
    Play play = Play.of("hooks: { before: { call: h, onFailure: tolerate } }\n" + A);
    play.fail(":before").succeed("a");
    assertEquals(RunStatus.PARTIALLY_SUCCEEDED, play.run());
  }

  @Test
  void a_later_hook_that_fails_does_not_change_the_outcome() {
    Play play = Play.of("onFailure: abort\n" + ALL + A).succeed(":before", "a");
    play.fail(":onSuccess", ":always");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals(FAILED, play.status(":onSuccess"));
    assertEquals(FAILED, play.status(":always"));
  }

  @Test
  void a_cancelled_run_calls_its_hooks_after_those_of_its_steps() {
    Play play =
        Play.of(
            ALL
                + "steps:\n"
                + "  a: { call: w, hooks: { onCancel: { call: h }, always: { call: h } } }\n"
                + "  b: { needs: a, call: w }\n");
    play.succeed(":before").begin("a").cancel();
    assertEquals(CANCELLED, play.status("a"));
    assertEquals(NOT_RUN, play.status("b"));
    assertEquals("run_cancelled", Objects.requireNonNull(play.state.run().reason()).code());
    for (String hook : List.of("a:onCancel", "a:always", ":onCancel", ":always")) {
      assertFalse(play.run().isTerminal());
      assertEquals(List.of(hook), play.claimed());
      play.succeed(hook);
    }
    assertEquals(RunStatus.CANCELLED, play.run());
  }

  @Test
  void a_run_that_is_cancelled_in_its_hook_before_stops_that_and_calls_the_others() {
    Play play = Play.of(ALL + A).begin(":before").cancel();
    assertEquals(CANCELLED, play.status(":before"));
    assertEquals(List.of(":before"), play.stopped());
    assertEquals(NOT_RUN, play.status("a"));
    assertEquals(RunStatus.CANCELLED, play.succeed(":onCancel", ":always").run());
  }

  @Test
  void a_run_that_never_began_calls_no_hook() {
    Play play = Play.queued(ALL + A).cancel();
    assertEquals(RunStatus.CANCELLED, play.run());
    assertEquals(List.of(), play.started());
  }

  @Test
  void a_cancel_while_only_hooks_are_left_ends_these_and_leaves_the_outcome() {
    Play play = Play.of(ALL + A).succeed(":before", "a").begin(":onSuccess").cancel();
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals(CANCELLED, play.status(":onSuccess"));
    assertEquals("run_cancelled", play.reason(":onSuccess"));
    assertEquals(PENDING, play.status(":always"));
    assertEquals(List.of(":onSuccess"), play.stopped());
  }

  @Test
  void two_cancels_in_one_batch_end_a_run_without_its_hooks() {
    Play play = Play.of(ALL + A).succeed(":before").begin("a");
    Event cancel = new Event.Cancel("ann", "enough");
    assertEquals(
        List.of(Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.STALE),
        play.events(List.of(cancel, cancel, cancel)));
    assertEquals(RunStatus.CANCELLED, play.run());
  }

  @Test
  void a_run_whose_end_is_decided_has_no_limit_and_cannot_start_again() {
    Play play = Play.of("timeout: 5s\n" + ALL + A).succeed(":before", "a");
    assertFalse(play.timers.containsKey("RUN "));
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.RUN, "", 0)));
    assertEquals(Verdict.STALE, play.event(new Event.Start()));
    assertEquals(RunStatus.SUCCEEDED, play.succeed(":onSuccess", ":always").run());
  }

  @Test
  void hooks_see_the_outcome_as_the_status_of_the_run_and_every_step() {
    Play play =
        Play.of(
            "hooks: { always: { pass: { output: \"${{ run.status + ' ' + steps.a.status + ' ' +"
                + " steps['g.x'].status }}\" } } }\nsteps:\n  a: { call: w, hooks: { onCancel: ["
                + " { call: h }, { pass: { output: \"${{ run.status }}\" } } ] } }\n  g: {"
                + " sequence: { steps: { x: { call: w } } } }\n");
    play.begin("a", "g.x").cancel().succeed("a:onCancel.1");
    assertEquals("cancelled", play.output("a:onCancel.2"));
    assertEquals("cancelled cancelled cancelled", play.output(":always"));
    assertEquals(RunStatus.CANCELLED, play.run());
  }

  @Test
  void outputs_of_the_run_read_its_hooks() {
    Play play =
        Play.of(
            "hooks: { always: { call: h } }\n"
                + A
                + "outputs: { said: \"${{ steps[':always'].output }}\" }\n");
    play.succeed("a").yield(":always", "bye");
    assertEquals("bye", Objects.requireNonNull(play.state.run().outputs()).get("said"));
  }

  @Test
  void steps_read_what_the_hook_before_the_run_brought() {
    Play play =
        Play.of(
            "hooks: { before: { call: h } }\nsteps:\n  a: { pass: { output: \"${{"
                + " steps[':before'].output }}\" } }\n");
    assertEquals("token", play.yield(":before", "token").output("a"));
  }

  @Test
  void hooks_of_the_run_can_be_many_steps_with_hooks_and_retries() {
    Play play =
        Play.of(
            "hooks: { always: [ { call: h, retry: { attempts: 2, delay: 1s } }, { parallel: {"
                + " steps: { x: { call: h, hooks: { always: { call: h } } }, y: { call: h } } } } ]"
                + " }\n"
                + A);
    play.succeed("a").fail(":always.1").due(TimerKind.RETRY, ":always.1").succeed(":always.1");
    assertEquals(List.of(":always.2.x", ":always.2.y"), play.claimed());
    play.succeed(":always.2.x", ":always.2.y", ":always.2.x:always");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_run_without_hooks_for_its_outcome_ends_at_once() {
    Play play = Play.of("hooks: { onFailure: { call: h } }\n" + A).succeed("a");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertFalse(play.log().contains("run ending"));
  }

  @Test
  void a_run_that_cannot_begin_for_its_limit_calls_its_hooks_for_a_failure() {
    Play play = Play.of("maxParallel: \"${{ 'lots' }}\"\n" + ALL + A);
    assertEquals(List.of(":onFailure"), play.claimed());
    assertEquals(RunStatus.FAILED, play.succeed(":onFailure", ":always").run());
  }

  @Test
  void a_rerun_calls_the_hooks_of_the_run_and_of_what_runs_again() {
    Play play =
        Play.of(
            ALL
                + "steps:\n"
                + "  a: { call: w, hooks: { always: { call: h } } }\n"
                + "  b: { needs: a, call: w, hooks: { onFailure: { call: h }, always: [ { call: h }"
                + " ] } }\n");
    play.succeed(":before", "a", "a:always").fail("b").succeed("b:onFailure", "b:always.1");
    play.succeed(":onFailure", ":always");
    assertEquals(RunStatus.FAILED, play.run());
    play.event(new Event.Rerun(new Event.From.Failed(), "ann"));
    assertEquals(List.of(":before"), play.claimed());
    assertEquals(SUCCEEDED, play.status("a"));
    play.succeed(":before");
    assertEquals(List.of("b"), play.claimed());
    play.succeed("b", "b:always.1", ":onSuccess");
    assertEquals(List.of(":always"), play.claimed());
    play.succeed(":always");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals(1, play.row("a:always").attempt());
    assertEquals(PENDING, play.status("b:onFailure"));
  }

  @Test
  void a_rerun_of_a_cancelled_run_has_no_memory_of_the_cancel() {
    Play play = Play.of(ALL + A).succeed(":before").begin("a").cancel();
    play.succeed(":onCancel", ":always");
    play.event(new Event.Rerun(new Event.From.Start(), "ann"));
    play.succeed(":before", "a");
    assertEquals(List.of(":onSuccess"), play.claimed());
    assertEquals(RunStatus.SUCCEEDED, play.succeed(":onSuccess", ":always").run());
  }
}
