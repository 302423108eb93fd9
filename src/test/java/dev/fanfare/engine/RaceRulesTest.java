package dev.fanfare.engine;

import static dev.fanfare.definition.StepStatus.ABORTED;
import static dev.fanfare.definition.StepStatus.CANCELLED;
import static dev.fanfare.definition.StepStatus.DISCARDED;
import static dev.fanfare.definition.StepStatus.DISPATCHED;
import static dev.fanfare.definition.StepStatus.FAILED;
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

class RaceRulesTest {

  private static Play race(String rules, String... branches) {
    StringBuilder yaml = new StringBuilder("steps:\n  r:\n    race:\n      steps:\n");
    for (String branch : branches) {
      yaml.append("        ").append(branch).append('\n');
    }
    for (String rule : rules.isEmpty() ? new String[0] : rules.split(";")) {
      yaml.append("      ").append(rule.strip()).append('\n');
    }
    return Play.of(yaml + "  after: { needs: r, call: w }\n");
  }

  private static Play race(String rules) {
    return race(rules, "a: { call: w }", "b: { call: w }", "c: { call: w }");
  }

  private static Object winner(Play play) {
    Map<String, Object> detail = play.row("r").detail();
    return detail == null ? "" : String.valueOf(detail.get("winner"));
  }

  @Test
  void the_first_branch_to_succeed_wins() {
    Play play = race("").begin("r.a", "r.b", "r.c").fail("r.a").succeed("r.b");
    assertEquals("b", winner(play));
    assertEquals("r.b", play.output("r"));
    assertEquals(FAILED, play.status("r.a"));
    assertEquals(DISCARDED, play.status("r.c"));
  }

  @Test
  void a_settled_race_is_won_by_the_first_to_finish_even_if_it_fails() {
    Play play = race("win: settled").begin("r.a", "r.b").fail("r.b");
    assertEquals(FAILED, play.status("r"));
    assertEquals("boom", play.error("r"));
    assertEquals("b", winner(play));
    assertEquals(SUCCEEDED, race("win: settled").succeed("r.c").status("r"));
  }

  @Test
  void a_quorum_yields_its_winners_in_the_order_in_which_they_were_committed() {
    Play play = race("win: { quorum: 2 }").begin("r.a", "r.b", "r.c").succeed("r.c");
    assertEquals(RUNNING, play.status("r"));
    play.succeed("r.a");
    assertEquals(List.of("r.c", "r.a"), play.output("r"));
    assertEquals(DISCARDED, play.status("r.b"));
  }

  @Test
  void a_quorum_that_cannot_be_reached_any_more_fails_at_once() {
    Play play = race("win: { quorum: 2 }").begin("r.c").fail("r.a", "r.b");
    assertEquals(FAILED, play.status("r"));
    assertEquals("race_all_failed", play.error("r"));
    assertEquals(DISCARDED, play.status("r.c"));
  }

  @Test
  void what_comes_next_starts_with_the_winners_commit_and_does_not_wait_for_losers() {
    Play play = race("losers: finish").begin("r.a", "r.b", "r.c").succeed("r.a");
    assertEquals(SUCCEEDED, play.status("r"));
    assertEquals(DISPATCHED, play.status("after"));
    assertEquals(RUNNING, play.status("r.b"));
  }

  @Test
  void of_two_reports_in_one_batch_the_first_wins() {
    Play play = race("").begin("r.a", "r.b", "r.c");
    List<Verdict> verdicts =
        play.events(
            List.of(
                play.report("r.b", Outcome.Succeeded.of(1L)),
                play.report("r.a", Outcome.Succeeded.of(2L))));
    assertEquals(List.of(Verdict.ACCEPTED, Verdict.KEPT), verdicts);
    assertEquals("b", winner(play));
    assertEquals(1L, play.output("r"));
    assertEquals(DISCARDED, play.status("r.a"));
  }

  @Test
  void a_loser_that_has_not_started_never_starts() {
    Play play = race("").succeed("r.a");
    assertEquals(SKIPPED, play.status("r.b"));
    assertEquals(Verdict.STALE, play.event(new Event.Begin("r.b", 1)));
    assertEquals(
        Verdict.STALE, play.event(Play.report("r.b", 1, Outcome.Succeeded.of("too late"))));
    assertEquals(SKIPPED, play.status("r.b"));
    assertEquals(null, play.output("r.b"));
  }

