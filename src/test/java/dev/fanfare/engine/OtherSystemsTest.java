package dev.fanfare.engine;

import static dev.fanfare.definition.StepStatus.ABORTED;
import static dev.fanfare.definition.StepStatus.DENIED;
import static dev.fanfare.definition.StepStatus.DISPATCHED;
import static dev.fanfare.definition.StepStatus.FAILED;
import static dev.fanfare.definition.StepStatus.NOT_RUN;
import static dev.fanfare.definition.StepStatus.PENDING;
import static dev.fanfare.definition.StepStatus.SKIPPED;
import static dev.fanfare.definition.StepStatus.SUCCEEDED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.definition.RunStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the imported files of other systems rely on, by the constructs that they are mapped to. */
class OtherSystemsTest {

  private static Play steps(String steps) {
    return Play.of("steps:\n" + steps);
  }

  @Test
  void a_failure_that_aborts_stops_what_runs_beside_it_and_what_is_inside_a_group() {
    Play play =
        Play.of(
            "onFailure: abort\nsteps:\n  g: { parallel: { steps: { a: { call: w }, b: { call: w } }"
                + " } }\n  c: { call: w }\n  d: { needs: g, call: w }\n");
    play.begin("g.a", "g.b", "c").fail("g.a");
    assertEquals(List.of(ABORTED, ABORTED), List.of(play.status("g.b"), play.status("c")));
    assertEquals(NOT_RUN, play.status("d"));
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void a_tolerated_failure_aborts_nothing() {
    Play play =
        Play.of(
            "onFailure: abort\ntolerated: succeeded\nsteps:\n"
                + "  a: { call: w, onFailure: { tolerate: true, status: failed } }\n"
                + "  b: { needs: { step: a, on: [succeeded, failed] }, call: w }\n");
    play.fail("a").succeed("b");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void what_needs_a_step_that_did_not_run_does_not_run_either() {
    Play play = steps("  a: { call: w }\n  b: { needs: a, call: w }\n  c: { needs: b, call: w }\n");
    play.fail("a");
    assertEquals(List.of(NOT_RUN, NOT_RUN), List.of(play.status("b"), play.status("c")));
  }

  @Test
  void a_need_holds_for_each_status_that_it_lists() {
    String all = "[succeeded, failed, cancelled, not_run]";
    String ends =
        "  b: { needs: a, call: w }\n  c: { needs: { step: b, on: "
            + all
            + " }, call: w }\n"
            + "  d: { needs: { step: b, on: not_run }, call: w }\n"
            + "  e: { needs: { step: b, on: finished }, call: w }\n"
            + "  f: { needs: { step: b, on: [failed, cancelled] }, call: w }\n";
    Play play = steps("  a: { call: w }\n" + ends).fail("a");
    assertEquals(NOT_RUN, play.status("b"));
    assertEquals(List.of("c", "d", "e"), play.claimed());
    assertEquals(NOT_RUN, play.status("f"));
    Play failed = steps("  a: { call: w }\n" + ends).succeed("a").fail("b");
    assertEquals(List.of("c", "e", "f"), failed.claimed());
    assertEquals(NOT_RUN, failed.status("d"));
  }

  @Test
  void children_of_a_parallel_may_need_each_other() {
    Play play =
        steps(
            "  g: { parallel: { steps: { a: { call: w }, b: { needs: a, call: w },"
                + " c: { call: w } } } }\n");
    assertEquals(List.of("g.a", "g.c"), play.claimed());
    play.succeed("g.a");
    assertEquals(List.of("g.b", "g.c"), play.claimed());
    play.fail("g.c").succeed("g.b");
    assertEquals(FAILED, play.status("g"));
    Play upstream =
        steps("  g: { parallel: { steps: { a: { call: w }, b: { needs: a, call: w } } } }\n");
    upstream.fail("g.a");
    assertEquals(NOT_RUN, upstream.status("g.b"));
    assertEquals(FAILED, upstream.status("g"));
  }

  @Test
  void a_step_that_is_skipped_and_satisfies_releases_what_needs_it() {
    Play play =
        steps(
            "  a: { call: w, when: false, onSkip: satisfy }\n  b: { needs: a, call: w }\n"
                + "  c: { call: w, when: false }\n  d: { needs: c, call: w }\n");
    assertEquals(SKIPPED, play.status("a"));
    assertEquals(DISPATCHED, play.status("b"));
    assertEquals(SKIPPED, play.status("d"));
  }

  @Test
  void an_approval_that_is_denied_and_tolerated_ends_denied_and_the_run_goes_on() {
    Play play =
        Play.of(
            "tolerated: succeeded\nsteps:\n"
                + "  gate: { approval: Go on?, onFailure: { tolerate: true, status: failed } }\n"
                + "  yes: { needs: { step: gate, on: approved }, call: w }\n"
                + "  no: { needs: { step: gate, on: denied }, call: w }\n");
    play.event(new Event.Judged("gate", false, "ann", "", "", null));
    assertEquals(DENIED, play.status("gate"));
    assertEquals(List.of("no"), play.claimed());
    assertEquals(NOT_RUN, play.status("yes"));
    assertEquals(RunStatus.SUCCEEDED, play.succeed("no").run());
    Play plain = steps("  gate: { approval: Go on? }\n  yes: { needs: gate, call: w }\n");
    plain.event(new Event.Judged("gate", false, "ann", "", "", null));
    assertEquals(RunStatus.FAILED, plain.run());
  }

  @Test
  void every_distinct_item_runs_to_its_end_although_one_fails() {
    Play play = steps("  f: { forEach: [1, 2, 1, 3], distinct: true, call: w }\n");
    assertEquals(List.of("f[0]", "f[1]", "f[2]"), play.claimed());
    play.fail("f[0]");
    assertEquals(List.of("f[1]", "f[2]"), play.claimed());
    play.succeed("f[1]", "f[2]");
    assertEquals(FAILED, play.status("f"));
    assertEquals(java.util.Arrays.asList(null, "f[1]", null, "f[2]"), play.output("f"));
  }

  @Test
  void a_list_without_items_succeeds_or_fails_as_the_step_says() {
    assertEquals(SUCCEEDED, steps("  f: { forEach: [], call: w }\n").status("f"));
    Play play = steps("  f: { forEach: [], empty: fail, call: w }\n  g: { needs: f, call: w }\n");
    assertEquals(FAILED, play.status("f"));
    assertEquals("no_items", play.error("f"));
    assertEquals(NOT_RUN, play.status("g"));
    assertEquals(
        RunStatus.PARTIALLY_SUCCEEDED,
        steps("  f: { forEach: [], empty: fail, call: w, onFailure: tolerate }\n  g: { call: w }\n")
            .succeed("g")
            .run());
  }

  @Test
  void a_group_may_hold_a_lock_as_a_whole() {
    Play play =
        steps("  g: { lock: k, parallel: { steps: { a: { call: w }, b: { call: w } } } }\n");
    assertEquals(PENDING, play.status("g.a"));
    LocksTest.grant(play, "g");
    assertEquals(List.of("g.a", "g.b"), play.claimed());
    play.succeed("g.a");
    assertEquals(0, play.decisions.stream().filter(Decision.Release.class::isInstance).count());
    play.succeed("g.b");
    assertEquals(1, play.decisions.stream().filter(Decision.Release.class::isInstance).count());
  }

  @Test
  void the_body_first_loop_with_a_limit_that_is_no_error() {
    Play play =
        steps(
            "  l: { loop: { until: \"${{ steps.a.output == 'done' || iteration + 1 >= 3 }}\","
                + " delay: 2s, backoff: exponential, factor: 3, maxDelay: 5s,"
                + " steps: { a: { call: w } } } }\n");
    play.yield("l[0].a", "more");
    assertEquals(2_000, play.timers.getOrDefault("PAUSE l", java.time.Duration.ZERO).toMillis());
    play.due(TimerKind.PAUSE, "l").yield("l[1].a", "more");
    assertEquals(5_000, play.timers.getOrDefault("PAUSE l", java.time.Duration.ZERO).toMillis());
    play.due(TimerKind.PAUSE, "l").yield("l[2].a", "more");
    assertEquals(SUCCEEDED, play.status("l"));
    assertEquals(Map.of("iterations", 3L, "last", "more"), play.output("l"));
  }
}
