package dev.fanfare.engine;

import static dev.fanfare.definition.StepStatus.ABORTED;
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
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.RunStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupsTest {

  private static Play parallel(String rules) {
    return Play.of(
        "steps:\n  g:\n    parallel:\n      steps:\n        a: { call: w }\n"
            + "        b: { call: w }\n        c: { call: w }\n"
            + rules.indent(6));
  }

  private static Play forEach(String list, String rules) {
    return Play.of("steps:\n  f: { forEach: " + list + ", call: w" + rules + " }\n");
  }

  @Test
  void children_start_together_and_their_outputs_stand_in_declaration_order() {
    Play play = parallel("");
    assertEquals(List.of("g.a", "g.b", "g.c"), play.claimed());
    play.succeed("g.c", "g.a", "g.b");
    assertEquals(List.of("g.a", "g.b", "g.c"), play.output("g"));
  }

  @Test
  void a_group_fails_when_all_its_children_have_ended_and_one_has_failed() {
    Play play = parallel("").fail("g.b").succeed("g.a");
    assertEquals(RUNNING, play.status("g"));
    play.succeed("g.c");
    assertEquals(FAILED, play.status("g"));
    assertEquals(Arrays.asList("g.a", null, "g.c"), play.output("g"));
  }

  @Test
  void only_some_children_may_decide_or_all_but_some() {
    assertEquals(
        SUCCEEDED,
        parallel("success: { only: [a] }").succeed("g.a").fail("g.b", "g.c").status("g"));
    assertEquals(
        FAILED, parallel("success: { only: [a] }").fail("g.a").succeed("g.b", "g.c").status("g"));
    assertEquals(
        SUCCEEDED,
        parallel("success: { ignore: [a] }").fail("g.a").succeed("g.b", "g.c").status("g"));
  }

  @Test
  void an_expression_may_decide_over_the_children() {
    String rule =
        "success: \"${{ steps.a.status == 'succeeded' || steps.b.status == 'succeeded' }}\"";
    assertEquals(SUCCEEDED, parallel(rule).fail("g.a", "g.c").succeed("g.b").status("g"));
    Play failed = parallel(rule).fail("g.a", "g.b").succeed("g.c");
    assertEquals(FAILED, failed.status("g"));
    assertEquals("success_condition", failed.error("g"));
  }

  @Test
  void a_group_never_has_more_children_in_progress_than_its_limit_and_keeps_their_order() {
    Play play = parallel("maxParallel: 1");
    assertEquals(List.of("g.a"), play.claimed());
    assertEquals(READY, play.status("g.b"));
    assertEquals("limit", play.reason("g.b"));
    play.fail("g.a");
    assertEquals(List.of("g.b"), play.claimed());
    play.succeed("g.b", "g.c");
    assertEquals(List.of("g.a", "g.b", "g.c"), play.started());
  }

  @Test
  void a_run_never_has_more_steps_at_work_than_its_limit_and_keeps_their_order() {
    Play play =
        Play.of(
            "maxParallel: 2\nsteps:\n  a: { call: w }\n  b: { call: w }\n  c: { call: w }\n"
                + "  d: { needs: a, call: w }\n");
    assertEquals(List.of("a", "b"), play.claimed());
    play.succeed("a");
    assertEquals(List.of("b", "c"), play.claimed());
    play.succeed("b");
    assertEquals(List.of("a", "b", "c", "d"), play.started());
  }

  @Test
  void a_retried_step_waits_its_turn_for_the_runs_slot() {
    Play play =
        Play.of(
            "maxParallel: 1\n"
                + "steps:\n"
                + "  a: { call: w, retry: { attempts: 2, delay: 1s } }\n"
                + "  b: { call: w }\n");
    play.fail("a");
    assertEquals(List.of("b"), play.claimed());
    play.due(TimerKind.RETRY, "a");
    assertEquals(READY, play.status("a"));
    play.succeed("b");
    assertEquals(List.of("a"), play.claimed());
  }

  @Test
  void a_sequence_goes_on_after_success_and_yields_its_last_output() {
    Play play =
        Play.of("steps:\n  s: { sequence: { steps: { a: { call: w }, b: { call: w } } } }\n");
    assertEquals(PENDING, play.status("s.b"));
    play.succeed("s.a", "s.b");
    assertEquals("s.b", play.output("s"));
    Play failed =
        Play.of("steps:\n  s: { sequence: { steps: { a: { call: w }, b: { call: w } } } }\n");
    failed.fail("s.a");
    assertEquals(NOT_RUN, failed.status("s.b"));
    assertEquals(FAILED, failed.status("s"));
  }

  @Test
  void a_group_whose_time_is_up_stops_what_runs_inside() {
    Play play = parallel("maxParallel: 2\ntimeout: 5s").begin("g.a").due(TimerKind.GROUP, "g");
    assertEquals(TIMED_OUT, play.status("g"));
    assertEquals(ABORTED, play.status("g.a"));
    assertEquals(NOT_RUN, play.status("g.c"));
    assertEquals(List.of("g.a"), play.stopped());
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void a_retried_group_runs_everything_inside_again() {
    Play play =
        Play.of(
            "steps:\n  s: { retry: { attempts: 2, delay: 1s },"
                + " sequence: { steps: { a: { call: w }, b: { call: w } } } }\n");
    play.succeed("s.a").fail("s.b");
    assertEquals(RETRYING, play.status("s"));
    play.due(TimerKind.RETRY, "s");
    assertEquals(2, play.row("s.a").attempt());
    assertEquals(PENDING, play.status("s.b"));
    assertEquals(Verdict.STALE, play.event(Play.report("s.a", 1, Outcome.Succeeded.of("old"))));
    assertEquals(Verdict.STALE, play.event(Play.report("s.b", 1, Outcome.Succeeded.of("old"))));
    play.succeed("s.a", "s.b");
    assertEquals(SUCCEEDED, play.status("s"));
  }

  @Test
  void a_retried_group_forgets_who_waited_for_a_slot_of_its_first_attempt() {
    Play play =
        Play.of(
            "steps:\n"
                + "  g: { retry: { attempts: 2, delay: 1s }, parallel: { maxParallel: 1, timeout:"
                + " 5s, steps: { a: { call: w }, b: { call: w }, c: { call: w } } } }\n");
    play.succeed("g.a").due(TimerKind.GROUP, "g").due(TimerKind.RETRY, "g");
    play.succeed("g.a", "g.b", "g.c");
    assertEquals(List.of("g.a", "g.b", "g.a", "g.b", "g.c"), play.started());
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_step_in_a_retried_group_gets_its_whole_total_limit_again() {
    Play play =
        Play.of(
            "steps:\n  s: { retry: { attempts: 2, delay: 1s },"
                + " sequence: { steps: { a: { call: w, timeout: { total: 9s } } } } }\n");
    play.fail("s.a").due(TimerKind.RETRY, "s");
    assertTrue(play.timers.containsKey("TOTAL s.a"));
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.TOTAL, "s.a", 1)));
    assertTrue(play.timers.containsKey("TOTAL s.a"));
    play.due(TimerKind.TOTAL, "s.a");
    assertEquals(TIMED_OUT, play.status("s.a"));
  }

  @Test
  void an_instance_of_each_item_yields_in_item_order() {
    Play play = forEach("\"${{ [10, 20, 30] }}\"", "");
    play.succeed("f[2]", "f[0]", "f[1]");
    assertEquals(List.of("f[0]", "f[1]", "f[2]"), play.output("f"));
  }

  @Test
  void an_empty_list_succeeds_with_an_empty_list() {
    Play play = forEach("[]", "");
    assertEquals(List.of(), play.output("f"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void what_is_no_list_fails_and_says_what_it_is() {
    Play play = forEach("\"${{ 'abc' }}\"", "");
    assertEquals(FAILED, play.status("f"));
    assertTrue(play.row("f").error().message().contains("the text 'abc'"));
  }

  @Test
  void equal_items_share_one_instance_and_its_output() {
    Play play = forEach("[x, y, x]", ", distinct: true");
    assertEquals(List.of("f[0]", "f[1]"), play.claimed());
    play.succeed("f[1]", "f[0]");
    assertEquals(List.of("f[0]", "f[1]", "f[0]"), play.output("f"));
  }

  @Test
  void a_key_names_an_instance_and_two_equal_keys_are_refused() {
    String key = ", key: \"${{ item.id }}\"";
    Play play = forEach("[{ id: east }, { id: west }]", key);
    assertEquals(List.of("f[east]", "f[west]"), play.claimed());
    Play twice = forEach("[{ id: east }, { id: east }]", key);
    assertEquals(FAILED, twice.status("f"));
    assertTrue(twice.row("f").error().message().contains("the same key 'east'"));
  }

  @Test
  void collect_says_what_an_instance_contributes() {
    Play play = forEach("[1, 2]", ", as: n, collect: \"${{ n * 10 + output }}\"");
    play.yield("f[1]", 5L).yield("f[0]", 3L);
    assertEquals(List.of(13L, 25L), play.output("f"));
  }

  @Test
  void all_instances_finish_before_a_failed_one_fails_the_step() {
    Play play = forEach("[1, 2]", "").fail("f[0]");
    assertEquals(RUNNING, play.status("f"));
    play.succeed("f[1]");
    assertEquals(FAILED, play.status("f"));
  }

  @Test
  void to_fail_fast_stops_the_others_and_starts_none() {
    Play play = forEach("[1, 2, 3]", ", failFast: true, maxParallel: 2").begin("f[0]", "f[1]");
    play.fail("f[0]");
    assertEquals(FAILED, play.status("f"));
    assertEquals(ABORTED, play.status("f[1]"));
    assertEquals(List.of("f[0]", "f[1]"), play.started());
  }

  @Test
  void instances_that_only_an_earlier_attempt_has_made_do_not_count() {
    Play play =
        Play.of(
            "steps:\n"
                + "  s: { retry: { attempts: 2, delay: 1s }, sequence: { steps: { f: { forEach: [1,"
                + " 2], failFast: true, maxParallel: 1, call: w }, z: { call: w } } } }\n");
    play.succeed("s.f[0]", "s.f[1]").fail("s.z").due(TimerKind.RETRY, "s").fail("s.f[0]");
    assertEquals(FAILED, play.status("s.f"));
    assertEquals(Arrays.asList(null, null), play.output("s.f"));
  }

  @Test
  void instances_are_made_only_as_far_as_the_limit_leaves_room() {
    Play play = forEach("[1, 2, 3, 4]", ", maxParallel: 2");
    assertEquals(List.of("f[0]", "f[1]"), play.claimed());
    assertTrue(play.state.step("f[2]").isEmpty());
    play.succeed("f[1]");
    assertEquals(List.of("f[0]", "f[2]"), play.claimed());
  }

  @Test
  void a_condition_on_the_item_skips_that_instance_only() {
    Play play = forEach("[1, 2]", ", when: \"${{ item > 1 }}\"");
    assertEquals(SKIPPED, play.status("f[0]"));
    play.succeed("f[1]");
    assertEquals(SUCCEEDED, play.status("f"));
  }

  @Test
  void each_instance_is_retried_by_itself_and_the_fans_policy_covers_them_all() {
    Play play =
        forEach("[1, 2]", ", retry: { attempts: 2, delay: 1s }, onFailure: { tolerate: true }");
    play.fail("f[0]").due(TimerKind.RETRY, "f[0]").fail("f[0]").succeed("f[1]");
    assertEquals(2, play.row("f[0]").attempt());
    assertEquals(FAILED, play.status("f"));
    assertEquals("failure_tolerated", play.reason("f"));
  }

  @Test
  void a_matrix_has_a_named_instance_per_combination() {
    Play play =
        Play.of(
            "steps:\n"
                + "  m: { matrix: { os: [linux, mac], jdk: [21, 25], exclude: [{ os: mac, jdk: 21"
                + " }], include: [{ os: linux, jdk: 8 }] }, pass: { output: \"${{ matrix.os +"
                + " string(matrix.jdk) }}\" } }\n");
    assertEquals(List.of("m[linux,21]", "m[linux,25]", "m[linux,8]", "m[mac,25]"), play.claimed());
    play.succeed("m[linux,21]", "m[linux,25]", "m[mac,25]", "m[linux,8]");
    assertEquals(4, ((List<?>) play.output("m")).size());
  }

  @Test
  void a_limit_that_is_no_number_fails_the_group() {
    Play play = parallel("maxParallel: \"${{ 'many' }}\"");
    assertEquals(FAILED, play.status("g"));
    assertEquals("bad_group_input", play.error("g"));
  }

  @Test
  void what_is_inside_an_instance_sees_its_item() {
    Play play =
        Play.of(
            "steps:\n"
                + "  go: { call: w }\n"
                + "  f:\n"
                + "    needs: go\n"
                + "    forEach: [3, 4]\n"
                + "    as: n\n"
                + "    sequence:\n"
                + "      steps:\n"
                + "        a: { pass: { output: \"${{ n + index }}\" } }\n"
                + "        b: { pass: { output: \"${{ steps.a.output * 10 }}\" } }\n");
    play.succeed("go");
    assertEquals(List.of(30L, 50L), play.output("f"));
    assertEquals(Map.of("item", 4L, "index", 1L, "n", 4L), play.row("f[1]").bindings());
  }

  @Test
  void a_step_that_is_claimed_when_its_group_is_stopped_ends_without_having_begun() {
    Play play = parallel("timeout: 5s");
    assertEquals(DISPATCHED, play.status("g.a"));
    play.due(TimerKind.GROUP, "g");
    assertEquals(Verdict.STALE, play.event(new Event.Begin("g.a", 1)));
    assertEquals(List.of(), play.stopped());
  }
}
