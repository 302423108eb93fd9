package dev.fanfare.engine;

import static dev.fanfare.definition.StepStatus.ABORTED;
import static dev.fanfare.definition.StepStatus.CANCELLED;
import static dev.fanfare.definition.StepStatus.DISCARDED;
import static dev.fanfare.definition.StepStatus.DISPATCHED;
import static dev.fanfare.definition.StepStatus.FAILED;
import static dev.fanfare.definition.StepStatus.RETRYING;
import static dev.fanfare.definition.StepStatus.RUNNING;
import static dev.fanfare.definition.StepStatus.SUCCEEDED;
import static dev.fanfare.definition.StepStatus.TIMED_OUT;
import static dev.fanfare.definition.StepStatus.WAITING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Steps that are runs of their own. */
class ChildrenTest {

  private static Play one(String more) {
    return Play.of(
        "steps:\n  a: { workflow: child%s }\n  b: { needs: a, call: w }\n".formatted(more));
  }

  @Test
  void a_step_waits_for_the_run_that_it_started_and_holds_no_slot() {
    Play play = Play.of("maxParallel: 1\nsteps:\n  a: { workflow: child }\n  b: { call: w }\n");
    assertEquals(List.of("a"), play.claimed());
    play.begin("a").child("a");
    assertEquals(WAITING, play.status("a"));
    assertEquals("child_run", play.reason("a"));
    assertEquals(List.of("b"), play.claimed());
    play.succeed("b");
    assertEquals(RunStatus.WAITING, play.run());
  }

  @Test
  void what_the_run_yields_is_the_output_of_the_step() {
    Play play = one("").begin("a").child("a").childYields("a", Map.of("jar", "app.jar"));
    assertEquals(SUCCEEDED, play.status("a"));
    assertEquals(Map.of("jar", "app.jar"), play.output("a"));
    assertEquals(DISPATCHED, play.status("b"));
    assertEquals(List.of(), play.cancelled());
  }

