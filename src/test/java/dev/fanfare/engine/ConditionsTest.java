package dev.fanfare.engine;

import static dev.fanfare.definition.StepStatus.ABORTED;
import static dev.fanfare.definition.StepStatus.DISPATCHED;
import static dev.fanfare.definition.StepStatus.FAILED;
import static dev.fanfare.definition.StepStatus.NOT_RUN;
import static dev.fanfare.definition.StepStatus.PENDING;
import static dev.fanfare.definition.StepStatus.SUCCEEDED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.GraphCompiler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Steps that a condition releases: {@code join: when}. */
class ConditionsTest {

  private static String when(String name, String condition) {
    return "  " + name + ": { call: w, join: when, when: \"${{ " + condition + " }}\" }\n";
  }

  private static final String TOLERATED = ", onFailure: { tolerate: true, status: failed } }\n";

  private static List<String> findings(String yaml) {
    byte[] text = ("name: t\n" + yaml).getBytes(StandardCharsets.UTF_8);
    return GraphCompiler.compile(
            Dialects.read(text, "t.yaml", Optional.of("fanfare")).workflow().orElseThrow(),
            CompileInputs.NONE)
        .diagnostics()
        .stream()
        .map(Diagnostic::code)
        .toList();
  }

  @Test
  void it_starts_as_soon_as_its_condition_holds_and_not_before() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w"
                + TOLERATED
                + "  b: { call: w }\n"
                + when("clear", "steps.a.status == 'failed' || steps.b.status == 'failed'"));
    assertEquals(PENDING, play.status("clear"));
    assertEquals("awaiting_condition", play.reason("clear"));
    play.fail("a");
    assertEquals(DISPATCHED, play.status("clear"));
    assertEquals("a", play.row("clear").releasedBy());
    play.succeed("clear", "b");
    assertEquals(RunStatus.PARTIALLY_SUCCEEDED, play.run());
  }

  @Test
  void one_whose_condition_can_no_longer_hold_does_not_run_and_what_needs_it_neither() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\n  long: { call: w }\n"
                + when("clear", "steps.a.status == 'failed'")
                + "  after: { needs: clear, call: w }\n");
    play.succeed("a");
    assertEquals(NOT_RUN, play.status("clear"));
    assertEquals("never_elected", play.reason("clear"));
    assertEquals(NOT_RUN, play.status("after"));
    assertEquals(RunStatus.RUNNING, play.run());
    play.succeed("long");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_step_that_is_at_work_or_waits_releases_it_too() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\n  b: { sleep: 1h }\n"
                + when("beside", "steps.a.status == 'running'")
                + when("asleep", "steps.b.status == 'waiting'"));
    assertEquals(PENDING, play.status("beside"));
    assertEquals(DISPATCHED, play.status("asleep"));
    play.begin("a");
    assertEquals(DISPATCHED, play.status("beside"));
  }

  @Test
  void a_status_that_lasts_for_no_time_releases_it_all_the_same() {
    Play play =
        Play.of("steps:\n  a: { call: w }\n" + when("beside", "steps.a.status == 'running'"));
    play.succeed("a");
    assertEquals(DISPATCHED, play.status("beside"));
  }

  @Test
  void every_condition_is_asked_before_anything_starts() {
    Play play = Play.of("steps:\n  a: { call: w }\n" + when("with", "steps.a.status == 'pending'"));
    assertEquals(DISPATCHED, play.status("with"));
    assertEquals(List.of("a", "with"), play.claimed());
  }

  @Test
  void one_that_reads_nothing_is_asked_once() {
    Play play =
        Play.of("steps:\n" + when("yes", "1 < 2") + when("no", "1 > 2") + "  a: { call: w }\n");
    assertEquals(DISPATCHED, play.status("yes"));
    assertEquals(NOT_RUN, play.status("no"));
  }

  @Test
  void steps_may_read_each_other() {
    String both =
        when("a", "steps.b.status == 'succeeded' || steps.go.status == 'succeeded'")
            + when("b", "steps.a.status == 'succeeded'");
    Play play = Play.of("steps:\n" + both + "  go: { call: w }\n");
    play.succeed("go", "a", "b");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    Play stuck = Play.of("steps:\n" + both + "  go: { call: w" + TOLERATED).fail("go");
    assertEquals(NOT_RUN, stuck.status("a"));
    assertEquals(NOT_RUN, stuck.status("b"));
    assertEquals("never_elected", stuck.reason("b"));
    assertEquals(RunStatus.FAILED, stuck.run(), "nothing succeeded");
  }

  @Test
  void one_that_is_given_up_can_release_another() {
    Play play =
        Play.of(
            "steps:\n"
                + when("last", "steps.first.status == 'not_run'")
                + when("first", "steps.other.status == 'succeeded'")
                + when("other", "steps.first.status == 'succeeded'"));
    assertEquals(DISPATCHED, play.status("last"));
    assertEquals(NOT_RUN, play.status("first"));
    play.succeed("last");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void in_a_circle_the_one_that_is_written_first_is_given_up_first() {
    Play play =
        Play.of(
            "steps:\n"
                + when("a", "steps.b.status == 'not_run'")
                + when("b", "steps.a.status == 'not_run'"));
    assertEquals(NOT_RUN, play.status("a"));
    assertEquals(DISPATCHED, play.status("b"));
  }

  @Test
  void it_runs_once_however_often_its_condition_holds() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\n  b: { call: w }\n"
                + when("any", "steps.a.status == 'succeeded' || steps.b.status == 'succeeded'"));
    play.succeed("a", "any", "b");
    assertEquals(1, play.row("any").attempt());
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void it_reads_the_state_of_the_run() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\n  b: { call: w }\n"
                + when("clear", "run.status == 'failing'"));
    play.fail("a");
    assertEquals(DISPATCHED, play.status("clear"));
    play.succeed("b", "clear");
    assertEquals(RunStatus.FAILED, play.run());
    Play good = Play.of("steps:\n  a: { call: w }\n" + when("clear", "run.status == 'failing'"));
    good.succeed("a");
    assertEquals(NOT_RUN, good.status("clear"));
    assertEquals(RunStatus.SUCCEEDED, good.run());
    Play idle =
        Play.of("steps:\n  a: { sleep: 1h }\n" + when("meanwhile", "run.status == 'waiting'"));
    assertEquals(DISPATCHED, idle.status("meanwhile"));
    assertEquals(RunStatus.RUNNING, idle.run());
  }

  @Test
  void an_output_that_is_not_there_yet_is_null_and_no_error() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\n  b: { call: w }\n"
                + when("big", "steps.a.output.size > 3")
                + when("none", "steps.a.output == null"));
    assertEquals(PENDING, play.status("big"));
    assertEquals(DISPATCHED, play.status("none"));
    play.yield("a", java.util.Map.of("size", 4L));
    assertEquals(DISPATCHED, play.status("big"));
    Play wrong =
        Play.of(
            "steps:\n  a: { call: w }\n  b: { call: w }\n" + when("x", "steps.a.output.size > 3"));
    wrong.yield("a", "text");
    assertEquals(FAILED, wrong.status("x"));
    assertEquals(RunStatus.FAILING, wrong.run());
  }

  @Test
  void a_condition_that_is_wrong_in_itself_fails_the_step_at_once() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\n"
                + when("x", "run.nothing.at == 1 && steps.a.status != ''"));
    assertEquals(FAILED, play.status("x"));
  }

  @Test
  void what_the_step_reads_for_its_work_orders_nothing() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\n  b: { call: w }\n"
                + "  x: { call: { bean: w, with: { of: \"${{ steps.b.output }}\" } }, join: when,"
                + " when: \"${{ steps.a.status == 'succeeded' }}\" }\n");
    play.succeed("a");
    assertEquals(DISPATCHED, play.status("x"));
  }

  @Test
  void a_failure_that_aborts_the_run_lets_no_condition_hold() {
    Play play =
        Play.of(
            "onFailure: abort\nsteps:\n  a: { call: w }\n  b: { call: w }\n"
                + when("clear", "steps.a.status == 'failed'"));
    play.begin("b").fail("a");
    assertEquals(NOT_RUN, play.status("clear"));
    assertEquals("run_aborted", play.reason("clear"));
    assertEquals(ABORTED, play.status("b"));
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void inside_a_group_it_reads_what_is_beside_it_and_what_is_around() {
    String group =
        "  g: { parallel: { steps: {\n"
            + "    x: { call: w },\n"
            + "    y: { call: w, join: when, when: \"${{ steps.x.status == 'succeeded' }}\" },\n"
            + "    z: { call: w, join: when, when: \"${{ steps.a.status == 'succeeded' }}\" } } }"
            + " }\n";
    Play play = Play.of("steps:\n  a: { call: w }\n" + group + "  end: { needs: g, call: w }\n");
    play.begin("g.x");
    assertEquals(List.of("a", "g.x"), play.claimed());
    play.succeed("g.x");
    assertEquals(List.of("a", "g.y"), play.claimed());
    play.succeed("g.y", "a", "g.z", "end");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    Play never = Play.of("steps:\n  a: { call: w" + TOLERATED + group).succeed("g.x", "g.y");
    assertEquals(PENDING, never.status("g.z"));
    never.fail("a");
    assertEquals(NOT_RUN, never.status("g.z"));
    assertEquals(SUCCEEDED, never.status("g"));
    assertEquals(RunStatus.PARTIALLY_SUCCEEDED, never.run());
  }

  @Test
  void it_reads_a_step_inside_a_group_while_the_group_is_open() {
    Play play =
        Play.of(
            "steps:\n  g: { parallel: { steps: { x: { call: w }, y: { call: w } } } }\n"
                + when("now", "steps['g.x'].status == 'succeeded'")
                + when("never", "steps['g.x'].status == 'failed'"));
    play.succeed("g.x");
    assertEquals(DISPATCHED, play.status("now"));
    assertEquals(PENDING, play.status("never"), "the group may begin anew");
    play.succeed("g.y");
    assertEquals(NOT_RUN, play.status("never"));
  }

  @Test
  void each_instance_of_a_list_asks_for_itself() {
    Play play =
        Play.of(
            "steps:\n"
                + "  a: { call: w }\n"
                + "  all:\n"
                + "    forEach: [1, 2]\n"
                + "    parallel: { steps: {\n"
                + "      x: { call: w },\n"
                + "      y: { call: w, join: when, when: \"${{ steps.x.status == 'succeeded' }}\""
                + " },\n"
                + "      z: { call: w, join: when, when: \"${{ steps.a.status == 'succeeded' }}\" }"
                + " } }\n");
    play.succeed("all[1].x");
    assertEquals(List.of("a", "all[0].x", "all[1].y"), play.claimed());
    play.succeed("a");
    assertEquals(List.of("all[0].x", "all[0].z", "all[1].y", "all[1].z"), play.claimed());
  }

  @Test
  void a_group_that_is_retried_asks_again() {
    Play play =
        Play.of(
            "steps:\n"
                + "  g:\n"
                + "    retry: 2\n"
                + "    parallel: { steps: {\n"
                + "      y: { call: w, join: when, when: \"${{ steps.x.status == 'succeeded' }}\""
                + " },\n"
                + "      x: { call: w } } }\n");
    play.succeed("g.x").fail("g.y");
    assertEquals(PENDING, play.status("g.y"));
    assertEquals(List.of("g.x"), play.claimed());
    play.succeed("g.x", "g.y");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_rerun_asks_again_what_reads_something_that_begins_anew() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\n  b: { call: w }\n"
                + when("alarm", "steps.a.status == 'failed'")
                + when("report", "steps.b.status == 'succeeded'")
                + when("any", "run.status == 'failing'"));
    play.succeed("b", "report").fail("a").succeed("alarm", "any");
    assertEquals(RunStatus.FAILED, play.run());
    play.event(new Event.Rerun(new Event.From.Failed(), "ann"));
    assertEquals(List.of("a"), play.claimed());
    assertEquals(SUCCEEDED, play.status("report"));
    play.succeed("a");
    assertEquals(NOT_RUN, play.status("alarm"));
    assertEquals(NOT_RUN, play.status("any"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
    play.event(new Event.Rerun(new Event.From.Of("b"), "ann"));
    play.succeed("b", "report");
    assertEquals(2, play.row("report").attempt());
  }

  @Test
  void a_computed_name_is_followed_for_steps_at_the_top() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w"
                + TOLERATED
                + "  b: { call: w"
                + TOLERATED
                + when("clear", "['a', 'b'].exists(s, steps[s].status == 'failed')"));
    play.succeed("a").fail("b");
    assertEquals(DISPATCHED, play.status("clear"));
  }

  @Test
  void a_step_inside_that_waits_does_not_hold_up_the_group_it_is_in() {
    Play play =
        Play.of(
            "steps:\n"
                + "  before: { call: w }\n"
                + "  g: { parallel: { steps: {\n"
                + "    z: { call: w, join: when, when: \"${{ steps.before.status == 'succeeded'"
                + " }}\", env: { A: \"${{ steps.before.output }}\" } },\n"
                + "    y: { call: w } } } }\n");
    assertEquals(List.of("before", "g.y"), play.claimed());
  }

  @Test
  void a_hook_of_the_run_may_have_such_steps_inside() {
    Play play =
        Play.of(
            "hooks: { always: { parallel: { steps: {\n"
                + "    x: { call: w },\n"
                + "    y: { call: w, join: when, when: \"${{ steps.x.status == 'failed' }}\" } } }"
                + " } }\n"
                + "steps:\n"
                + "  a: { call: w }\n");
    play.succeed("a", ":always.x");
    assertEquals(NOT_RUN, play.status(":always.y"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_branch_of_a_race_that_never_starts_wins_nothing() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\n  r: { race: { steps: {\n"
                + "    x: { call: w, join: when, when: \"${{ steps.a.status == 'failed' }}\" },\n"
                + "    y: { call: w } } } }\n");
    play.succeed("a");
    assertEquals(NOT_RUN, play.status("r.x"));
    play.succeed("r.y");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_condition_leaves_no_use_for_needs_or_written_order() {
    assertEquals(List.of("missing-key"), findings("steps:\n  a: { call: w, join: when }\n"));
    assertEquals(
        List.of("contradiction"),
        findings("steps:\n  b: { call: w }\n  a: { call: w, join: when, needs: b, when: true }\n"));
    assertEquals(
        List.of("contradiction"), findings("order: sequence\nsteps:\n" + when("a", "1 < 2")));
    assertEquals(
        List.of("missing-key"),
        findings(
            "steps:\n  a: { forEach: [1], call: w, join: when, when: \"${{ item > 1 }}\" }\n"));
    assertTrue(findings("steps:\n" + when("a", "steps.b.status == ''")).contains("unknown-step"));
    assertTrue(findings("steps:\n" + when("a", "steps.a.status == ''")).contains("read-of-itself"));
  }
}
