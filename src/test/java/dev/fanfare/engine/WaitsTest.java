package dev.fanfare.engine;

import static dev.fanfare.definition.StepStatus.ABORTED;
import static dev.fanfare.definition.StepStatus.APPROVED;
import static dev.fanfare.definition.StepStatus.CANCELLED;
import static dev.fanfare.definition.StepStatus.DENIED;
import static dev.fanfare.definition.StepStatus.DISCARDED;
import static dev.fanfare.definition.StepStatus.DISPATCHED;
import static dev.fanfare.definition.StepStatus.FAILED;
import static dev.fanfare.definition.StepStatus.NOT_RUN;
import static dev.fanfare.definition.StepStatus.RETRYING;
import static dev.fanfare.definition.StepStatus.SUCCEEDED;
import static dev.fanfare.definition.StepStatus.TIMED_OUT;
import static dev.fanfare.definition.StepStatus.WAITING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitsTest {

  private static final String AT = "2026-08-01T10:00:00Z";

  private static Play approval(String more) {
    return Play.of(
        "steps:\n  gate: { approval: " + more + " }\n  after: { needs: gate, call: w }\n");
  }

  private static Event.Judged judged(String step, boolean approved) {
    return new Event.Judged(step, approved, "ann", AT, "looks good", Map.of("size", 3L));
  }

  private static Map<String, Object> output(
      String decision, String by, String why, @Nullable Object form) {
    Map<String, Object> output = new HashMap<>();
    output.put("decision", decision);
    output.put("by", by);
    output.put("at", AT);
    output.put("reason", why);
    output.put("form", form);
    return output;
  }

  private static Verdict due(Play play, String step) {
    return play.event(new Event.Due(TimerKind.WAIT, step, play.row(step).attempt(), Map.of(), AT));
  }

  private static String token(Play play, String step) {
    return String.valueOf(Objects.requireNonNull(play.row(step).detail()).get("token"));
  }

  private static Decision.Await await(Play play, String step) {
    return play.decisions.stream()
        .filter(Decision.Await.class::isInstance)
        .map(Decision.Await.class::cast)
        .filter(await -> await.step().equals(step))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  @Test
  void an_approval_waits_with_its_message_and_holds_nothing() {
    Play play =
        Play.of(
            "maxParallel: 1\nsteps:\n  v: { pass: { output: 7 } }\n"
                + "  gate: { approval: \"Ship ${{ steps.v.output }}?\" }\n  other: { call: w }\n");
    play.yield("v", 7L);
    assertEquals(WAITING, play.status("gate"));
    assertEquals("awaiting_approval", play.reason("gate"));
    assertEquals(
        "Ship 7?", Objects.requireNonNull(play.row("gate").reason()).values().get("prompt"));
    assertEquals(List.of("other"), play.claimed());
    play.succeed("other");
    assertEquals(RunStatus.WAITING, play.run());
    assertTrue(play.timers.isEmpty());
  }

  @Test
  void who_approved_and_when_is_the_output_and_the_run_goes_on() {
    Play play = approval("Ship it?");
    assertEquals(Verdict.ACCEPTED, play.event(judged("gate", true)));
    assertEquals(APPROVED, play.status("gate"));
    assertEquals(output("approved", "ann", "looks good", Map.of("size", 3L)), play.output("gate"));
    assertEquals(DISPATCHED, play.status("after"));
    play.succeed("after");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_denial_is_a_failure_that_names_who_and_why() {
    Play play = approval("Ship it?");
    play.event(judged("gate", false));
    assertEquals(DENIED, play.status("gate"));
    ErrorInfo error = Objects.requireNonNull(play.row("gate").error());
    assertEquals("denied", error.code());
    assertEquals("denied by ann: looks good", error.message());
    assertEquals("ann", error.details().get("by"));
    assertEquals(output("denied", "ann", "looks good", Map.of("size", 3L)), play.output("gate"));
    assertEquals(NOT_RUN, play.status("after"));
    assertEquals(RunStatus.FAILED, play.run());
  }

  @Test
  void only_the_first_decision_counts() {
    Play play = approval("Ship it?");
    assertEquals(
        List.of(Verdict.ACCEPTED, Verdict.STALE, Verdict.STALE),
        play.events(List.of(judged("gate", true), judged("gate", false), judged("gate", true))));
    assertEquals(APPROVED, play.status("gate"));
    assertEquals(Verdict.STALE, play.event(judged("gate", false)));
    assertEquals(APPROVED, play.status("gate"));
  }

  @Test
  void a_denial_may_be_tolerated_replaced_and_asked_for() {
    Play tolerated =
        Play.of(
            "steps:\n  gate: { approval: Ok?, onFailure: { tolerate: true, output: none } }\n"
                + "  after: { needs: gate, call: w }\n");
    tolerated.event(judged("gate", false));
    assertEquals(DENIED, tolerated.status("gate"));
    assertEquals("none", tolerated.output("gate"));
    assertEquals(
        "ann",
        ((Map<?, ?>) Objects.requireNonNull(tolerated.row("gate").detail()).get("decided"))
            .get("by"));
    assertEquals(DISPATCHED, tolerated.status("after"));
    Play asked =
        Play.of(
            "steps:\n  gate: { approval: Ok? }\n"
                + "  no: { needs: { step: gate, on: denied }, call: w }\n"
                + "  any: { needs: { step: gate, on: failed }, call: w }\n");
    asked.event(judged("gate", false));
    assertEquals(List.of("any", "no"), asked.claimed());
  }

  @ParameterizedTest
  @CsvSource({
    "approve, APPROVED, approved",
    "deny, DENIED, denied",
    "continue, SUCCEEDED, timed_out"
  })
  void when_nobody_decides_in_time_the_file_does(String policy, StepStatus end, String decision) {
    Play play = approval("{ message: Ok?, timeout: 90s, onTimeout: " + policy + " }");
    assertEquals(Duration.ofSeconds(90), play.timers.get("WAIT gate"));
    assertEquals(Verdict.ACCEPTED, due(play, "gate"));
    assertEquals(end, play.status("gate"));
    assertEquals(
        output(decision, "timeout", "nobody decided within 1m30s", null), play.output("gate"));
    assertEquals(end == DENIED ? NOT_RUN : DISPATCHED, play.status("after"));
    assertEquals(Verdict.STALE, play.event(judged("gate", true)));
    assertTrue(play.timers.isEmpty());
  }

  @Test
  void a_decision_disarms_the_time_out_and_a_late_one_changes_nothing() {
    Play play = approval("{ message: Ok?, timeout: 5s, onTimeout: approve }");
    play.event(judged("gate", false));
    assertTrue(play.timers.isEmpty());
    assertEquals(Verdict.STALE, due(play, "gate"));
    assertEquals(DENIED, play.status("gate"));
  }

  @Test
  void the_limits_of_the_step_itself_time_it_out() {
    String step = "steps:\n  gate: { approval: { message: Ok?, timeout: 1h, onTimeout: approve }, ";
    Play attempt = Play.of(step + "timeout: 5s }\n");
    assertEquals(Duration.ofSeconds(5), attempt.timers.get("WAIT gate"));
    due(attempt, "gate");
    assertEquals(TIMED_OUT, attempt.status("gate"));
    Play total = Play.of(step + "timeout: { total: 5s } }\n").due(TimerKind.TOTAL, "gate");
    assertEquals(TIMED_OUT, total.status("gate"));
    assertTrue(total.timers.isEmpty());
    assertEquals(Verdict.STALE, total.event(judged("gate", true)));
  }

  @Test
  void a_message_without_a_value_or_without_an_end_fails_the_step() {
    Play play = Play.of("steps:\n  gate: { approval: \"${{ run.nothing.at }}\" }\n");
    assertEquals(FAILED, play.status("gate"));
    Play loud =
        Play.of(
            "steps:\n  a: { call: w }\n  gate: { approval: \"${{ steps.a.output }}\" }\n"
                + "  wait: { needs: a, waitFor: { event: \"${{ steps.a.output }}\" } }\n");
    loud.yield("a", "x".repeat(5_000));
    assertEquals("text_too_long", loud.error("gate"));
    assertEquals("text_too_long", loud.error("wait"));
  }

  @Test
  void nothing_but_a_waiting_approval_can_be_decided() {
    Play play = Play.of("steps:\n  a: { call: w }\n  e: { waitFor: x }\n  s: { sleep: 1m }\n");
    for (String step : List.of("a", "e", "s", "nobody")) {
      assertEquals(Verdict.STALE, play.event(judged(step, true)), step);
      assertEquals(Verdict.STALE, play.event(new Event.Happened(step, 7, "x")), step);
    }
    assertEquals(Verdict.STALE, play.event(new Event.Happened("s", 1, "x")));
    assertEquals(Verdict.STALE, approval("Ok?").event(new Event.Happened("gate", 1, "x")));
  }

  @Test
  void an_event_wakes_the_step_that_waits_for_it_with_its_payload() {
    Play play =
        Play.of(
            "params: { id: 5 }\nsteps:\n"
                + "  paid: { waitFor: { event: \"order.${{ 2 + 3 }}\", timeout: 1h } }\n"
                + "  after: { needs: paid, call: w }\n");
    assertEquals(
        new Decision.Await("paid", 1, Decision.Await.Kind.EVENT, "order.5"), await(play, "paid"));
    assertEquals(Verdict.ACCEPTED, play.event(new Event.Happened("paid", 1, Map.of("sum", 9L))));
    assertEquals(SUCCEEDED, play.status("paid"));
    assertEquals(Map.of("sum", 9L), play.output("paid"));
    assertEquals(DISPATCHED, play.status("after"));
    assertTrue(play.timers.isEmpty());
    assertTrue(play.decisions.contains(new Decision.Unawait("paid", true)));
    assertEquals(Verdict.STALE, play.event(new Event.Happened("paid", 1, Map.of("sum", 8L))));
  }

  @Test
  void an_event_that_does_not_match_leaves_the_step_waiting() {
    Play play =
        Play.of("steps:\n  paid: { waitFor: { event: e, match: \"${{ event.sum > 100 }}\" } }\n");
    assertEquals(Verdict.STALE, play.event(new Event.Happened("paid", 1, Map.of("sum", 9L))));
    assertTrue(Objects.requireNonNull(play.last).steps().isEmpty());
    assertEquals(WAITING, play.status("paid"));
    play.event(new Event.Happened("paid", 1, Map.of("sum", 101L)));
    assertEquals(SUCCEEDED, play.status("paid"));
  }

  @Test
  void an_event_that_the_condition_cannot_judge_is_told_of_once_and_waited_on() {
    Play play =
        Play.of("steps:\n  paid: { waitFor: { event: e, match: \"${{ event.sum > 100 }}\" } }\n");
    for (int i = 0; i < 3; i++) {
      assertEquals(Verdict.STALE, play.event(new Event.Happened("paid", 1, null)));
      long told =
          Objects.requireNonNull(play.last).notes().stream()
              .filter(note -> "step.match_failed".equals(note.get("type")))
              .count();
      assertEquals(i == 0 ? 1 : 0, told);
    }
    assertEquals(WAITING, play.status("paid"));
    play.event(new Event.Happened("paid", 1, Map.of("sum", 101L)));
    assertEquals(SUCCEEDED, play.status("paid"));
  }

  @Test
  void an_event_that_does_not_come_times_out_and_is_waited_for_again() {
    Play play =
        Play.of(
            "steps:\n"
                + "  paid: { waitFor: { event: e, timeout: 5s }, retry: { attempts: 2, delay: 1s }"
                + " }\n");
    due(play, "paid");
    assertEquals(RETRYING, play.status("paid"));
    assertEquals("timed_out", play.error("paid"));
    assertEquals(Verdict.STALE, play.event(new Event.Happened("paid", 1, "late")));
    play.due(TimerKind.RETRY, "paid");
    assertEquals(WAITING, play.status("paid"));
    assertEquals(2, await(play, "paid").attempt());
    assertEquals(Verdict.STALE, play.event(new Event.Happened("paid", 1, "late")));
    due(play, "paid");
    assertEquals(TIMED_OUT, play.status("paid"));
    assertEquals(
        "the event it waits for did not come within 5s",
        Objects.requireNonNull(play.row("paid").error()).message());
  }

  @Test
  void a_callback_has_a_token_that_can_be_read_while_it_waits() {
    Play play =
        Play.of(
            "steps:\n  done: { waitFor: { callback: true } }\n"
                + "  send: { pass: { output: \"${{ steps.done.token }}\" } }\n"
                + "  later: { needs: done, pass: { output: \"${{ steps.done.token }}\" } }\n");
    String token = token(play, "done");
    assertEquals(43, token.length());
    assertEquals(Tokens.digest(token), await(play, "done").key());
    assertNotEquals(token, await(play, "done").key());
    assertEquals(DISPATCHED, play.status("send"));
    assertEquals(
        token, ((Map<?, ?>) Objects.requireNonNull(steps(play, "send").get("done"))).get("token"));
    play.yield("send", token);
    play.event(new Event.Happened("done", 1, "result"));
    assertEquals("result", play.output("done"));
    assertNull(play.output("later"));
    assertFalse(String.valueOf(play.row("done")).contains(token));
  }

  private static Map<?, ?> steps(Play play, String reader) {
    return (Map<?, ?>)
        Objects.requireNonNull(Engine.scope(play.graph, play.state, reader).value("steps"));
  }

  @Test
  void a_token_follows_from_what_nobody_can_guess() {
    String yaml =
        "steps:\n  a: { waitFor: { callback: true } }\n  b: { waitFor: { callback: true } }\n";
    Play one = Play.queued(yaml).within(Context.REPORT.with("one"));
    one.event(new Event.Start());
    Play other = Play.queued(yaml).within(Context.REPORT.with("other"));
    other.event(new Event.Start());
    assertNotEquals(token(one, "a"), token(one, "b"));
    assertNotEquals(token(one, "a"), token(other, "a"));
  }

  @Test
  void each_attempt_of_a_callback_has_a_token_of_its_own() {
    Play play = Play.of("steps:\n  done: { waitFor: { callback: true, timeout: 5s }, retry: 2 }\n");
    String first = token(play, "done");
    due(play, "done");
    assertEquals(WAITING, play.status("done"));
    assertEquals(2, play.row("done").attempt());
    assertNotEquals(first, token(play, "done"));
    assertEquals(Verdict.STALE, play.event(new Event.Happened("done", 1, "late")));
  }

  @Test
  void a_callback_may_tell_of_a_failure_which_is_retried_and_tolerated_like_others() {
    Play play =
        Play.of(
            "steps:\n  done: { waitFor: { callback: true }, retry: { attempts: 2, delay: 1s, on:"
                + " [busy] }, onFailure: tolerate }\n  after: { needs: done, call: w }\n");
    ErrorInfo busy = ErrorInfo.of("busy", "come back later");
    play.event(new Event.Happened("done", 1, null, Optional.of(busy)));
    assertEquals(RETRYING, play.status("done"));
    play.due(TimerKind.RETRY, "done");
    play.event(new Event.Happened("done", 2, null, Optional.of(ErrorInfo.of("gone", "no"))));
    assertEquals(FAILED, play.status("done"));
    assertEquals("gone", play.error("done"));
    assertEquals(DISPATCHED, play.status("after"));
  }

  @Test
  void whoever_needs_it_waiting_starts_when_it_does() {
    Play play =
        Play.of(
            "steps:\n  gate: { approval: Ok? }\n"
                + "  tell: { needs: { step: gate, on: waiting }, call: w }\n");
    assertEquals(List.of("tell"), play.claimed());
  }

  @Test
  void a_cancel_a_group_and_a_run_that_are_over_end_the_wait() {
    String waits =
        "{ steps: { a: { approval: { message: Ok?, timeout: 1h } }, e: { waitFor: x },"
            + " c: { waitFor: { callback: true, timeout: 2h } } } } }\n";
    Play cancelled = Play.of("steps:\n  g: { parallel: " + waits).cancel();
    Play timedOut = Play.of("steps:\n  g: { timeout: 5s, parallel: " + waits);
    timedOut.due(TimerKind.GROUP, "g");
    Play over = Play.of("timeout: 5s\nsteps:\n  g: { parallel: " + waits).due(TimerKind.RUN, "");
    for (Play play : List.of(cancelled, timedOut, over)) {
      assertTrue(play.run().isTerminal());
      for (String step : List.of("g.a", "g.e", "g.c")) {
        assertEquals(play == cancelled ? CANCELLED : ABORTED, play.status(step), step);
        assertTrue(play.decisions.contains(new Decision.Unawait(step, false)), step);
      }
      assertEquals(Verdict.STALE, play.event(judged("g.a", true)));
      assertTrue(play.timers.isEmpty());
    }
  }

  @Test
  void a_wait_can_win_and_lose_a_race() {
    String race = "steps:\n  r: { race: { steps: { a: { approval: Ok? }, s: { waitFor: x } } } }\n";
    Play won = Play.of(race);
    won.event(judged("r.a", true));
    assertEquals(SUCCEEDED, won.status("r"));
    assertEquals(DISCARDED, won.status("r.s"));
    assertEquals(Verdict.STALE, won.event(new Event.Happened("r.s", 1, "x")));
    Play lost = Play.of(race);
    lost.event(judged("r.a", false));
    assertEquals(DENIED, lost.status("r.a"));
    assertEquals(WAITING, lost.status("r.s"));
    lost.event(new Event.Happened("r.s", 1, "x"));
    assertEquals("x", lost.output("r"));
  }

  @Test
  void a_wait_of_each_item_is_a_wait_of_its_own() {
    Play play =
        Play.of(
            "steps:\n"
                + "  ok: { forEach: [a, b], key: \"${{ item }}\", approval: \"${{ item }}?\""
                + " }\n");
    play.event(judged("ok[a]", true));
    assertEquals(WAITING, play.status("ok[b]"));
    play.event(judged("ok[b]", false));
    assertEquals(DENIED, play.status("ok[b]"));
    assertEquals(FAILED, play.status("ok"));
  }

  @Test
  void hooks_around_a_wait_run_before_its_end_is_told() {
    Play play =
        Play.of(
            "steps:\n"
                + "  gate: { approval: Ok?, hooks: { before: { call: h }, onFailure: { call: h } }"
                + " }\n"
                + "  after: { needs: { step: gate, on: denied }, call: w }\n");
    assertEquals(List.of("gate:before"), play.claimed());
    assertEquals(Verdict.STALE, play.event(judged("gate", true)));
    play.succeed("gate:before");
    assertEquals(Verdict.ACCEPTED, play.event(judged("gate", false)));
    assertEquals(List.of("gate:onFailure"), play.claimed());
    assertEquals(Verdict.STALE, play.event(judged("gate", true)));
    play.succeed("gate:onFailure");
    assertEquals(DENIED, play.status("gate"));
    assertEquals(List.of("after"), play.claimed());
  }

  @Test
  void a_wait_inside_a_loop_is_asked_for_in_every_turn() {
    Play play =
        Play.of(
            "steps:\n"
                + "  ask:\n"
                + "    loop:\n"
                + "      limit: 3\n"
                + "      until: \"${{ steps.gate.output.form.enough }}\"\n"
                + "      steps: { gate: { approval: Enough? } }\n");
    play.event(new Event.Judged("ask[0].gate", true, "ann", AT, "", Map.of("enough", false)));
    assertEquals(WAITING, play.status("ask[1].gate"));
    play.event(new Event.Judged("ask[1].gate", true, "ann", AT, "", Map.of("enough", true)));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_rerun_asks_again() {
    Play play = approval("Ship it?");
    play.event(judged("gate", false));
    assertEquals(RunStatus.FAILED, play.run());
    play.event(new Event.Rerun(new Event.From.Failed(), "bob"));
    assertEquals(WAITING, play.status("gate"));
    assertEquals(2, await(play, "gate").attempt());
    assertFalse(Objects.requireNonNull(play.row("gate").detail()).containsKey("decided"));
    play.event(judged("gate", true));
    play.succeed("after");
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_lock_is_held_while_the_step_waits_and_given_back_at_its_end() {
    Play play =
        Play.of("steps:\n  gate: { approval: { message: Ok?, timeout: 5s }, lock: { key: k } }\n");
    play.event(new Event.Due(TimerKind.GRANT, "gate", play.row("gate").attempt()));
    assertEquals("awaiting_approval", play.reason("gate"));
    assertFalse(play.decisions.stream().anyMatch(Decision.Release.class::isInstance));
    due(play, "gate");
    assertEquals(DENIED, play.status("gate"));
    assertTrue(play.decisions.stream().anyMatch(Decision.Release.class::isInstance));
  }

  @Test
  void a_limit_from_ready_to_begun_ends_when_it_waits() {
    Play play = Play.of("steps:\n  gate: { approval: Ok?, timeout: { queue: 5s } }\n");
    assertEquals(WAITING, play.status("gate"));
    assertTrue(play.timers.isEmpty(), play.timers::toString);
  }
}
