package dev.fanfare.engine;

import static dev.fanfare.definition.StepStatus.CANCELLED;
import static dev.fanfare.definition.StepStatus.DISPATCHED;
import static dev.fanfare.definition.StepStatus.FAILED;
import static dev.fanfare.definition.StepStatus.NOT_RUN;
import static dev.fanfare.definition.StepStatus.RETRYING;
import static dev.fanfare.definition.StepStatus.RUNNING;
import static dev.fanfare.definition.StepStatus.SKIPPED;
import static dev.fanfare.definition.StepStatus.SUCCEEDED;
import static dev.fanfare.definition.StepStatus.TIMED_OUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.Retry;
import dev.fanfare.definition.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LifecycleTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private static Play retried(String retry) {
    return Play.of("steps:\n  a: { call: w, retry: { " + retry + " } }\n");
  }

  private static List<Long> delays(Retry retry, long seed) {
    return IntStream.rangeClosed(1, 4)
        .mapToObj(failed -> Backoff.delay(retry, failed, seed).toMillis())
        .toList();
  }

  private static Retry retry(Retry.Backoff backoff, double jitter) {
    Duration most = Duration.ofMillis(600);
    return new Retry(9, Duration.ofMillis(100), backoff, 3, most, jitter, List.of(), List.of());
  }

  @Test
  void delays_stay_grow_by_steps_or_multiply_and_never_pass_the_longest() {
    assertEquals(List.of(100L, 100L, 100L, 100L), delays(retry(Retry.Backoff.FIXED, 0), 1));
    assertEquals(List.of(100L, 200L, 300L, 400L), delays(retry(Retry.Backoff.LINEAR, 0), 1));
    assertEquals(List.of(100L, 300L, 600L, 600L), delays(retry(Retry.Backoff.EXPONENTIAL, 0), 1));
  }

  @Test
  void a_delay_can_be_the_one_before_it_to_the_power_of_the_factor() {
    Retry power =
        Retry.of(9, Duration.ofSeconds(5)).growing(Retry.Backoff.POWER, 2, Duration.ofSeconds(600));
    assertEquals(List.of(5_000L, 25_000L, 600_000L, 600_000L), delays(power, 1));
    Retry same = Retry.of(9, Duration.ofSeconds(5)).growing(Retry.Backoff.POWER, 1, HOUR);
    assertEquals(List.of(5_000L, 5_000L, 5_000L, 5_000L), delays(same, 1));
    Retry huge = Retry.of(9, Duration.ofSeconds(60)).growing(Retry.Backoff.POWER, 5, HOUR);
    assertEquals(HOUR.toMillis(), Backoff.delay(huge, 100, 1).toMillis());
    Play play = retried("attempts: 3, delay: 3s, backoff: power, factor: 2").fail("a");
    assertEquals(Duration.ofSeconds(3), play.timers.get("RETRY a"));
    play.due(TimerKind.RETRY, "a").fail("a");
    assertEquals(Duration.ofSeconds(9), play.timers.get("RETRY a"));
  }

  @Test
  void a_failure_that_is_excepted_is_not_retried() {
    String except = "attempts: 3, delay: 1s, except: [timed_out]";
    Play late = retried(except);
    late.event(late.report("a", new Outcome.TimedOut(ErrorInfo.of("timed_out", "slow"))));
    assertEquals(TIMED_OUT, late.status("a"));
    assertEquals(RETRYING, retried(except).fail("a").status("a"));
    ErrorInfo seven = new ErrorInfo("exit_code", "exited", Map.of("exitCode", 7L));
    assertEquals(
        FAILED, retried("attempts: 3, on: [exit_code], except: [7]").fail("a", seven).status("a"));
  }

  @Test
  void work_that_finds_nothing_to_do_ends_skipped_and_is_neither_retried_nor_kept() {
    for (String satisfy : List.of("", ", onSkip: satisfy")) {
      Play play =
          Play.of(
              "steps:\n  a: { call: w, retry: 3, cache: k"
                  + satisfy
                  + " }\n"
                  + "  b: { needs: a, call: w }\n");
      LookupsTest.answer(play, "a", new Event.Answer.NotCached());
      play.event(play.report("a", new Outcome.Skipped("no new data")));
      assertEquals(SKIPPED, play.status("a"));
      assertEquals("skipped_by_work", play.reason("a"));
      assertEquals(satisfy.isEmpty() ? SKIPPED : DISPATCHED, play.status("b"));
      assertTrue(play.decisions.stream().noneMatch(Decision.Remember.class::isInstance));
      if (satisfy.isEmpty()) {
        assertEquals(RunStatus.SUCCEEDED, play.run());
      }
    }
  }

  @Test
  void hooks_know_of_work_that_found_nothing_to_do() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w, hooks: { onSuccess: { call: h }, always: { call: h } } }\n");
    play.event(play.report("a", new Outcome.Skipped("")));
    assertEquals(List.of("a:always"), play.claimed());
    play.succeed("a:always");
    assertEquals(SKIPPED, play.status("a"));
  }

  @Test
  void jitter_takes_off_at_most_its_share_and_is_the_same_for_the_same_seed() {
    Retry half = retry(Retry.Backoff.FIXED, 0.5);
    for (long seed = 0; seed < 1_000; seed++) {
      assertTrue(delays(half, seed).stream().allMatch(delay -> delay >= 50 && delay <= 100));
      assertEquals(delays(half, seed), delays(half, seed));
    }
    long different = IntStream.range(0, 100).mapToObj(i -> delays(half, i)).distinct().count();
    assertTrue(different > 90, "only " + different + " different delays");
  }

  @Test
  void attempts_are_counted_in_total() {
    Play play = retried("attempts: 3, delay: 1s");
    play.fail("a").due(TimerKind.RETRY, "a").fail("a").due(TimerKind.RETRY, "a");
    assertEquals(DISPATCHED, play.status("a"));
    assertEquals(3, play.row("a").attempt());
    play.fail("a");
    assertEquals(FAILED, play.status("a"));
    assertEquals(2_000, play.row("a").backoffMs());
  }

  @Test
  void a_retry_without_delay_follows_at_once() {
    Play play = retried("attempts: 2").fail("a");
    assertEquals(Duration.ofSeconds(0), play.timers.getOrDefault("RETRY a", Duration.ZERO));
    assertEquals(2, retried("attempts: 2, delay: 0s").fail("a").row("a").attempt());
  }

  @Test
  void only_failures_that_the_filter_names_are_retried() {
    String filter = "attempts: 2, delay: 1s, on: [timed_out, 7, \"http_status\"]";
    ErrorInfo exit = new ErrorInfo("exit_code", "exited", Map.of("exitCode", 7L));
    assertEquals(RETRYING, retried(filter).fail("a", exit).status("a"));
    ErrorInfo other = new ErrorInfo("exit_code", "exited", Map.of("exitCode", 8L));
    assertEquals(FAILED, retried(filter).fail("a", other).status("a"));
    Play late = retried(filter);
    late.event(late.report("a", new Outcome.TimedOut(ErrorInfo.of("timed_out", "slow"))));
    assertEquals(RETRYING, late.status("a"));
  }

  @Test
  void an_attempt_that_takes_too_long_ends_timed_out_when_no_other_follows() {
    Play play = Play.of("steps:\n  a: { call: w, timeout: 3s }\n");
    play.event(play.report("a", new Outcome.TimedOut(ErrorInfo.of("timed_out", "slow"))));
    assertEquals(TIMED_OUT, play.status("a"));
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void a_total_limit_spans_attempts_and_is_not_retried() {
    String step = "a: { call: w, timeout: { total: 9s }, retry: { attempts: 9, delay: 1s } }";
    Play running = Play.of("steps:\n  " + step + "\n").begin("a").due(TimerKind.TOTAL, "a");
    assertEquals(TIMED_OUT, running.status("a"));
    assertEquals(List.of("a"), running.stopped());
    Play waiting = Play.of("steps:\n  " + step + "\n").fail("a").due(TimerKind.TOTAL, "a");
    assertEquals(TIMED_OUT, waiting.status("a"));
    assertTrue(waiting.timers.isEmpty());
  }

  @Test
  void a_retry_timer_that_is_told_of_twice_does_not_remove_the_next_one() {
    Play play = retried("attempts: 3, delay: 1s").fail("a").due(TimerKind.RETRY, "a").fail("a");
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.RETRY, "a", 1)));
    assertTrue(play.timers.containsKey("RETRY a"));
    assertEquals(RETRYING, play.status("a"));
  }

  @Test
  void a_run_whose_time_is_up_stops_everything() {
    Play play = Play.of("timeout: 5s\nsteps:\n  a: { call: w }\n  b: { needs: a, call: w }\n");
    assertEquals(Duration.ofSeconds(5), play.timers.get("RUN "));
    play.begin("a").due(TimerKind.RUN, "");
    assertEquals(RunStatus.TIMED_OUT, play.run());
    assertEquals(NOT_RUN, play.status("b"));
    assertEquals(List.of("a"), play.stopped());
  }

  @Test
  void a_cancel_ends_what_runs_cancelled_and_what_has_not_started_not_run() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\n  b: { needs: a, call: w }\n  s: { sleep: 1m }\n"
                + "  r: { call: w, retry: { attempts: 2, delay: 1s } }\n");
    play.begin("a").fail("r").cancel();
    assertEquals(RunStatus.CANCELLED, play.run());
    assertEquals(CANCELLED, play.status("a"));
    assertEquals(CANCELLED, play.status("s"));
    assertEquals(CANCELLED, play.status("r"));
    assertEquals(NOT_RUN, play.status("b"));
    assertEquals("run_cancelled", play.reason("b"));
    assertEquals(Verdict.STALE, play.event(new Event.Cancel("bob", "me too")));
    assertEquals(Verdict.KEPT, play.event(play.report("a", Outcome.Succeeded.of(1L))));
    assertEquals(CANCELLED, play.status("a"));
  }

  @Test
  void a_run_that_has_not_started_can_be_cancelled() {
    Play play = Play.queued("steps:\n  a: { call: w }\n").cancel();
    assertEquals(RunStatus.CANCELLED, play.run());
    assertEquals(Verdict.STALE, play.event(new Event.Start()));
  }

  @Test
  void a_cancel_that_comes_after_the_last_report_in_one_batch_is_too_late() {
    Play play = Play.of("steps:\n  a: { call: w }\n");
    Event last = play.report("a", Outcome.Succeeded.of(1L));
    List<Verdict> verdicts = play.events(List.of(last, new Event.Cancel("ann", "late")));
    assertEquals(List.of(Verdict.ACCEPTED, Verdict.STALE), verdicts);
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void exactly_one_report_of_an_attempt_is_accepted() {
    Play play = Play.of("steps:\n  a: { call: w }\n  b: { needs: a, call: w }\n");
    Event.Report report = play.report("a", Outcome.Succeeded.of(1L));
    assertEquals(List.of(Verdict.ACCEPTED, Verdict.STALE), play.events(List.of(report, report)));
    assertEquals(1, play.row("b").attempt());
  }

  @Test
  void a_report_without_its_begin_counts() {
    Play play = Play.of("steps:\n  a: { call: w }\n").succeed("a");
    assertEquals(SUCCEEDED, play.status("a"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_lost_step_is_handed_out_again_and_its_first_worker_is_not_heard() {
    Play play = Play.of("steps:\n  a: { call: w }\n").begin("a");
    assertEquals(Verdict.ACCEPTED, play.event(new Event.Lost("a", 1)));
    assertEquals(DISPATCHED, play.status("a"));
    assertEquals(2, play.row("a").attempt());
    assertEquals(Verdict.STALE, play.event(new Event.Lost("a", 1)));
    assertEquals(Verdict.STALE, play.event(Play.report("a", 1, Outcome.Succeeded.of("old"))));
    play.succeed("a");
    assertEquals("a", play.output("a"));
  }

  @Test
  void a_step_that_is_lost_too_often_fails() {
    Play play = Play.of("steps:\n  a: { call: w }\n").within(new Context(true, 1_000, 2));
    for (int attempt = 1; attempt <= 3; attempt++) {
      play.event(new Event.Lost("a", attempt));
    }
    assertEquals(FAILED, play.status("a"));
    assertEquals("worker_lost", play.error("a"));
  }

  @Test
  void work_that_was_stopped_without_having_been_told_to_is_handed_out_again() {
    Play play = Play.of("steps:\n  a: { call: w }\n").begin("a");
    play.event(play.report("a", new Outcome.Stopped("shutdown")));
    assertEquals(DISPATCHED, play.status("a"));
    assertEquals(2, play.row("a").attempt());
    assertEquals(0, play.row("a").failures());
  }

  @Test
  void who_reports_continues_with_one_successor_and_the_rest_is_handed_out() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\n  b: { needs: a, call: w }\n  c: { needs: a, call: w }\n");
    play.event(
        new Event.Report("a", 1, Outcome.Succeeded.of(1L), new Event.Cost(1, 1, false), true));
    assertTrue(play.decisions.contains(new Decision.Continue("b", 1, 1)));
    assertTrue(play.decisions.contains(new Decision.Invoke("c", 2, 1)));
    assertEquals(RUNNING, play.status("b"));
    assertEquals(DISPATCHED, play.status("c"));
  }

  @Test
  void steps_without_work_are_handed_out_unless_somebody_reports() {
    Play play = Play.withoutInline("steps:\n  p: { pass: { output: 3 } }\n");
    assertEquals(DISPATCHED, play.status("p"));
    play.begin("p").yield("p", 3L);
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_sleep_of_no_duration_fails_its_step() {
    Play play = Play.of("steps:\n  s: { sleep: \"${{ 'soon' }}\" }\n");
    assertEquals(FAILED, play.status("s"));
    assertEquals("not_a_duration", play.error("s"));
  }

  @Test
  void a_sleep_can_run_out_of_time() {
    Play play = Play.of("steps:\n  s: { sleep: 1m, timeout: 5s }\n");
    play.due(TimerKind.TOTAL, "s");
    assertEquals(TIMED_OUT, play.status("s"));
    assertTrue(play.timers.isEmpty());
  }

  @Test
  void a_run_yields_its_outputs_and_null_for_one_that_has_no_value() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w }\noutputs:\n  good: \"${{ steps.a.output + 1 }}\"\n"
                + "  bad: \"${{ steps.a.output.x }}\"\n");
    play.yield("a", 1L);
    Map<String, Object> outputs = Objects.requireNonNull(play.state.run().outputs());
    assertEquals(2L, outputs.get("good"));
    assertEquals(null, outputs.get("bad"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_run_with_a_limit_that_is_no_number_fails_before_it_starts_anything() {
    Play play = Play.of("maxParallel: \"${{ 'lots' }}\"\nsteps:\n  a: { call: w }\n");
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals(NOT_RUN, play.status("a"));
    assertFalse(play.state.run().reason() == null);
  }
}
