package dev.fanfare.engine;

import static dev.fanfare.definition.StepStatus.ABORTED;
import static dev.fanfare.definition.StepStatus.CANCELLED;
import static dev.fanfare.definition.StepStatus.DISCARDED;
import static dev.fanfare.definition.StepStatus.DISPATCHED;
import static dev.fanfare.definition.StepStatus.FAILED;
import static dev.fanfare.definition.StepStatus.NOT_RUN;
import static dev.fanfare.definition.StepStatus.PENDING;
import static dev.fanfare.definition.StepStatus.RETRYING;
import static dev.fanfare.definition.StepStatus.RUNNING;
import static dev.fanfare.definition.StepStatus.SKIPPED;
import static dev.fanfare.definition.StepStatus.SUCCEEDED;
import static dev.fanfare.definition.StepStatus.TIMED_OUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.RunStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoopsTest {

  private static final String UNTIL_DONE = "until: \"${{ steps.check.output == 'done' }}\"";

  private static Play poll(String rules) {
    return Play.of(
        "steps:\n  poll:\n    loop:\n      steps:\n        check: { call: w }\n" + rules.indent(6));
  }

  private static Play around(String rules, String step) {
    return Play.of(
        "steps:\n  poll:\n"
            + step.indent(4)
            + "    loop:\n      steps:\n        check: { call: w }\n"
            + rules.indent(6));
  }

  private static Map<String, @Nullable Object> output(long iterations, @Nullable Object last) {
    Map<String, @Nullable Object> output = new LinkedHashMap<>();
    output.put("iterations", iterations);
    output.put("last", last);
    return output;
  }

  @Test
  void turns_follow_each_other_until_the_condition_holds() {
    Play play = poll(UNTIL_DONE);
    assertEquals(List.of("poll[0].check"), play.claimed());
    play.yield("poll[0].check", "not yet");
    assertEquals(List.of("poll[1].check"), play.claimed());
    assertEquals(SUCCEEDED, play.status("poll[0]"));
    play.yield("poll[1].check", "done");
    assertEquals(SUCCEEDED, play.status("poll"));
    assertEquals(output(2, "done"), play.output("poll"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void until_is_asked_after_the_first_turn_and_while_before_it() {
    Play until = poll("until: true");
    until.succeed("poll[0].check");
    assertEquals(output(1, "poll[0].check"), until.output("poll"));
    Play none = poll("while: false");
    assertEquals(SUCCEEDED, none.status("poll"));
    assertEquals(output(0, null), none.output("poll"));
    assertEquals(List.of(), none.started());
  }

  @Test
  void while_sees_the_steps_of_the_turn_before_and_nothing_before_the_first() {
    Play play = poll("while: \"${{ steps.check.output == null || steps.check.output < 2 }}\"");
    play.yield("poll[0].check", 1L);
    assertEquals(DISPATCHED, play.status("poll[1].check"));
    play.yield("poll[1].check", 2L);
    assertEquals(output(2, 2L), play.output("poll"));
  }

  @Test
  void the_number_of_the_turn_and_what_the_last_one_yielded_can_be_read() {
    Play play =
        Play.of(
            "steps:\n"
                + "  start: { call: w }\n"
                + "  sum:\n"
                + "    needs: start\n"
                + "    loop:\n"
                + "      while: \"${{ iteration < 4 && (last == null || last < 100) }}\"\n"
                + "      steps:\n"
                + "        before: { pass: { output: \"${{ last == null ? 0 : last }}\" } }\n"
                + "        add: { pass: { output: \"${{ steps.before.output + iteration }}\" } }\n"
                + "outputs: { sum: \"${{ steps.sum.output.last }}\" }\n");
    play.succeed("start");
    assertEquals(output(4, 6L), play.output("sum"));
    assertEquals(Map.of("sum", 6L), play.state.run().outputs());
  }

  @Test
  void the_names_of_a_turn_are_known_to_everything_inside_it() {
    Play play =
        Play.of(
            """
            steps:
              start: { call: w }
              outer:
                needs: start
                loop:
                  until: "${{ iteration == 1 }}"
                  steps:
                    each:
                      forEach: "${{ [10, 20] }}"
                      loop:
                        until: "${{ iteration == 1 && last > 0 }}"
                        steps:
                          add: { pass: { output: "${{ item + iteration + (last == null ? 0 : last) }}" } }
                    sum:
                      pass:
                        output: "${{ [iteration, steps.each.output[0].last, steps.each.output[1].last] }}"
            """);
    play.succeed("start");
    assertEquals(output(2, List.of(1L, 21L, 41L)), play.output("outer"));
    assertEquals(21L, play.output("outer[1].each[0][1].add"));
  }

  @Test
  void steps_of_a_turn_run_in_written_order_and_a_skipped_one_does_not_stop_it() {
    Play play =
        Play.of(
            """
            steps:
              l:
                loop:
                  until: "${{ iteration == 1 }}"
                  steps:
                    a: { call: w }
                    b: { call: w, when: "${{ iteration == 1 }}" }
                    c: { call: w }
            """);
    play.succeed("l[0].a");
    assertEquals(SKIPPED, play.status("l[0].b"));
    play.succeed("l[0].c", "l[1].a");
    assertEquals(List.of("l[1].b"), play.claimed());
    play.succeed("l[1].b", "l[1].c");
    assertEquals(SUCCEEDED, play.status("l"));
  }

  @Test
  void a_loop_that_reaches_its_limit_fails() {
    Play until = poll("until: false\nlimit: 2").succeed("poll[0].check", "poll[1].check");
    assertEquals(FAILED, until.status("poll"));
    assertEquals("loop_limit", until.error("poll"));
    assertEquals(output(2, "poll[1].check"), until.output("poll"));
    Play still = poll("while: true\nlimit: 1").succeed("poll[0].check");
    assertEquals("loop_limit", still.error("poll"));
    Play ended = poll("while: \"${{ iteration < 2 }}\"\nlimit: 2");
    assertEquals(SUCCEEDED, ended.succeed("poll[0].check", "poll[1].check").status("poll"));
  }

  @Test
  void a_failed_turn_fails_the_loop_unless_its_step_is_tolerated() {
    Play play = poll(UNTIL_DONE).yield("poll[0].check", "no").fail("poll[1].check");
    assertEquals(FAILED, play.status("poll[1]"));
    assertEquals(FAILED, play.status("poll"));
    assertEquals("children_failed", play.error("poll"));
    assertEquals(2L, ((Map<?, ?>) play.output("poll")).get("iterations"));
    Play tolerated =
        Play.of(
            "steps:\n"
                + "  poll:\n"
                + "    loop:\n"
                + "      until: \"${{ steps.check.status == 'succeeded' }}\"\n"
                + "      steps:\n"
                + "        check: { call: w, onFailure: tolerate }\n");
    tolerated.fail("poll[0].check").succeed("poll[1].check");
    assertEquals(SUCCEEDED, tolerated.status("poll"));
  }

  @Test
  void a_condition_that_cannot_be_evaluated_fails_the_loop() {
    Play until = poll("until: \"${{ steps.check.output.none > 1 }}\"").succeed("poll[0].check");
    assertEquals(FAILED, until.status("poll"));
    assertEquals(RunStatus.FAILED, until.run());
    Play before = poll("while: \"${{ run.nothing.at }}\"");
    assertEquals(FAILED, before.status("poll"));
  }

  @Test
  void between_turns_a_loop_pauses_and_nothing_is_at_work() {
    Play play = poll(UNTIL_DONE + "\ndelay: 10s\nbackoff: exponential");
    play.yield("poll[0].check", "no");
    assertEquals(RUNNING, play.status("poll"));
    assertEquals("loop_pause", play.reason("poll"));
    assertEquals(RunStatus.WAITING, play.run());
    assertEquals(List.of(), play.claimed());
    assertEquals(Duration.ofSeconds(10), play.timers.get("PAUSE poll"));
    play.due(TimerKind.PAUSE, "poll");
    assertEquals(List.of("poll[1].check"), play.claimed());
    assertEquals("", play.reason("poll"));
    play.yield("poll[1].check", "no");
    assertEquals(Duration.ofSeconds(20), play.timers.get("PAUSE poll"));
    play.due(TimerKind.PAUSE, "poll").yield("poll[2].check", "done");
    assertEquals(SUCCEEDED, play.status("poll"));
    assertEquals(Map.of(), play.timers);
  }

  @Test
  void a_fixed_delay_may_be_longer_than_an_hour_and_a_growing_one_is_not() {
    Play fixed = poll(UNTIL_DONE + "\ndelay: 24h").yield("poll[0].check", "no");
    assertEquals(Duration.ofHours(24), fixed.timers.get("PAUSE poll"));
    Play linear = poll(UNTIL_DONE + "\ndelay: 50m\nbackoff: linear").yield("poll[0].check", "no");
    assertEquals(Duration.ofMinutes(50), linear.timers.get("PAUSE poll"));
    linear.due(TimerKind.PAUSE, "poll").yield("poll[1].check", "no");
    assertEquals(Duration.ofHours(1), linear.timers.get("PAUSE poll"));
  }

  @Test
  void a_pause_that_is_told_of_twice_does_not_shorten_the_next_one() {
    Play play = poll(UNTIL_DONE + "\ndelay: 10s").yield("poll[0].check", "no");
    int first = play.row("poll").losses();
    play.due(TimerKind.PAUSE, "poll");
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.PAUSE, "poll", first)));
    play.yield("poll[1].check", "no");
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.PAUSE, "poll", first)));
    assertEquals("loop_pause", play.reason("poll"));
    assertTrue(play.timers.containsKey("PAUSE poll"));
  }

  @Test
  void a_loop_that_pauses_can_be_cancelled() {
    Play play = poll(UNTIL_DONE + "\ndelay: 10s").yield("poll[0].check", "no").cancel();
    assertEquals(CANCELLED, play.status("poll"));
    assertEquals(SUCCEEDED, play.status("poll[0]"));
    assertEquals(RunStatus.CANCELLED, play.run());
    assertEquals(0, play.state.run().waiting());
  }

  @Test
  void the_time_of_a_loop_is_up_in_a_turn_or_in_a_pause() {
    Play turn = around(UNTIL_DONE, "timeout: 1m").begin("poll[0].check");
    turn.due(TimerKind.GROUP, "poll");
    assertEquals(TIMED_OUT, turn.status("poll"));
    assertEquals(ABORTED, turn.status("poll[0]"));
    assertEquals(List.of("poll[0].check"), turn.stopped());
    Play pause =
        around(UNTIL_DONE + "\ndelay: 10s", "timeout: { total: 1m }").yield("poll[0].check", "no");
    pause.due(TimerKind.TOTAL, "poll");
    assertEquals(TIMED_OUT, pause.status("poll"));
    assertEquals(0, pause.state.run().waiting());
    assertFalse(pause.timers.containsKey("PAUSE poll"));
  }

  @Test
  void a_loop_that_is_retried_begins_with_its_first_turn_and_forgets_those_of_before() {
    Play play =
        around(
            "until: \"${{ steps.check.output == 'done' }}\"\ndelay: 10s",
            "retry: { attempts: 2, delay: 1s }");
    play.yield("poll[0].check", "no").due(TimerKind.PAUSE, "poll");
    play.yield("poll[1].check", "no").due(TimerKind.PAUSE, "poll");
    play.fail("poll[2].check");
    assertEquals(RETRYING, play.status("poll"));
    play.due(TimerKind.RETRY, "poll");
    assertEquals(List.of("poll[0].check"), play.claimed());
    assertEquals(2, play.row("poll[0].check").attempt());
    assertEquals(PENDING.isTerminal(), play.status("poll[0]").isTerminal());
    play.yield("poll[0].check", "done");
    assertEquals(output(1, "done"), play.output("poll"));
    assertEquals(SUCCEEDED, play.status("poll"));
    assertEquals(FAILED, play.status("poll[2]"));
  }

  @Test
  void a_loop_in_its_second_attempt_sees_no_turn_of_the_first_before_its_own() {
    Play play =
        around(
            "while: \"${{ steps.check.status == 'pending' || iteration < 2 }}\"",
            "retry: { attempts: 2, delay: 1s }");
    play.succeed("poll[0].check").fail("poll[1].check").due(TimerKind.RETRY, "poll");
    assertEquals(List.of("poll[0].check"), play.claimed());
    play.succeed("poll[0].check", "poll[1].check");
    assertEquals(output(2, "poll[1].check"), play.output("poll"));
  }

  @Test
  void a_loop_that_loses_a_race_in_its_pause_is_discarded() {
    Play play =
        Play.of(
            """
            steps:
              r:
                race:
                  steps:
                    poll:
                      loop: { until: "${{ steps.look.output == 1 }}", delay: 1m, steps: { look: { call: w } } }
                    other: { call: w }
            """);
    play.yield("r.poll[0].look", 0L);
    assertEquals("loop_pause", play.reason("r.poll"));
    play.succeed("r.other");
    assertEquals(DISCARDED, play.status("r.poll"));
    assertEquals(SUCCEEDED, play.status("r"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertFalse(play.timers.containsKey("PAUSE r.poll"));
  }

  @Test
  void losers_that_a_race_inside_a_turn_lets_finish_are_stopped_with_the_loop() {
    Play play =
        Play.of(
            """
            steps:
              poll:
                timeout: 1m
                loop:
                  until: false
                  steps:
                    r:
                      race:
                        losers: finish
                        steps: { a: { call: w }, b: { call: w } }
            """);
    play.begin("poll[0].r.a", "poll[0].r.b").succeed("poll[0].r.a");
    assertEquals(RUNNING, play.status("poll[0].r.b"));
    play.begin("poll[1].r.a").due(TimerKind.GROUP, "poll");
    assertEquals(DISCARDED.isTerminal(), play.status("poll[0].r.b").isTerminal());
    assertTrue(play.stopped().contains("poll[0].r.b"));
    assertEquals(TIMED_OUT, play.status("poll"));
  }

  @Test
  void a_loop_without_work_goes_on_in_a_bounded_number_of_turns_a_decision() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\n  l:\n    needs: a\n    loop:\n"
                + "      while: \"${{ iteration < 5000 }}\"\n      limit: 10000\n"
                + "      steps: { no: { call: w, when: false } }\n");
    play.succeed("a");
    assertEquals(RUNNING, play.status("l"));
    assertTrue(play.row("l").cursor() <= 1_001, "turns: " + play.row("l").cursor());
    assertEquals(Duration.ZERO, play.timers.get("PAUSE l"));
    int decisions = 1;
    while (play.timers.containsKey("PAUSE l")) {
      play.due(TimerKind.PAUSE, "l");
      decisions++;
    }
    assertEquals(output(5_000, null), play.output("l"));
    assertTrue(decisions <= 6, "decisions: " + decisions);
  }

  @Test
  void a_loop_of_passes_hands_out_what_does_not_fit_into_one_decision() {
    String yaml =
        "steps:\n  a: { call: w }\n  l:\n    needs: a\n    loop:\n"
            + "      until: \"${{ iteration == 99 }}\"\n"
            + "      steps: { n: { pass: { output: \"${{ iteration }}\" } } }\n";
    Play play = Play.of(yaml).within(new Context(true, 10, 50));
    play.succeed("a");
    assertEquals(List.of("l[10].n"), play.claimed());
    Play outside = Play.withoutInline(yaml);
    outside.succeed("a");
    assertEquals(List.of("l[0].n"), outside.claimed());
    Play whole = Play.of(yaml).succeed("a");
    assertEquals(output(100, 99L), whole.output("l"));
  }

  @Test
  void a_turn_needs_no_rows_of_earlier_turns_but_that_of_the_one_before() {
    Play play = poll("until: \"${{ steps.check.output == 'done' && last != null }}\"\ndelay: 1s");
    for (int turn = 0; turn < 30; turn++) {
      play.yield("poll[" + turn + "].check", "no").due(TimerKind.PAUSE, "poll");
    }
    RunState partial = RunState.load(play.state.run(), List.of(), false);
    List<Event> events =
        List.of(play.report("poll[30].check", dev.fanfare.definition.Outcome.Succeeded.of("no")));
    List<String> asked = new java.util.ArrayList<>();
    while (Engine.decide(play.graph, partial, events, Context.REPORT)
        instanceof Reply.Needs needs) {
      asked.addAll(needs.paths());
      partial.add(
          needs.paths(),
          needs.paths().stream().flatMap(path -> play.state.step(path).stream()).toList());
    }
    assertEquals(List.of("poll", "poll[30]", "poll[30].check"), asked.stream().sorted().toList());
  }

  @Test
  void a_loop_that_aborts_the_run_stops_what_runs_beside_it() {
    Play play =
        Play.of(
            "onFailure: abort\nsteps:\n  other: { call: w }\n  poll:\n    loop:\n"
                + "      until: false\n      steps: { check: { call: w }, next: { call: w } }\n");
    play.begin("other").fail("poll[0].check");
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals(ABORTED, play.status("other"));
    assertEquals(NOT_RUN, play.status("poll[0].next"));
  }

  @Test
  void a_rerun_from_what_failed_goes_on_with_the_turn_that_failed() {
    Play play =
        Play.of(
            """
            steps:
              l:
                loop:
                  until: "${{ iteration == 1 }}"
                  delay: 1s
                  steps: { a: { call: w }, b: { call: w } }
            """);
    play.succeed("l[0].a", "l[0].b").due(TimerKind.PAUSE, "l").succeed("l[1].a").fail("l[1].b");
    play.event(new Event.Rerun(new Event.From.Failed(), "ann"));
    assertEquals(List.of("l[1].b"), play.claimed());
    assertEquals(1, play.row("l[1].a").attempt());
    play.succeed("l[1].b");
    assertEquals(output(2, "l[1].b"), play.output("l"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_rerun_of_a_loop_that_was_cancelled_in_its_pause_goes_on_after_the_last_turn() {
    Play play = poll(UNTIL_DONE + "\ndelay: 1s").yield("poll[0].check", "no").cancel();
    play.event(new Event.Rerun(new Event.From.Failed(), "ann"));
    assertEquals("loop_pause", play.reason("poll"));
    play.due(TimerKind.PAUSE, "poll").yield("poll[1].check", "done");
    assertEquals(output(2, "done"), play.output("poll"));
    assertEquals(1, play.row("poll[0].check").attempt());
  }

  @Test
  void a_rerun_of_a_loop_that_reached_its_limit_begins_with_its_first_turn() {
    Play play = poll(UNTIL_DONE + "\nlimit: 2").succeed("poll[0].check", "poll[1].check");
    play.event(new Event.Rerun(new Event.From.Failed(), "ann"));
    assertEquals(List.of("poll[0].check"), play.claimed());
    play.yield("poll[0].check", "done");
    assertEquals(output(1, "done"), play.output("poll"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_rerun_from_a_step_of_the_last_turn_runs_that_turn_on_and_from_an_older_one_all_of_them() {
    String yaml =
        "steps:\n  l: { loop: { until: \"${{ iteration == 1 }}\", steps: { a: { call: w }, b: {"
            + " call: w } } } }\n";
    Play last = Play.of(yaml).succeed("l[0].a", "l[0].b", "l[1].a", "l[1].b");
    last.event(new Event.Rerun(new Event.From.Of("l[1].b"), "ann"));
    assertEquals(List.of("l[1].b"), last.claimed());
    last.succeed("l[1].b");
    assertEquals(RunStatus.SUCCEEDED, last.run());
    Play old = Play.of(yaml).succeed("l[0].a", "l[0].b", "l[1].a", "l[1].b");
    old.event(new Event.Rerun(new Event.From.Of("l[0].b"), "ann"));
    assertEquals(List.of("l[0].a"), old.claimed());
  }
}
