package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Workflow.Concurrency.Policy;
import dev.fanfare.engine.Decision.Acquire.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run waits for its slot, and gives it back with its last decision. */
class RunQueueTest {

  private static final String ONE =
      "concurrency: { key: \"${{ workflow.name }}\", limit: 2, priority: 7, waitMax: 5h }\n"
          + "steps:\n"
          + "  a: { call: w }\n";

  private static Event.Due due(TimerKind kind, Map<String, Object> data) {
    return new Event.Due(kind, "", 1, data, "");
  }

  private static long releases(Play play) {
    return play.decisions.stream().filter(Decision.Release.class::isInstance).count();
  }

  private static String reason(Play play) {
    Reason reason = play.state.run().reason();
    return reason == null ? "" : reason.code();
  }

  @Test
  void a_run_of_a_limited_workflow_asks_for_a_slot_and_starts_when_it_has_one() {
    Play play = Play.of(ONE);
    assertEquals(RunStatus.QUEUED, play.run());
    assertEquals("concurrency", reason(play));
    assertEquals(List.of(), play.claimed());
    assertTrue(
        play.decisions.contains(
            new Decision.Acquire("", 1, Scope.RUN, "test", 2, 7, Policy.QUEUE)));
    assertEquals(Duration.ofHours(5), play.timers.get("QUEUE "));
    assertEquals(Verdict.ACCEPTED, play.event(due(TimerKind.GRANT, Map.of())));
    assertEquals(RunStatus.RUNNING, play.run());
    assertEquals(List.of("a"), play.claimed());
    assertNull(play.state.run().reason());
    assertTrue(play.timers.isEmpty());
    assertEquals(0, releases(play));
    play.succeed("a");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals(
        new Decision.Release("", Scope.RUN, "test"),
        play.decisions.stream().filter(Decision.Release.class::isInstance).findFirst().get());
    assertEquals(1, releases(play));
  }

  @Test
  void what_comes_twice_or_late_changes_nothing() {
    Play play = Play.of(ONE);
    assertEquals(Verdict.STALE, play.event(new Event.Start()));
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.GRANT, "", 2, Map.of(), "")));
    play.event(due(TimerKind.GRANT, Map.of()));
    assertEquals(Verdict.STALE, play.event(due(TimerKind.GRANT, Map.of())));
    assertEquals(Verdict.STALE, play.event(due(TimerKind.REFUSE, Map.of())));
    assertEquals(Verdict.STALE, play.event(due(TimerKind.QUEUE, Map.of())));
    play.succeed("a");
    assertEquals(Verdict.STALE, play.event(due(TimerKind.GRANT, Map.of())));
  }

  @Test
  void a_queued_run_can_be_cancelled_and_leaves_the_line() {
    Play play = Play.of(ONE).cancel();
    assertEquals(RunStatus.CANCELLED, play.run());
    assertEquals(StepStatus.NOT_RUN, play.status("a"));
    assertEquals(1, releases(play));
    assertEquals(Verdict.STALE, play.event(due(TimerKind.GRANT, Map.of())));
  }

  @Test
  void a_run_that_has_waited_for_too_long_is_cancelled() {
    Play play = Play.of(ONE);
    play.event(due(TimerKind.QUEUE, Map.of()));
    assertEquals(RunStatus.CANCELLED, play.run());
    assertEquals("concurrency_wait_max", reason(play));
    assertEquals(Map.of("key", "test", "limitMs", 18_000_000L), play.state.run().reason().values());
    assertEquals(1, releases(play));
  }

  @Test
  void a_run_for_which_there_is_no_slot_says_who_has_it() {
    Map<String, Object> data = Map.of("key", "test", "limit", 1L, "holders", List.of("x", "y"));
    Play rejected = Play.of(ONE);
    rejected.event(due(TimerKind.REFUSE, data));
    assertEquals(RunStatus.CANCELLED, rejected.run());
    assertEquals("concurrency_rejected", reason(rejected));
    assertEquals(data, rejected.state.run().reason().values());
    Play skipped = Play.of(ONE);
    Map<String, Object> skip = new java.util.HashMap<>(data);
    skip.put("policy", "SKIP");
    skipped.event(due(TimerKind.REFUSE, skip));
    assertEquals("concurrency_skipped", reason(skipped));
  }

  @Test
  void a_run_is_stopped_for_a_newer_one_in_line_and_at_work() {
    Map<String, Object> data = Map.of("key", "test", "supersededBy", "new");
    Play inLine = Play.of(ONE);
    inLine.event(due(TimerKind.CANCEL, data));
    assertEquals(RunStatus.CANCELLED, inLine.run());
    assertEquals("superseded", reason(inLine));
    Play atWork = Play.of(ONE);
    atWork.event(due(TimerKind.GRANT, Map.of()));
    atWork.begin("a").event(due(TimerKind.CANCEL, data));
    assertEquals(RunStatus.CANCELLED, atWork.run());
    assertEquals(List.of("a"), atWork.stopped());
    assertEquals(1, releases(atWork));
  }

  @Test
  void a_key_that_is_empty_fails_the_run_before_it_waits() {
    Play play = Play.of("concurrency: \"${{ '' }}\"\nsteps:\n  a: { call: w }\n");
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals("run_input", reason(play));
    assertEquals(StepStatus.NOT_RUN, play.status("a"));
    assertEquals(0, releases(play));
    Play broken = Play.of("concurrency: \"${{ params.no.such }}\"\nsteps:\n  a: { call: w }\n");
    assertEquals(RunStatus.FAILED, broken.run());
  }

  @Test
  void a_rerun_waits_in_line_again() {
    Play play = Play.of(ONE);
    play.event(due(TimerKind.GRANT, Map.of()));
    play.fail("a");
    play.event(new Event.Rerun(new Event.From.Failed(), "ann"));
    assertEquals(RunStatus.QUEUED, play.run());
    assertEquals(Verdict.STALE, play.event(due(TimerKind.GRANT, Map.of())));
    play.event(new Event.Due(TimerKind.GRANT, "", 2, Map.of(), ""));
    assertEquals(List.of("a"), play.claimed());
    play.succeed("a");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals(2, releases(play));
  }
}
