package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.engine.Event.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is asked of the cache and of breakers, and what their answers do. */
class LookupsTest {

  /** The newest question that a step has asked. */
  private static Decision.Arm question(Play play, String step) {
    return play.decisions.stream()
        .filter(Decision.Arm.class::isInstance)
        .map(Decision.Arm.class::cast)
        .filter(arm -> arm.kind() == TimerKind.ASK && arm.step().equals(step))
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("'" + step + "' has asked nothing"));
  }

  static Verdict answer(Play play, String step, Answer answer) {
    return play.event(new Event.Answered(step, question(play, step).attempt(), answer));
  }

  private static <T extends Decision> List<T> decided(Play play, Class<T> kind) {
    return play.decisions.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static List<String> tallies(Play play) {
    return decided(play, Decision.Tally.class).stream()
        .map(tally -> tally.result() + (tally.trial() ? " of the trial" : ""))
        .toList();
  }

  @Test
  void a_cached_result_is_taken_and_the_step_does_not_run() {
    Play play =
        Play.of(
            "steps:\n"
                + "  a: { call: w, cache: { key: \"${{ run.id }}\", ttl: 1h } }\n"
                + "  b: { needs: a, call: w }\n");
    assertEquals("cache_lookup", play.reason("a"));
    String key = "test/a/" + Flows.facts(1).id();
    assertEquals(Map.of("cache", key), question(play, "a").data());
    answer(play, "a", new Answer.Cached(Map.of("output", "kept", "exitCode", 0L)));
    assertEquals(StepStatus.SUCCEEDED, play.status("a"));
    assertEquals("cached", play.reason("a"));
    assertEquals("kept", play.output("a"));
    assertEquals(0, play.row("a").attempt());
    assertEquals(List.of("b"), play.claimed());
    play.succeed("b");
    assertEquals(List.of(), decided(play, Decision.Remember.class));
    assertTrue(play.timers.isEmpty());
  }

  @Test
  void a_result_that_nobody_had_is_kept_once_the_step_has_succeeded() {
    Play play = Play.of("steps:\n  a: { call: w, cache: { key: k, ttl: 1h }, retry: 2 }\n");
    answer(play, "a", new Answer.NotCached());
    play.fail("a");
    assertEquals(List.of(), decided(play, Decision.Remember.class));
    play.yield("a", 7L);
    assertEquals(
        List.of(
            new Decision.Remember(
                "test/a/k", Map.of("output", 7L), Optional.of(Duration.ofHours(1)))),
        decided(play, Decision.Remember.class));
    assertEquals(
        1,
        decided(play, Decision.Arm.class).stream()
            .filter(arm -> arm.kind() == TimerKind.ASK)
            .count(),
        "it is asked once");
  }

  @Test
  void a_failure_is_never_kept_also_not_one_that_counts_as_a_success() {
    Play play =
        Play.of(
            "steps:\n  a: { call: w, cache: k, onFailure: { output: 1, status: succeeded } }\n");
    answer(play, "a", new Answer.NotCached());
    play.fail("a");
    assertEquals(StepStatus.SUCCEEDED, play.status("a"));
    assertEquals(List.of(), decided(play, Decision.Remember.class));
  }

  @Test
  void structures_and_instances_are_cached_too_and_a_race_keeps_its_winner() {
    String race = "race: { steps: { one: { call: w }, two: { call: w } } }";
    Play play = Play.of("steps:\n  r: { cache: k, %s }\n".formatted(race));
    answer(play, "r", new Answer.NotCached());
    play.yield("r.two", 2L);
    Decision.Remember kept = decided(play, Decision.Remember.class).getFirst();
    assertEquals(Map.of("output", 2L, "winner", "two"), kept.result());

    Play again =
        Play.of(
                "steps:\n  r: { cache: k, %s }\n  b: { pass: { output: \"${{ steps.r.winner }}\" } }\n"
                    .formatted(race))
            .within(Context.REPORT);
    answer(again, "r", new Answer.Cached(kept.result()));
    assertEquals(List.of("b"), again.claimed());
    assertEquals(StepStatus.PENDING, again.status("r.one"));
    assertEquals("two", again.row("r").detail().get("winner"));

    Play fan = Play.of("steps:\n  f: { forEach: [1, 2], call: w, cache: \"item ${{ item }}\" }\n");
    assertEquals(Map.of("cache", "test/f[*]/item 2"), question(fan, "f[1]").data());
    answer(fan, "f[1]", new Answer.Cached(Map.of("output", "two")));
    answer(fan, "f[0]", new Answer.NotCached());
    fan.succeed("f[0]");
    assertEquals(List.of("f[0]", "two"), fan.output("f"));
  }

  @Test
  void an_answer_to_an_earlier_question_changes_nothing() {
    Play play =
        Play.of(
            """
            steps:
              g: { retry: 2, parallel: { timeout: 1s, steps: { a: { call: w, cache: k } } } }
            """);
    int first = question(play, "g.a").attempt();
    play.due(TimerKind.GROUP, "g");
    Event.Answered old =
        new Event.Answered("g.a", first, new Answer.Cached(Map.of("output", "old")));
    assertEquals(Verdict.STALE, play.event(old));
    answer(play, "g.a", new Answer.NotCached());
    assertEquals(Verdict.STALE, play.event(old));
    assertEquals(List.of("g.a"), play.claimed());
  }

  @Test
  void the_lock_comes_before_the_cache() {
    Play play = Play.of("steps:\n  a: { call: w, lock: k, cache: k }\n");
    LocksTest.grant(play, "a");
    assertEquals("cache_lookup", play.reason("a"));
    answer(play, "a", new Answer.Cached(Map.of("output", 1L)));
    assertEquals(1, decided(play, Decision.Release.class).size());
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_step_that_is_stopped_while_it_asks_asks_no_more() {
    Play play = Play.of("steps:\n  a: { call: w, cache: k }\n");
    play.cancel();
    assertEquals(StepStatus.NOT_RUN, play.status("a"));
    assertTrue(play.timers.isEmpty());
    Play raced =
        Play.of("steps:\n  r: { race: { steps: { a: { call: w }, b: { call: w, cache: k } } } }\n");
    raced.succeed("r.a");
    assertEquals(StepStatus.SKIPPED, raced.status("r.b"));
    assertFalse(raced.timers.containsKey("ASK r.b"));
  }

  @Test
  void a_cache_key_that_is_empty_fails_the_step() {
    Play play = Play.of("steps:\n  a: { call: w, cache: \"${{ '' }}\" }\n");
    assertEquals("bad_cache_key", play.error("a"));
  }

  private static final String GUARDED =
      "steps:\n  a: { call: w, breaker: { name: shop, threshold: 3, recovery: 10s }%s }\n";

  @Test
  void the_breaker_is_asked_before_every_attempt_and_told_of_its_end() {
    Play play = Play.of(GUARDED.formatted(", retry: { attempts: 3, delay: 1s }"));
    assertEquals("breaker_lookup", play.reason("a"));
    assertEquals(Map.of("breaker", "shop", "recoveryMs", 10_000L), question(play, "a").data());
    answer(play, "a", new Answer.BreakerClosed(false));
    play.fail("a").due(TimerKind.RETRY, "a");
    assertEquals(StepStatus.WAITING, play.status("a"));
    answer(play, "a", new Answer.BreakerClosed(false));
    play.succeed("a");
    assertEquals(List.of("FAILURE", "SUCCESS"), tallies(play));
    assertEquals(
        new Decision.Tally("shop", Decision.Tally.Result.FAILURE, false, 3, Duration.ofSeconds(10)),
        decided(play, Decision.Tally.class).getFirst());
  }

  @Test
  void an_attempt_that_is_not_let_through_has_failed_and_is_retried_like_others() {
    Play play = Play.of(GUARDED.formatted(", retry: { attempts: 3, delay: 1s }"));
    answer(play, "a", new Answer.BreakerOpen(400));
    assertEquals(StepStatus.RETRYING, play.status("a"));
    assertEquals("breaker_open", play.error("a"));
    assertEquals(400L, play.row("a").error().details().get("retryAfterMs"));
    play.due(TimerKind.RETRY, "a");
    answer(play, "a", new Answer.BreakerClosed(true));
    play.fail("a").due(TimerKind.RETRY, "a");
    answer(play, "a", new Answer.BreakerOpen(400));
    assertEquals(StepStatus.FAILED, play.status("a"));
    assertEquals(List.of("FAILURE of the trial"), tallies(play));
    assertEquals(3, play.row("a").attempt());
  }

  @Test
  void a_trial_that_is_stopped_is_given_back() {
    Play play = Play.of(GUARDED.formatted(""));
    answer(play, "a", new Answer.BreakerClosed(true));
    play.begin("a").cancel();
    assertEquals(List.of("NONE of the trial"), tallies(play));

    Play calm = Play.of(GUARDED.formatted(""));
    answer(calm, "a", new Answer.BreakerClosed(false));
    calm.begin("a").cancel();
    assertEquals(List.of(), tallies(calm));
  }

  @Test
  void each_way_to_fail_is_told_once() {
    Play timedOut = Play.of(GUARDED.formatted(", timeout: { total: 5s }"));
    answer(timedOut, "a", new Answer.BreakerClosed(false));
    timedOut.begin("a").due(TimerKind.TOTAL, "a");
    assertEquals(List.of("FAILURE"), tallies(timedOut));

    Play tolerated = Play.of(GUARDED.formatted(", onFailure: { output: 1, status: succeeded }"));
    answer(tolerated, "a", new Answer.BreakerClosed(false));
    tolerated.fail("a");
    assertEquals(List.of("FAILURE"), tallies(tolerated));

    Play lost = Play.of(GUARDED.formatted("")).within(new Context(true, 10, 0));
    answer(lost, "a", new Answer.BreakerClosed(true));
    lost.event(new Event.Lost("a", 1));
    assertEquals(List.of("FAILURE of the trial"), tallies(lost));

    Play unbegun = Play.of(GUARDED.formatted(", timeout: { queue: 5s }"));
    answer(unbegun, "a", new Answer.BreakerClosed(true));
    LocksTest.queueDue(unbegun, "a");
    assertEquals(List.of("NONE of the trial"), tallies(unbegun));
  }

  @Test
  void a_group_can_be_guarded_and_its_limits_hold_whether_it_is_let_through_or_not() {
    String yaml =
        """
        steps:
          g:
            breaker: shop
            timeout: { total: 1m }
            retry: { attempts: 4, delay: 1s }
            sequence: { steps: { a: { call: w } } }
        """;
    Play play = Play.of(yaml);
    answer(play, "g", new Answer.BreakerOpen(1));
    play.due(TimerKind.RETRY, "g");
    answer(play, "g", new Answer.BreakerClosed(true));
    int total = decided(play, Decision.Arm.class).getLast().attempt();
    play.fail("g.a");
    assertEquals(List.of("FAILURE of the trial"), tallies(play));
    play.due(TimerKind.RETRY, "g");
    assertEquals("breaker_lookup", play.reason("g"));
    assertEquals(Verdict.ACCEPTED, play.event(new Event.Due(TimerKind.TOTAL, "g", total)));
    assertEquals(StepStatus.TIMED_OUT, play.status("g"));
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals(0, play.state.run().waiting());
  }

  @Test
  void a_lost_worker_does_not_ask_the_breaker_again() {
    Play play = Play.of(GUARDED.formatted(""));
    answer(play, "a", new Answer.BreakerClosed(true));
    play.event(new Event.Lost("a", 1));
    assertEquals(List.of("a"), play.claimed());
    play.succeed("a");
    assertEquals(List.of("SUCCESS of the trial"), tallies(play));
  }
}
