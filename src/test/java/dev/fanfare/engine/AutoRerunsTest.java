package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs that go on from what failed by themselves: {@code autoRerun}. */
class AutoRerunsTest {

  private static final String STEPS = "steps:\n  a: { call: w }\n  b: { needs: a, call: w }\n";

  private static Play play(String top) {
    return Play.of(top + STEPS);
  }

  /** The timer of an attempt. */
  private static Verdict due(Play play, int attempt) {
    return play.event(new Event.Due(TimerKind.RERUN, "", attempt));
  }

  private static String reason(Play play) {
    Reason reason = play.state.run().reason();
    return reason == null ? "" : reason.code();
  }

  private static boolean hasFinished(Play play) {
    return play.log().contains("run finished");
  }

  @Test
  void a_run_that_failed_waits_and_goes_on_from_what_failed() {
    Play play = play("autoRerun: { limit: 2, delay: 1m }\n").succeed("a").fail("b");
    assertEquals(RunStatus.WAITING, play.run());
    assertEquals("auto_rerun", reason(play));
    assertEquals(Duration.ofMinutes(1), play.timers.get("RERUN "));
    assertFalse(hasFinished(play));
    assertEquals(Verdict.ACCEPTED, due(play, 1));
    assertEquals(List.of("b"), play.claimed());
    assertEquals(2, play.state.run().facts().attempt());
    play.succeed("b");
    assertEquals(RunStatus.SUCCEEDED, play.run());
    assertEquals("", reason(play));
    assertEquals(1, play.row("a").attempt());
  }

  @Test
  void it_does_so_as_often_as_the_limit_says_and_the_delay_grows() {
    Play play = play("autoRerun: { limit: 2, delay: 10s, backoff: exponential, factor: 3 }\n");
    play.fail("a");
    assertEquals(Duration.ofSeconds(10), play.timers.get("RERUN "));
    due(play, 1);
    play.fail("a");
    assertEquals(Duration.ofSeconds(30), play.timers.get("RERUN "));
    due(play, 2);
    play.fail("a");
    assertEquals(RunStatus.FAILED, play.run());
    assertTrue(hasFinished(play));
    assertTrue(play.timers.isEmpty());
  }

  @Test
  void an_end_that_is_no_failure_is_left_alone() {
    String top = "autoRerun: 1\ntimeout: 1h\n";
    assertEquals(RunStatus.SUCCEEDED, play(top).succeed("a", "b").run());
    assertEquals(RunStatus.CANCELLED, play(top).cancel().run());
    assertEquals(RunStatus.TIMED_OUT, play(top).due(TimerKind.RUN, "").run());
  }

  @Test
  void whoever_is_told_of_failures_is_told_when_no_attempt_follows() {
    String hooks = "hooks: { onFailure: { call: h }, always: { call: h } }\n";
    Play play = play("autoRerun: 1\n" + hooks).fail("a");
    assertEquals(StepStatus.PENDING, play.status(":onFailure"));
    play.succeed(":always");
    assertEquals(RunStatus.WAITING, play.run());
    due(play, 1);
    play.fail("a").succeed(":onFailure", ":always");
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals(2, play.row(":always").attempt());
  }

  @Test
  void a_cancel_while_it_waits_ends_it() {
    Play play = play("autoRerun: 1\nhooks: { onCancel: { call: h } }\n").fail("a").cancel();
    assertTrue(play.timers.isEmpty());
    play.succeed(":onCancel");
    assertEquals(RunStatus.CANCELLED, play.run());
    assertEquals(Verdict.STALE, due(play, 1));
  }

  @Test
  void somebody_may_rerun_it_sooner_and_then_it_is_left_to_people() {
    Play play = play("autoRerun: 3\n").fail("a");
    assertEquals(Verdict.ACCEPTED, play.event(new Event.Rerun(new Event.From.Failed(), "ann")));
    assertTrue(play.timers.isEmpty());
    play.fail("a");
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void an_answer_to_an_earlier_attempt_changes_nothing() {
    Play play = play("autoRerun: { limit: 3, delay: 1m }\n").fail("a");
    due(play, 1);
    play.fail("a");
    assertEquals(Verdict.STALE, due(play, 1));
    assertEquals(RunStatus.WAITING, play.run());
    assertTrue(play.timers.containsKey("RERUN "));
  }

  @Test
  void a_failed_hook_before_the_run_is_called_again() {
    Play play = play("autoRerun: 1\nhooks: { before: { call: h } }\n").fail(":before");
    due(play, 1);
    play.succeed(":before", "a", "b");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_run_that_only_a_hook_failed_has_nothing_to_do_again() {
    String hook = "hooks: { always: { call: h, onFailure: { failsRun: true } } }\n";
    Play play = play("autoRerun: 1\n" + hook).succeed("a", "b").fail(":always");
    assertEquals(RunStatus.WAITING, play.run());
    due(play, 1);
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void its_slot_is_for_others_while_it_waits() {
    Play play = Play.queued("concurrency: deploy\nautoRerun: { limit: 1, delay: 1m }\n" + STEPS);
    play.event(new Event.Start());
    play.event(new Event.Due(TimerKind.GRANT, "", 1));
    play.fail("a");
    assertTrue(play.decisions.stream().anyMatch(Decision.Release.class::isInstance));
    due(play, 1);
    assertEquals(RunStatus.QUEUED, play.run());
    play.event(new Event.Due(TimerKind.GRANT, "", 2));
    assertEquals(List.of("a"), play.claimed());
  }

  @Test
  void a_failure_that_ends_the_run_at_once_is_retried_too() {
    Play play =
        Play.of("onFailure: abort\nautoRerun: 1\nsteps:\n  a: { call: w }\n  b: { call: w }\n");
    play.begin("b").fail("a");
    assertEquals(RunStatus.WAITING, play.run());
    due(play, 1);
    play.succeed("a", "b");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }
}
