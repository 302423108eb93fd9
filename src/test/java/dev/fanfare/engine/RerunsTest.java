package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run that has ended goes on: what failed and all downstream runs again, the rest is kept. */
class RerunsTest {

  private static final String CHAIN =
      """
      steps:
        build: { call: w }
        test: { call: w, needs: build }
        lint: { call: w, needs: build }
        deploy: { call: w, needs: [test, lint] }
      """;

  private static Verdict failed(Play play) {
    return play.event(new Event.Rerun(new Event.From.Failed(), "ann"));
  }

  private static Verdict start(Play play) {
    return play.event(new Event.Rerun(new Event.From.Start(), "ann"));
  }

  private static Verdict from(Play play, String step) {
    return play.event(new Event.Rerun(new Event.From.Of(step), "ann"));
  }

  @Test
  void what_failed_and_what_needs_it_runs_again_and_the_rest_is_kept() {
    Play play = Play.of(CHAIN).succeed("build").fail("test").succeed("lint");
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals(StepStatus.NOT_RUN, play.status("deploy"));

    assertEquals(Verdict.ACCEPTED, failed(play));
    assertEquals(RunStatus.RUNNING, play.run());
    assertEquals(List.of("test"), play.claimed());
    assertEquals(2, play.row("test").attempt());
    assertEquals("build", play.output("build"));
    assertEquals(StepStatus.PENDING, play.status("deploy"));
    assertEquals(2, play.state.run().facts().attempt());

    play.succeed("test");
    assertEquals(List.of("deploy"), play.claimed());
    play.succeed("deploy");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals(1, play.row("build").attempt());
  }

  @Test
  void a_rerun_of_a_run_that_is_not_over_or_in_which_nothing_failed_changes_nothing() {
    Play play = Play.of(CHAIN);
    assertEquals(Verdict.STALE, failed(play));
    assertEquals(Verdict.STALE, start(play));
    play.succeed("build", "test", "lint", "deploy");
    assertEquals(Verdict.STALE, failed(play));
    assertEquals(1, play.state.run().facts().attempt());
  }