  @Test
  void a_loser_that_waits_for_a_slot_of_the_run_is_not_given_the_winners() {
    Play play =
        Play.of(
            "maxParallel: 1\nsteps:\n  r: { race: { steps: { a: { call: w }, b: { call: w } } } }");
    play.succeed("r.a");
    assertEquals(SKIPPED, play.status("r.b"));
    assertEquals(List.of("r.a"), play.started());
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void of_two_branches_without_work_the_first_wins_and_the_second_never_starts() {
    String steps = "a: { sleep: 5s }, b: { pass: {} }, c: { pass: {} }";
    Play play =
        Play.of(
            "steps:\n  go: { call: w }\n  r: { needs: go, race: { losers: await, steps: { "
                + steps
                + " } } }");
    play.succeed("go");
    assertEquals("b", winner(play));
    assertEquals(SKIPPED, play.status("r.c"));
    assertEquals(RUNNING, play.status("r"));
    play.due(TimerKind.SLEEP, "r.a");
    assertEquals(DISCARDED, play.status("r.a"));
    assertEquals(SUCCEEDED, play.status("r"));
  }

  @Test
  void a_running_loser_is_told_at_once_and_what_it_still_reports_is_kept() {
    Play play = race("").begin("r.a", "r.b").succeed("r.a");
    assertEquals(List.of("r.b"), play.stopped());
    assertEquals(
        Verdict.KEPT, play.event(Play.report("r.b", 1, Outcome.Succeeded.of("a bit late"))));
    assertEquals(DISCARDED, play.status("r.b"));
    assertEquals("a bit late", play.output("r.b"));
    assertEquals("r.a", play.output("r"));
  }

  @Test
  void losers_that_may_finish_end_discarded_and_the_run_waits_for_them() {
    Play play = race("losers: finish").begin("r.a", "r.b").succeed("r.a", "after");
    assertEquals(SKIPPED, play.status("r.c"));
    assertEquals(RunStatus.RUNNING, play.run());
    play.succeed("r.b");
    assertEquals(DISCARDED, play.status("r.b"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void an_awaited_race_ends_when_its_running_losers_have() {
    Play play = race("losers: await").begin("r.a", "r.b").succeed("r.a");
    assertEquals(RUNNING, play.status("r"));
    play.fail("r.b");
    assertEquals(DISCARDED, play.status("r.b"));
    assertEquals(SUCCEEDED, play.status("r"));
    assertEquals("r.a", play.output("r"));
  }

  @Test
  void a_lost_quorum_awaits_its_running_branches_too() {
    Play play = race("win: { quorum: 2 }; losers: await").begin("r.c").fail("r.a", "r.b");
    assertEquals(RUNNING, play.status("r"));
    play.succeed("r.c");
    assertEquals(FAILED, play.status("r"));
  }

  @Test
  void a_branch_counts_as_failed_only_when_its_retries_are_used_up() {
    Play play = race("", "a: { call: w, retry: { attempts: 2, delay: 1s } }", "b: { call: w }");
    play.fail("r.a", "r.b");
    assertEquals(RUNNING, play.status("r"));
    play.due(TimerKind.RETRY, "r.a").succeed("r.a");
    assertEquals("a", winner(play));
  }

  @Test
  void a_race_whose_branches_all_fail_names_every_cause() {
    Play play = race("").fail("r.a", "r.b", "r.c");
    assertEquals(FAILED, play.status("r"));
    Object causes = play.row("r").error().details().get("causes");
    assertEquals(3, ((List<?>) causes).size());
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void a_tolerated_failure_of_a_branch_counts_as_its_success() {
    String branch = "a: { call: w, onFailure: { tolerate: true, output: plan B } }";
    Play play = race("", branch, "b: { call: w }").fail("r.a");
    assertEquals("a", winner(play));
    assertEquals("plan B", play.output("r"));
  }

  @Test
  void a_skipped_branch_cannot_win_and_a_race_of_skipped_branches_is_skipped() {
    Play play = race("", "a: { when: false, call: w }", "b: { call: w }");
    assertEquals(RUNNING, play.status("r"));
    play.succeed("r.b");
    assertEquals("b", winner(play));
    String two = "win: { quorum: 2 }";
    Play none = race(two, "a: { when: false, call: w }", "b: { when: false, call: w }");
    assertEquals(SKIPPED, none.status("r"));
    assertEquals("no_branch_started", none.reason("r"));
    Play one = race(two, "a: { when: false, call: w }", "b: { call: w }");
    assertEquals(FAILED, one.status("r"));
  }

  @Test
  void a_race_without_a_winner_in_time_times_out() {
    Play play = race("timeout: 5s").begin("r.a").due(TimerKind.GROUP, "r");
    assertEquals(TIMED_OUT, play.status("r"));
    assertEquals(DISCARDED, play.status("r.a"));
    assertEquals(SKIPPED, play.status("r.b"));
  }

  @Test
  void a_race_may_have_an_answer_for_its_timeout() {
    Play play = race("timeout: 5s; onTimeout: { output: cached }").due(TimerKind.GROUP, "r");
    assertEquals(SUCCEEDED, play.status("r"));
    assertEquals("cached", play.output("r"));
  }

  @Test
  void a_timeout_that_comes_after_the_winner_changes_nothing() {
    Play play = race("timeout: 5s").begin("r.a", "r.b").succeed("r.a");
    assertFalse(play.timers.containsKey("GROUP r"));
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.GROUP, "r", 1)));
    assertEquals("a", winner(play));
  }

  @Test
  void a_timeout_ends_the_wait_for_losers_but_the_winner_stays() {
    Play play = race("timeout: 5s; losers: await").begin("r.a", "r.b").succeed("r.a");
    play.due(TimerKind.GROUP, "r");
    assertEquals(SUCCEEDED, play.status("r"));
    assertEquals(DISCARDED, play.status("r.b"));
  }

  @Test
  void a_total_limit_does_not_undo_a_decided_race_either() {
    Play play =
        Play.of(
            "steps:\n  r: { timeout: { total: 9s }, race: { losers: await,"
                + " steps: { a: { call: w }, b: { call: w } } } }");
    play.begin("r.a", "r.b").succeed("r.a").due(TimerKind.TOTAL, "r");
    assertEquals(SUCCEEDED, play.status("r"));
    assertEquals(DISCARDED, play.status("r.b"));
  }

  @Test
  void a_waiting_loser_is_discarded_and_its_timer_removed() {
    Play play = race("", "a: { sleep: 1m }", "b: { call: w }");
    assertEquals(WAITING, play.status("r.a"));
    play.succeed("r.b");
    assertEquals(DISCARDED, play.status("r.a"));
    assertTrue(play.timers.isEmpty());
  }

  @Test
  void losers_that_may_finish_do_not_outlive_a_cancel() {
    String inner = "r: { race: { losers: finish, steps: { a: { call: w }, b: { call: w } } } }";
    Play play =
        Play.of("steps:\n  s: { sequence: { steps: { " + inner + " } } }\n  z: { call: w }");
    play.begin("s.r.a", "s.r.b").succeed("s.r.a");
    assertEquals(SUCCEEDED, play.status("s"));
    play.cancel();
    assertEquals(CANCELLED, play.status("s.r.b"));
    assertEquals(List.of("s.r.b"), play.stopped());
  }

  @Test
  void losers_that_may_finish_do_not_outlive_a_retry_of_their_group() {
    String race = "r: { race: { losers: finish, steps: { a: { call: w }, b: { call: w } } } }";
    Play play =
        Play.of(
            "steps:\n  s: { retry: { attempts: 2, delay: 1s }, sequence: { steps: { "
                + race
                + ", x: { call: w } } } }");
    play.begin("s.r.a", "s.r.b").succeed("s.r.a").fail("s.x").due(TimerKind.RETRY, "s");
    assertEquals(DISPATCHED, play.status("s.r.b"));
    assertEquals(2, play.row("s.r.b").attempt());
    assertEquals(Verdict.STALE, play.event(Play.report("s.r.b", 1, Outcome.Succeeded.of(1L))));
    play.succeed("s.r.b", "s.x");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_retried_race_runs_anew() {
    Play play =
        Play.of(
            "steps:\n  r: { retry: { attempts: 2, delay: 1s },"
                + " race: { steps: { a: { call: w }, b: { call: w } } } }");
    play.fail("r.a", "r.b").due(TimerKind.RETRY, "r").begin("r.a", "r.b").succeed("r.b");
    assertEquals("b", winner(play));
    assertEquals(DISCARDED, play.status("r.a"));
  }

  @Test
  void a_race_inside_a_lost_branch_is_discarded_with_it() {
    Play play =
        race("", "a: { race: { steps: { x: { call: w }, y: { call: w } } } }", "b: { call: w }");
    play.begin("r.a.x").succeed("r.b");
    assertEquals(DISCARDED, play.status("r.a"));
    assertEquals(DISCARDED, play.status("r.a.x"));
    assertEquals(SKIPPED, play.status("r.a.y"));
  }

  @Test
  void a_failure_inside_a_race_does_not_abort_the_run_while_another_branch_can_win() {
    Play play =
        Play.of(
            "onFailure: abort\n"
                + "steps:\n"
                + "  r: { race: { steps: { a: { call: w }, b: { call: w } } } }\n"
                + "  z: { call: w }");
    play.begin("z").fail("r.a");
    assertEquals(RunStatus.RUNNING, play.run());
    play.fail("r.b");
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals(ABORTED, play.status("z"));
  }
}
