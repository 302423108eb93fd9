package dev.fanfare.engine;

import static dev.fanfare.definition.StepStatus.DISPATCHED;
import static dev.fanfare.definition.StepStatus.FAILED;
import static dev.fanfare.definition.StepStatus.PENDING;
import static dev.fanfare.definition.StepStatus.SKIPPED;
import static dev.fanfare.definition.StepStatus.SUCCEEDED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.fanfare.definition.RunStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class SwitchesTest {

  private static Play route(String kind, String more) {
    return Play.of(
            "steps:\n"
                + "  kind: { call: w }\n"
                + "  route:\n"
                + "    switch:\n"
                + "      - { when: \"${{ steps.kind.output > 5 }}\", steps: { big: { call: w } }"
                + " }\n"
                + "      - { when: \"${{ steps.kind.output > 1 }}\", steps: { some: { call: w } }"
                + " }\n"
                + more)
        .yield("kind", Long.valueOf(kind));
  }

  private static final String ELSE = "      - else: { none: { call: w } }\n";

  @Test
  void the_first_case_that_matches_runs_and_no_other() {
    Play play = route("7", ELSE);
    assertEquals(List.of("route.case1.big"), play.claimed());
    assertEquals(SKIPPED, play.status("route.case2"));
    assertEquals("case_not_taken", play.reason("route.case2"));
    assertEquals(SKIPPED, play.status("route.else"));
    assertEquals(PENDING, play.status("route.case2.some"));
    play.succeed("route.case1.big");
    assertEquals(SUCCEEDED, play.status("route"));
    assertEquals("route.case1.big", play.output("route"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void else_runs_where_nothing_matches() {
    Play play = route("0", ELSE).succeed("route.else.none");
    assertEquals("route.else.none", play.output("route"));
    assertEquals(SKIPPED, play.status("route.case1"));
  }

  @Test
  void a_switch_without_a_match_and_without_else_succeeds_with_nothing() {
    Play play = route("0", "");
    assertEquals(SUCCEEDED, play.status("route"));
    assertEquals("no_case_matched", play.reason("route"));
    assertNull(play.output("route"));
    assertEquals(List.of(), route("0", "    all: true\n").output("route"));
  }

  @Test
  void all_runs_every_case_that_matches_together_and_yields_a_list_in_written_order() {
    Play play = route("7", ELSE + "    all: true\n");
    assertEquals(List.of("route.case1.big", "route.case2.some"), play.claimed());
    assertEquals(SKIPPED, play.status("route.else"));
    play.succeed("route.case2.some", "route.case1.big");
    assertEquals(List.of("route.case1.big", "route.case2.some"), play.output("route"));
    Play none = route("0", ELSE + "    all: true\n").succeed("route.else.none");
    assertEquals(List.of("route.else.none"), none.output("route"));
  }

  @Test
  void a_failed_case_fails_the_switch() {
    Play play = route("7", ELSE).fail("route.case1.big");
    assertEquals(FAILED, play.status("route"));
    assertEquals("children_failed", play.error("route"));
  }

  @Test
  void
      a_condition_that_cannot_be_evaluated_fails_the_switch_and_those_behind_a_match_are_not_asked() {
    String wrong =
        "steps:\n  r:\n    switch:\n"
            + "      - { when: %s, steps: { a: { call: w } } }\n"
            + "      - { when: \"${{ run.nothing.at }}\", steps: { b: { call: w } } }\n";
    Play failed = Play.of(wrong.formatted("false"));
    assertEquals(FAILED, failed.status("r"));
    assertEquals(RunStatus.FAILED, failed.run());
    Play matched = Play.of(wrong.formatted("true"));
    assertEquals(DISPATCHED, matched.status("r.case1.a"));
  }

  @Test
  void the_cases_are_chosen_anew_when_the_switch_is_retried() {
    Play play =
        Play.of(
            """
            steps:
              flag: { call: w }
              r:
                needs: { step: flag, on: running }
                retry: { attempts: 2, delay: 1s }
                switch:
                  - { when: "${{ steps.flag.status == 'running' }}", steps: { early: { call: w } } }
                  - else: { late: { call: w } }
            """);
    play.begin("flag").begin("r.case1.early").succeed("flag").fail("r.case1.early");
    play.due(TimerKind.RETRY, "r");
    assertEquals(List.of("r.else.late"), play.claimed());
    assertEquals(SKIPPED, play.status("r.case1"));
    play.succeed("r.else.late");
    assertEquals("r.else.late", play.output("r"));
  }

  @Test
  void a_case_that_is_taken_does_not_ask_its_condition_again() {
    Play play =
        Play.of(
            """
            steps:
              flag: { call: w }
              r:
                needs: { step: flag, on: running }
                parallel:
                  maxParallel: 1
                  steps:
                    first: { call: w }
                    then:
                      switch:
                        - { when: "${{ steps.flag.status == 'running' }}", steps: { a: { call: w } } }
            """);
    play.begin("flag")
        .events(
            List.of(
                play.report("r.first", dev.fanfare.definition.Outcome.Succeeded.of(1L)),
                play.report("flag", dev.fanfare.definition.Outcome.Succeeded.of(1L))));
    assertEquals(DISPATCHED, play.status("r.then.case1.a"));
  }

  @Test
  void the_cases_of_a_cancelled_switch_end_and_the_others_stay_skipped() {
    Play play = route("7", ELSE).begin("route.case1.big").cancel();
    assertEquals("cancelled", play.status("route.case1.big").id());
    assertEquals("case_not_taken", play.reason("route.else"));
  }

  @Test
  void a_rerun_goes_on_in_the_case_that_was_taken() {
    Play play =
        Play.of(
            """
            steps:
              r:
                switch:
                  - { when: true, steps: { a: { call: w }, b: { call: w, needs: a } } }
                  - else: { c: { call: w } }
            """);
    play.succeed("r.case1.a").fail("r.case1.b");
    play.event(new Event.Rerun(new Event.From.Failed(), "ann"));
    assertEquals(List.of("r.case1.b"), play.claimed());
    assertEquals("case_not_taken", play.reason("r.else"));
    play.succeed("r.case1.b");
    assertEquals("r.case1.b", play.output("r"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_rerun_from_a_step_of_a_case_that_was_not_taken_does_not_take_it() {
    Play play = route("7", ELSE).succeed("route.case1.big");
    play.event(new Event.Rerun(new Event.From.Of("route.else.none"), "ann"));
    assertEquals(SKIPPED, play.status("route.else"));
    assertEquals("route.case1.big", play.output("route"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }
}