  @Test
  void a_run_that_fails_fails_the_step() {
    Play play = one("").begin("a").child("a").childFails("a");
    assertEquals(FAILED, play.status("a"));
    assertEquals("child_failed", play.error("a"));
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void a_retry_starts_another_run() {
    Play play = one(", retry: { attempts: 2, delay: 1s }").begin("a").child("a");
    UUID first = play.childOf("a");
    play.childFails("a");
    assertEquals(RETRYING, play.status("a"));
    play.due(TimerKind.RETRY, "a").begin("a");
    UUID second = play.childOf("a");
    assertNotEquals(first, second);
    assertEquals(
        Verdict.STALE, play.event(new Event.ChildEnded("a", first, "late", null)), "the first run");
    play.child("a").childYields("a", "second");
    assertEquals("second", play.output("a"));
    assertEquals(List.of(), play.cancelled());
  }

  @Test
  void a_claim_that_repeats_a_lost_one_finds_the_same_run() {
    Play play = one("").begin("a");
    UUID child = play.childOf("a");
    play.event(new Event.Lost("a", 1));
    assertEquals(2, play.row("a").attempt());
    assertEquals(child, play.childOf("a"));
    play.event(play.report("a", new Outcome.Stopped("shutdown")));
    assertEquals(child, play.childOf("a"));
    play.begin("a").child("a");
    assertEquals(Duration.ZERO, play.timers.get("CHILD a"), "it may have ended meanwhile");
    play.childYields("a", 1L);
    assertEquals(SUCCEEDED, play.status("a"));
  }

  @Test
  void a_claim_that_was_lost_before_it_began_has_no_run_to_find() {
    Play play = one("");
    play.event(new Event.Lost("a", 1));
    assertEquals(2, play.row("a").origin());
    play.cancel();
    assertEquals(List.of(), play.cancelled());
  }

  @Test
  void an_end_that_comes_before_the_report_counts() {
    Play play = one("").begin("a");
    Event.Report report = play.report("a", new Outcome.Child(play.childOf("a"), "child"));
    play.childYields("a", "quick");
    assertEquals(SUCCEEDED, play.status("a"));
    assertEquals(Verdict.STALE, play.event(report));
    assertEquals(DISPATCHED, play.status("b"));
    assertEquals(List.of(), play.cancelled());
  }

  @Test
  void an_end_that_comes_to_a_claim_that_was_repeated_counts() {
    Play play = one("").begin("a");
    play.event(new Event.Lost("a", 1));
    assertEquals(DISPATCHED, play.status("a"));
    play.childYields("a", "while nobody looked");
    assertEquals(SUCCEEDED, play.status("a"));
  }

  @Test
  void an_end_that_comes_while_the_step_waits_for_a_slot_is_looked_up_again() {
    Play play =
        Play.of("maxParallel: 1\nsteps:\n  a: { workflow: child }\n  b: { call: w }\n").begin("a");
    play.event(new Event.Lost("a", 1));
    assertEquals(List.of("b"), play.claimed());
    UUID child = play.childOf("a");
    assertEquals(Verdict.STALE, play.event(new Event.ChildEnded("a", child, 1L, null)));
    play.succeed("b").begin("a").child("a");
    assertTrue(play.timers.containsKey("CHILD a"));
    assertEquals(Verdict.ACCEPTED, play.event(new Event.ChildEnded("a", child, 1L, null)));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void the_end_of_another_run_is_none_of_its_business() {
    Play play = one("").begin("a").child("a");
    Event.ChildEnded other = new Event.ChildEnded("a", new UUID(1, 2), null, null);
    assertEquals(Verdict.STALE, play.event(other));
    assertEquals(Verdict.STALE, play.event(new Event.ChildEnded("zz", new UUID(1, 2), 1L, null)));
    assertEquals(WAITING, play.status("a"));
    UUID child = play.childOf("a");
    play.childYields("a", 1L);
    assertEquals(Verdict.STALE, play.event(new Event.ChildEnded("a", child, 2L, null)), "twice");
    assertEquals(1L, play.output("a"));
  }

  @Test
  void a_cancelled_run_cancels_the_runs_that_its_steps_wait_for() {
    Play play =
        Play.of(
            "steps:\n  a: { workflow: child }\n  b: { workflow: child }\n  c: { workflow: child }\n"
                + "  d: { workflow: { name: child, wait: false } }\n");
    play.begin("a", "b", "d").child("a").succeed("d");
    play.cancel();
    assertEquals(CANCELLED, play.status("a"));
    assertEquals(
        List.of(play.childOf("a"), play.childOf("b")),
        play.cancelled(),
        "what may have been started, and nothing that was left alone");
    assertEquals(SUCCEEDED, play.status("d"));
  }

  @Test
  void a_report_of_a_run_that_nobody_wants_any_more_cancels_it() {
    Play play = one("").begin("a");
    Event.Report report = play.report("a", new Outcome.Child(play.childOf("a"), "child"));
    play.cancel();
    int before = play.cancelled().size();
    assertEquals(Verdict.KEPT, play.event(report));
    assertEquals(before + 1, play.cancelled().size());
    assertEquals(play.childOf("a"), play.cancelled().getLast());
    Event.Report earlier = Play.report("a", 7, new Outcome.Child(new UUID(3, 4), "child"));
    assertEquals(Verdict.STALE, play.event(earlier));
  }

  @Test
  void the_run_of_a_branch_that_lost_is_cancelled() {
    Play play =
        Play.of("steps:\n  r: { race: { steps: { a: { workflow: child }, b: { call: w } } } }\n");
    play.begin("r.a").child("r.a").succeed("r.b");
    assertEquals(DISCARDED, play.status("r.a"));
    assertEquals(List.of(play.childOf("r.a")), play.cancelled());
  }

  @Test
  void a_branch_can_win_with_its_run() {
    Play play =
        Play.of(
            "steps:\n"
                + "  r: { race: { steps: { a: { workflow: child }, b: { workflow: child } } }"
                + " }\n");
    play.begin("r.a", "r.b").child("r.a").child("r.b").childYields("r.b", "b");
    assertEquals("b", play.output("r"));
    assertEquals(List.of(play.childOf("r.a")), play.cancelled());
  }

  @Test
  void a_failure_elsewhere_that_ends_the_run_cancels_the_run_of_a_step() {
    Play play = Play.of("onFailure: abort\nsteps:\n  a: { workflow: child }\n  b: { call: w }\n");
    play.begin("a").child("a").fail("b");
    assertEquals(ABORTED, play.status("a"));
    assertEquals(List.of(play.childOf("a")), play.cancelled());
  }

  @Test
  void the_limit_of_an_attempt_goes_on_while_it_waits() {
    Play play = one(", timeout: 5s, retry: 2").begin("a");
    play.event(
        new Event.Report(
            "a",
            1,
            new Outcome.Child(play.childOf("a"), "child"),
            new Event.Cost(2_000, 128, false),
            false));
    assertEquals(Duration.ofSeconds(3), play.timers.get("WAIT a"));
    UUID first = play.childOf("a");
    play.due(TimerKind.WAIT, "a");
    assertEquals(List.of(first), play.cancelled());
    assertEquals(2, play.row("a").attempt(), "the next attempt");
    play.begin("a").child("a").due(TimerKind.WAIT, "a");
    assertEquals(TIMED_OUT, play.status("a"));
    assertEquals("timed_out", play.error("a"));
  }

  @Test
  void an_end_in_time_takes_the_limit_away() {
    Play play = one(", timeout: 5s").begin("a").child("a").childYields("a", 1L);
    assertFalse(play.timers.containsKey("WAIT a"));
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.WAIT, "a", 1)));
  }

  @Test
  void the_limit_on_all_attempts_ends_a_step_that_waits_for_its_run() {
    Play play = one(", timeout: { total: 5s }, retry: 3").begin("a").child("a");
    play.due(TimerKind.TOTAL, "a");
    assertEquals(TIMED_OUT, play.status("a"));
    assertEquals(List.of(play.childOf("a")), play.cancelled());
  }

  @Test
  void a_step_that_waits_for_nothing_is_done_at_once() {
    Play play = one("");
    Play detached = Play.of("steps:\n  a: { workflow: { name: child, wait: false } }\n").begin("a");
    detached.yield("a", Map.of("run", "r"));
    assertEquals(RunStatus.SUCCEEDED, detached.run());
    assertEquals(DISPATCHED, play.status("a"));
  }

  @Test
  void a_run_that_ends_wakes_the_step_that_waits_for_it() {
    UUID parent = new UUID(5, 6);
    Origin origin = new Origin(parent, "a[2].b", 3, true, List.of("top"));
    Play child = Play.in("steps:\n  a: { call: w }\n", Map.of(Origin.KEY, origin.toJson()));
    assertTrue(wakes(child).isEmpty());
    child.fail("a");
    Decision.Wake wake = wakes(child).orElseThrow();
    assertEquals(parent, wake.run());
    assertEquals("a[2].b", wake.step());
    assertEquals(3, wake.attempt());
    assertEquals(Map.of("child", child.state.run().facts().id().toString()), wake.data());
    assertEquals(Optional.of(origin), Origin.of(child.state.run().facts().context()));
  }

  @Test
  void a_run_that_nobody_waits_for_wakes_nobody() {
    Origin origin = new Origin(new UUID(5, 6), "a", 1, false, List.of("top"));
    Play child = Play.in("steps:\n  a: { call: w }\n", Map.of(Origin.KEY, origin.toJson()));
    child.succeed("a");
    assertTrue(wakes(child).isEmpty());
  }

  @Test
  void a_run_is_cancelled_by_the_one_above_it() {
    Play child = Play.of("steps:\n  a: { call: w }\n").begin("a");
    child.event(
        new Event.Due(TimerKind.CANCEL, "", 0, Map.of("by", "run 7", "reason", "enough"), ""));
    assertEquals(RunStatus.CANCELLED, child.run());
    Reason reason = child.state.run().reason();
    assertEquals(
        Map.of("code", "run_cancelled", "by", "run 7", "reason", "enough"),
        reason == null ? Map.of() : reason.toJson());
  }

  @Test
  void a_group_that_is_tried_again_starts_other_runs() {
    Play play =
        Play.of(
            "steps:\n  g: { retry: 2, parallel: { steps: { a: { workflow: child }, b: { call: w } }"
                + " } }\n");
    play.begin("g.a");
    play.event(new Event.Lost("g.a", 1));
    play.begin("g.a").child("g.a");
    UUID first = play.childOf("g.a");
    play.childYields("g.a", 1L).fail("g.b");
    assertEquals(RUNNING, play.status("g"));
    play.begin("g.a");
    assertNotEquals(first, play.childOf("g.a"));
    play.event(new Event.Lost("g.a", 3));
    assertNotEquals(first, play.childOf("g.a"));
    play.begin("g.a").child("g.a").childYields("g.a", 2L).succeed("g.b");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void the_id_of_a_run_follows_from_its_step_and_is_a_uuid_of_version_8() {
    UUID run = new UUID(7, 1);
    UUID child = Origin.childOf(run, "a", 1);
    assertEquals(8, child.version());
    assertEquals(2, child.variant());
    assertEquals(child, Origin.childOf(run, "a", 1));
    assertNotEquals(child, Origin.childOf(run, "a", 2));
    assertNotEquals(child, Origin.childOf(run, "b", 1));
    assertNotEquals(child, Origin.childOf(new UUID(7, 2), "a", 1));
  }

  private static Optional<Decision.Wake> wakes(Play play) {
    return play.decisions.stream()
        .filter(Decision.Wake.class::isInstance)
        .map(Decision.Wake.class::cast)
        .findFirst();
  }
}