  @Test
  void from_the_start_everything_runs_again_in_an_empty_workspace() {
    Play play = Play.of(CHAIN).succeed("build", "test", "lint", "deploy");
    assertEquals(Verdict.ACCEPTED, start(play));
    assertEquals(List.of("build"), play.claimed());
    assertEquals(StepStatus.PENDING, play.status("deploy"));
    assertEquals(2L, play.state.run().facts().context().get("workspace"));
    play.succeed("build", "test", "lint", "deploy");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void from_a_step_that_step_and_all_downstream_run_again() {
    Play play = Play.of(CHAIN).succeed("build", "test", "lint", "deploy");
    assertEquals(Verdict.ACCEPTED, from(play, "lint"));
    assertEquals(List.of("lint"), play.claimed());
    play.succeed("lint");
    assertEquals(List.of("deploy"), play.claimed());
    play.succeed("deploy");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals(1, play.row("test").attempt());
    assertEquals(2, play.row("deploy").attempt());
  }

  @Test
  void from_a_step_another_failure_stays_what_it_was() {
    Play play =
        Play.of("steps:\n  a: { call: w }\n  b: { call: w }\n  c: { call: w, needs: b }\n")
            .fail("a")
            .succeed("b", "c");
    assertEquals(Verdict.ACCEPTED, from(play, "c"));
    assertEquals(RunStatus.FAILING, play.run());
    play.succeed("c");
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals(StepStatus.FAILED, play.status("a"));
  }

  @Test
  void a_late_report_of_the_earlier_attempt_counts_for_nothing() {
    Play play = Play.of(CHAIN).succeed("build");
    Event.Report old = play.report("test", Outcome.Succeeded.of("old"));
    play.cancel();
    assertEquals(StepStatus.CANCELLED, play.status("test"));
    assertEquals(Verdict.ACCEPTED, failed(play));
    assertEquals(List.of("lint", "test"), play.claimed());
    assertEquals(Verdict.STALE, play.event(old));
    play.succeed("test", "lint", "deploy");
    assertEquals("test", play.output("test"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_parallel_group_keeps_the_children_that_succeeded() {
    Play play =
        Play.of(
                """
                steps:
                  all:
                    parallel:
                      maxParallel: 2
                      steps:
                        a: { call: w }
                        b: { call: w }
                        c: { call: w, needs: b }
                        d: { call: w }
                  after: { call: w, needs: all }
                """)
            .succeed("all.a")
            .fail("all.b")
            .succeed("all.d");
    assertEquals(RunStatus.FAILED, play.run());
    failed(play);
    assertEquals(StepStatus.RUNNING, play.status("all"));
    assertEquals(List.of("all.b"), play.claimed());
    play.succeed("all.b", "all.c");
    assertEquals(List.of("all.a", "all.b", "all.c", "all.d"), play.output("all"));
    play.succeed("after");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals(1, play.row("all.a").attempt());
  }

  @Test
  void of_a_for_each_only_the_failed_items_run_again_within_its_limit() {
    Play play =
        Play.of(
            """
            steps:
              each: { forEach: "${{ [1, 2, 3, 4, 5] }}", maxParallel: 2, call: w }
              sum: { call: w, needs: each }
            """);
    play.succeed("each[0]").fail("each[1]").fail("each[2]").fail("each[3]").succeed("each[4]");
    assertEquals(RunStatus.FAILED, play.run());
    failed(play);
    assertEquals(List.of("each[1]", "each[2]"), play.claimed());
    play.succeed("each[1]");
    assertEquals(List.of("each[2]", "each[3]"), play.claimed());
    play.succeed("each[2]", "each[3]", "sum");
    assertEquals(
        List.of("each[0]", "each[1]", "each[2]", "each[3]", "each[4]"), play.output("each"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_for_each_that_was_cancelled_goes_on_with_the_items_it_had_not_come_to() {
    Play play =
        Play.of("steps:\n  each: { forEach: \"${{ [1, 2, 3] }}\", maxParallel: 1, call: w }\n")
            .succeed("each[0]")
            .cancel();
    failed(play);
    assertEquals(List.of("each[1]"), play.claimed());
    play.succeed("each[1]", "each[2]");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals(1, play.row("each[0]").attempt());
  }

  @Test
  void a_won_race_is_never_reopened_though_a_branch_of_it_failed() {
    Play play =
        Play.of(
                """
                steps:
                  r: { race: { steps: { a: { call: w }, b: { call: w } } } }
                  next: { call: w, needs: r }
                """)
            .fail("r.a")
            .succeed("r.b")
            .fail("next");
    assertEquals(Verdict.ACCEPTED, failed(play));
    assertEquals(List.of("next"), play.claimed());
    assertEquals(StepStatus.FAILED, play.status("r.a"));
    play.succeed("next");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals("r.b", play.output("r"));
  }

  @Test
  void a_race_that_nobody_won_begins_anew_with_all_its_branches() {
    Play play =
        Play.of("steps:\n  r: { race: { steps: { a: { call: w }, b: { call: w } } } }\n")
            .fail("r.a")
            .fail("r.b");
    failed(play);
    assertEquals(List.of("r.a", "r.b"), play.claimed());
    play.succeed("r.a");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals("r.a", play.output("r"));
  }

  @Test
  void a_race_downstream_of_what_runs_again_is_run_anew() {
    Play play =
        Play.of(
                """
                steps:
                  a: { call: w, onFailure: { tolerate: true } }
                  r: { needs: a, race: { steps: { x: { call: w }, y: { call: w } } } }
                """)
            .fail("a")
            .succeed("r.x");
    assertEquals(RunStatus.PARTIALLY_SUCCEEDED, play.run());
    failed(play);
    assertEquals(List.of("a"), play.claimed());
    assertEquals(StepStatus.PENDING, play.status("r.x"));
    play.succeed("a");
    assertEquals(List.of("r.x", "r.y"), play.claimed());
    play.succeed("r.y");
    assertEquals("r.y", play.output("r"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void deep_inside_structures_only_what_failed_runs_again() {
    Play play =
        Play.of(
                """
                steps:
                  s:
                    sequence:
                      steps:
                        one: { call: w }
                        two:
                          forEach: "${{ ['x', 'y'] }}"
                          key: "${{ item }}"
                          parallel: { steps: { p: { call: w }, q: { call: w } } }
                        three: { call: w }
                """)
            .succeed("s.one", "s.two[x].p", "s.two[x].q", "s.two[y].p")
            .fail("s.two[y].q");
    failed(play);
    assertEquals(List.of("s.two[y].q"), play.claimed());
    play.succeed("s.two[y].q");
    assertEquals(List.of("s.three"), play.claimed());
    play.succeed("s.three");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals(
        List.of(List.of("s.two[x].p", "s.two[x].q"), List.of("s.two[y].p", "s.two[y].q")),
        play.output("s.two"));
  }

  @Test
  void from_a_step_inside_a_structure_its_siblings_are_kept_and_all_behind_runs_again() {
    Play play =
        Play.of(
                """
                steps:
                  g: { parallel: { steps: { a: { call: w }, b: { call: w } } } }
                  after: { call: w, needs: g }
                """)
            .succeed("g.a", "g.b", "after");
    from(play, "g.b");
    assertEquals(List.of("g.b"), play.claimed());
    assertEquals(StepStatus.PENDING, play.status("after"));
    play.succeed("g.b");
    assertEquals(List.of("after"), play.claimed());
    play.succeed("after");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_step_skipped_by_its_condition_stays_skipped_unless_it_is_downstream() {
    Play play =
        Play.of(
                """
                steps:
                  off: { call: w, when: "${{ false }}" }
                  a: { call: w }
                  maybe: { call: w, needs: a, when: "${{ steps.a.output == 'go' }}" }
                  b: { call: w, needs: a }
                """)
            .succeed("a")
            .fail("b");
    failed(play);
    assertEquals(StepStatus.SKIPPED, play.status("maybe"));
    play.fail("b");
    from(play, "a");
    play.yield("a", "go");
    assertEquals(List.of("b", "maybe"), play.claimed());
    assertEquals(StepStatus.SKIPPED, play.status("off"));
  }

  @Test
  void a_step_that_any_of_several_needs_releases_runs_once_more() {
    Play play =
        Play.of(
                """
                steps:
                  a: { call: w }
                  b: { call: w }
                  any: { call: w, needs: [a, b], join: any }
                """)
            .succeed("a", "b")
            .fail("any");
    failed(play);
    assertEquals(List.of("any"), play.claimed());
    play.succeed("any");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_run_can_be_rerun_again_and_again() {
    Play play = Play.of("timeout: 1h\n" + CHAIN).succeed("build", "lint");
    for (int attempt = 2; attempt < 7; attempt++) {
      play.fail("test");
      assertEquals(RunStatus.FAILED, play.run());
      failed(play);
      assertEquals(attempt, play.state.run().facts().attempt());
      assertEquals(attempt, play.row("test").attempt());
      assertTrue(play.timers.containsKey("RUN "));
    }
    play.succeed("test", "deploy");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_timed_out_or_aborted_run_goes_on_where_it_was() {
    Play play = Play.of("onFailure: abort\ntimeout: 1h\n" + CHAIN).succeed("build");
    play.due(TimerKind.RUN, "");
    assertEquals(RunStatus.TIMED_OUT, play.run());
    failed(play);
    assertEquals(List.of("lint", "test"), play.claimed());
    play.fail("test");
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals(StepStatus.ABORTED, play.status("lint"));
    failed(play);
    assertEquals(List.of("lint", "test"), play.claimed());
    play.succeed("lint", "test", "deploy");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_group_that_failed_by_its_own_rule_begins_anew() {
    Play play =
        Play.of(
            """
            steps:
              g:
                parallel:
                  steps: { a: { call: w }, b: { call: w } }
                  success: "${{ steps.a.output == 'yes' }}"
            """);
    play.succeed("g.a", "g.b");
    assertEquals(RunStatus.FAILED, play.run());
    failed(play);
    assertEquals(List.of("g.a", "g.b"), play.claimed());
    play.yield("g.a", "yes").succeed("g.b");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void the_retries_of_a_step_count_anew() {
    Play play = Play.of("steps:\n  a: { call: w, retry: { attempts: 2 } }\n").fail("a").fail("a");
    assertEquals(RunStatus.FAILED, play.run());
    failed(play);
    play.fail("a");
    assertEquals(RunStatus.RUNNING, play.run());
    play.succeed("a");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals(4, play.row("a").attempt());
  }

  @Test
  void the_event_log_says_who_went_on_from_where() {
    Play play = Play.of(CHAIN).fail("build");
    from(play, "build");
    Map<String, Object> note = play.last.notes().getFirst();
    assertEquals(Map.of("type", "run.rerun", "attempt", 2L, "from", "build", "by", "ann"), note);
  }

  @Test
  void a_failure_tolerated_inside_a_structure_that_is_kept_still_counts_for_the_outcome() {
    Play play =
        Play.of(
            """
            steps:
              g:
                sequence:
                  steps: { a: { call: w, onFailure: { tolerate: true } }, b: { call: w } }
              next: { call: w }
            """);
    play.fail("g.a").succeed("g.b").fail("next");
    failed(play);
    assertEquals(List.of("next"), play.claimed());
    play.succeed("next");
    assertEquals(RunStatus.PARTIALLY_SUCCEEDED, play.run());
  }

  @Test
  void a_switch_that_a_later_attempt_did_not_come_to_chooses_its_case_when_it_does() {
    Play play =
        Play.of(
            """
            steps:
              g:
                parallel:
                  maxParallel: 1
                  steps:
                    a: { call: w }
                    s:
                      switch:
                        - when: "${{ true }}"
                          steps: { x: { call: w } }
            """);
    play.succeed("g.a", "g.s.case1.x");
    start(play);
    play.cancel();
    assertEquals(StepStatus.NOT_RUN, play.status("g.s"));
    failed(play);
    play.succeed("g.a");
    assertEquals(List.of("g.s.case1.x"), play.claimed());
    play.succeed("g.s.case1.x");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void what_an_earlier_try_of_a_group_has_left_in_one_not_come_to_again_is_not_kept() {
    Play play =
        Play.of(
            """
            steps:
              g:
                retry: { attempts: 2 }
                parallel:
                  maxParallel: 1
                  steps:
                    a: { call: w }
                    h: { sequence: { steps: { b: { call: w }, c: { call: w } } } }
            """);
    play.succeed("g.a", "g.h.b").fail("g.h.c");
    assertEquals(List.of("g.a"), play.claimed());
    play.cancel();
    assertEquals(StepStatus.NOT_RUN, play.status("g.h"));
    failed(play);
    play.succeed("g.a");
    assertEquals(List.of("g.h.b"), play.claimed());
  }

  @Test
  void from_a_step_of_an_older_turn_a_loop_that_was_stopped_begins_anew() {
    Play play =
        Play.of(
            "steps:\n  l: { loop: { while: \"${{ iteration < 3 }}\", limit: 5,"
                + " steps: { a: { call: w } } } }\n");
    play.succeed("l[0].a").cancel();
    from(play, "l[0].a");
    assertEquals(List.of("l[0].a"), play.claimed());
  }
}
