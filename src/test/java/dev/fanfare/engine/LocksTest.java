package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A lock is asked for once, held to the step's end, and given back exactly once. */
class LocksTest {

  /** The ticket of the newest question for a lock that a step has asked. */
  static int ticket(Play play, String step) {
    return play.decisions.stream()
        .filter(Decision.Acquire.class::isInstance)
        .map(Decision.Acquire.class::cast)
        .filter(acquire -> acquire.step().equals(step))
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("'" + step + "' has asked for nothing"))
        .ticket();
  }

  static Verdict grant(Play play, String step) {
    return play.event(new Event.Due(TimerKind.GRANT, step, ticket(play, step)));
  }

  private static List<String> released(Play play) {
    return play.decisions.stream()
        .filter(Decision.Release.class::isInstance)
        .map(Decision.Release.class::cast)
        .map(release -> release.step() + " " + release.key())
        .toList();
  }

  @Test
  void a_step_waits_for_its_lock_and_gives_it_back_when_it_ends() {
    Play play = Play.of("steps:\n  a: { call: w, lock: \"${{ 'to-' + workflow.name }}\" }\n");
    assertEquals(StepStatus.WAITING, play.status("a"));
    assertEquals("lock", play.reason("a"));
    assertEquals(List.of(), play.claimed());
    assertEquals(Verdict.ACCEPTED, grant(play, "a"));
    assertEquals(List.of("a"), play.claimed());
    assertEquals(List.of(), released(play));
    play.succeed("a");
    assertEquals(List.of("a to-test"), released(play));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void nobody_is_released_by_a_step_that_waits_for_its_lock() {
    Play play =
        Play.of(
            "steps:\n"
                + "  a: { call: w, lock: k }\n"
                + "  b: { needs: { step: a, on: waiting }, call: w }\n");
    assertEquals(StepStatus.PENDING, play.status("b"));
    grant(play, "a");
    play.succeed("a");
    assertEquals(StepStatus.NOT_RUN, play.status("b"));
  }

  @Test
  void the_lock_is_held_through_retries_and_lost_workers() {
    Play play = Play.of("steps:\n  a: { call: w, lock: k, retry: { attempts: 3, delay: 1s } }\n");
    grant(play, "a");
    play.fail("a").due(TimerKind.RETRY, "a");
    play.event(new Event.Lost("a", play.row("a").attempt()));
    assertEquals(List.of("a"), play.claimed());
    assertEquals(List.of(), released(play));
    play.fail("a").due(TimerKind.RETRY, "a").fail("a");
    assertEquals(List.of("a k"), released(play));
    assertEquals(StepStatus.FAILED, play.status("a"));
  }

  @Test
  void a_grant_that_comes_twice_or_late_changes_nothing() {
    Play play = Play.of("steps:\n  a: { call: w, lock: k }\n  b: { call: w }\n");
    int ticket = ticket(play, "a");
    grant(play, "a");
    assertEquals(Verdict.STALE, grant(play, "a"));
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.GRANT, "b", ticket)));
    play.succeed("a");
    assertEquals(Verdict.STALE, grant(play, "a"));
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.GRANT, "c", ticket)));
  }

  @Test
  void a_grant_of_what_was_asked_before_its_group_began_anew_changes_nothing() {
    Play play =
        Play.of(
            """
            steps:
              g:
                retry: 2
                parallel:
                  timeout: 1s
                  steps: { a: { call: w, lock: k } }
            """);
    int first = ticket(play, "g.a");
    play.due(TimerKind.GROUP, "g");
    assertEquals(StepStatus.WAITING, play.status("g.a"));
    assertEquals(List.of("g.a k"), released(play));
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.GRANT, "g.a", first)));
    assertEquals(StepStatus.WAITING, play.status("g.a"));
    assertEquals(Verdict.ACCEPTED, grant(play, "g.a"));
    play.succeed("g.a");
    assertEquals(List.of("g.a k", "g.a k"), released(play));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_group_holds_its_lock_until_all_in_it_has_ended_also_when_it_is_retried() {
    Play play =
        Play.of(
            """
            steps:
              g:
                lock: k
                retry: 2
                sequence: { steps: { a: { call: w }, b: { call: w } } }
            """);
    assertEquals(StepStatus.PENDING, play.status("g.a"));
    grant(play, "g");
    play.succeed("g.a").fail("g.b");
    assertEquals(List.of("g.a"), play.claimed());
    play.succeed("g.a").succeed("g.b");
    assertEquals(List.of("g k"), released(play));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_step_whose_group_holds_the_lock_does_not_wait_for_it() {
    Play play =
        Play.of(
            """
            steps:
              g:
                lock: k
                sequence: { steps: { a: { call: w, lock: k }, b: { call: w, lock: other } } }
            """);
    grant(play, "g");
    assertEquals(List.of("g.a"), play.claimed());
    play.succeed("g.a");
    grant(play, "g.b");
    play.succeed("g.b");
    assertEquals(List.of("g.b other", "g k"), released(play));
  }

  @Test
  void each_instance_of_a_fan_has_the_lock_of_its_own_item() {
    Play play =
        Play.of("steps:\n  a: { forEach: [x, y], as: n, call: w, lock: \"in-${{ n }}\" }\n");
    grant(play, "a[1]");
    assertEquals(List.of("a[1]"), play.claimed());
    play.succeed("a[1]");
    grant(play, "a[0]");
    play.succeed("a[0]");
    assertEquals(List.of("a[1] in-y", "a[0] in-x"), released(play));
  }

  @Test
  void a_branch_that_waits_for_its_lock_never_starts_once_its_race_is_won() {
    for (String losers : List.of("cancel", "finish", "await")) {
      Play play =
          Play.of(
              "steps:\n  r: { race: { losers: %s, steps: { a: { call: w }, b: { call: w, lock: k } } } }\n"
                  .formatted(losers));
      play.succeed("r.a");
      assertEquals(StepStatus.SKIPPED, play.status("r.b"));
      assertEquals(List.of("r.b k"), released(play));
      assertEquals(RunStatus.SUCCEEDED, play.run());
    }
  }

  @Test
  void a_cancelled_run_gives_back_what_it_holds_and_what_it_waits_for() {
    Play play = Play.of("steps:\n  a: { call: w, lock: k }\n  b: { call: w, lock: other }\n");
    grant(play, "a");
    play.cancel();
    assertEquals(StepStatus.CANCELLED, play.status("a"));
    assertEquals(StepStatus.NOT_RUN, play.status("b"));
    assertEquals(List.of("a k", "b other"), released(play));
    assertEquals(0, play.state.run().waiting());
  }

  @Test
  void the_hooks_of_a_step_work_while_it_has_its_lock() {
    String yaml =
        """
        steps:
          a:
            call: w
            lock: k
            hooks: { before: { call: w }, always: { call: w, lock: k } }
        """;
    Play play = Play.of(yaml);
    assertEquals(List.of(), play.claimed());
    grant(play, "a");
    play.succeed(play.claimed().getFirst()).succeed("a");
    assertEquals(List.of(), released(play));
    play.succeed(play.claimed().getFirst());
    assertEquals(List.of("a k"), released(play));
    assertEquals(RunStatus.SUCCEEDED, play.run());

    Play stopped = Play.of(yaml);
    grant(stopped, "a");
    stopped.succeed(stopped.claimed().getFirst()).begin("a").cancel();
    assertEquals(List.of(), released(stopped));
    stopped.succeed(stopped.claimed().getFirst());
    assertEquals(List.of("a k"), released(stopped));

    Play twice = Play.of(yaml);
    grant(twice, "a");
    twice.succeed(twice.claimed().getFirst()).begin("a").cancel().cancel();
    assertEquals(RunStatus.CANCELLED, twice.run());
    assertEquals(List.of("a k"), released(twice));

    Play queued = Play.of(yaml).cancel();
    assertEquals(RunStatus.CANCELLED, queued.run());
    assertEquals(List.of("a k"), released(queued));
  }

  @Test
  void a_key_that_is_empty_or_too_long_or_cannot_be_computed_fails_the_step() {
    Play play =
        Play.of(
            """
            steps:
              empty: { call: w, lock: "${{ '' }}", onFailure: tolerate }
              long: { call: w, lock: "${{ 'x%s' }}", onFailure: tolerate }
              broken: { call: w, lock: "${{ params.none.x }}" }
            """
                .formatted("x".repeat(600)));
    assertEquals("bad_lock_key", play.error("empty"));
    assertEquals("bad_lock_key", play.error("long"));
    assertEquals(StepStatus.FAILED, play.status("broken"));
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals(List.of(), released(play));
  }

  @Test
  void a_step_that_has_not_begun_in_time_is_timed_out_whatever_it_waits_for() {
    String queue = ", timeout: { queue: 5s }";
    Play locked = Play.of("steps:\n  a: { call: w, lock: k%s }\n".formatted(queue));
    assertEquals(Duration.ofSeconds(5), locked.timers.get("QUEUE a"));
    queueDue(locked, "a");
    assertEquals(StepStatus.TIMED_OUT, locked.status("a"));
    assertEquals("queue_timed_out", locked.error("a"));
    assertEquals(List.of("a k"), released(locked));
    assertTrue(locked.timers.isEmpty());

    Play handedOut = Play.of("steps:\n  a: { call: w%s }\n".formatted(queue));
    queueDue(handedOut, "a");
    assertEquals(StepStatus.TIMED_OUT, handedOut.status("a"));
    assertEquals(0, handedOut.state.run().active());

    Play parked =
        Play.of(
            "maxParallel: 1\nsteps:\n  b: { call: w }\n  a: { call: w%s }\n  c: { call: w }\n"
                .formatted(queue));
    queueDue(parked, "a");
    parked.succeed("b");
    assertEquals(List.of("c"), parked.claimed());
    parked.succeed("c");
    assertEquals(RunStatus.FAILED, parked.run());
  }

  @Test
  void a_step_that_begins_in_time_is_not_limited_any_more() {
    for (String work : List.of("call: w", "sleep: 1m", "sequence: { steps: { x: { call: w } } }")) {
      Play play = Play.of("steps:\n  a: { %s, timeout: { queue: 5s } }\n".formatted(work));
      if (play.claimed().contains("a")) {
        int ticket = queueTicket(play, "a");
        play.begin("a");
        assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.QUEUE, "a", ticket)));
      }
      assertTrue(!play.timers.containsKey("QUEUE a"), work);
    }
  }

  private static int queueTicket(Play play, String step) {
    return play.decisions.stream()
        .filter(Decision.Arm.class::isInstance)
        .map(Decision.Arm.class::cast)
        .filter(arm -> arm.kind() == TimerKind.QUEUE && arm.step().equals(step))
        .reduce((first, second) -> second)
        .orElseThrow()
        .attempt();
  }

  static void queueDue(Play play, String step) {
    assertEquals(
        Verdict.ACCEPTED,
        play.event(new Event.Due(TimerKind.QUEUE, step, queueTicket(play, step))));
  }

  @Test
  void whatever_a_step_remembers_its_lock_is_given_back() {
    String approval = "steps:\n  a: { approval: Ok?, lock: k }\n";
    Play asked = Play.of(approval);
    grant(asked, "a");
    asked.event(new Event.Judged("a", true, "ann", "", "", null));
    assertEquals(List.of("a k"), released(asked));
    Play waiting =
        Play.of("steps:\n  a: { waitFor: { event: e, match: \"${{ event.n > 1 }}\" }, lock: k }\n");
    grant(waiting, "a");
    waiting.event(new Event.Happened("a", 1, "no number", Optional.empty()));
    assertEquals(List.of(), released(waiting));
    waiting.event(new Event.Happened("a", 1, Map.of("n", 2L), Optional.empty()));
    assertEquals(List.of("a k"), released(waiting));
    Play choice =
        Play.of("steps:\n  a: { switch: [{ when: true, steps: { x: { call: w } } }], lock: k }\n");
    grant(choice, "a");
    choice.succeed("a.case1.x");
    assertEquals(List.of("a k"), released(choice));
    Play race = Play.of("steps:\n  a: { race: { steps: { x: { call: w } } }, lock: k }\n");
    grant(race, "a");
    race.succeed("a.x");
    assertEquals(List.of("a k"), released(race));
  }

  @Test
  void a_lock_is_held_until_the_hooks_of_its_step_have_ended() {
    Play play =
        Play.of(
            "steps:\n"
                + "  a: { call: w, lock: k, hooks: { before: { call: h }, always: { call: h } } }\n"
                + "  b: { call: w }\n");
    assertEquals(List.of("b"), play.claimed());
    grant(play, "a");
    play.succeed("a:before", "a");
    assertEquals(List.of(), released(play));
    play.succeed("a:always");
    assertEquals(List.of("a k"), released(play));
  }

  @Test
  void the_lock_of_a_step_that_is_stopped_is_held_until_its_hooks_have_ended() {
    Play play =
        Play.of("steps:\n  a: { call: w, lock: k, hooks: { always: { call: h, lock: k } } }\n");
    grant(play, "a");
    play.begin("a").cancel();
    assertEquals(List.of("a:always"), play.claimed());
    assertEquals(List.of(), released(play));
    play.succeed("a:always");
    assertEquals(List.of("a k"), released(play));
  }

  @Test
  void a_step_that_gave_up_waiting_for_its_lock_is_not_disturbed_in_its_hooks() {
    Play play =
        Play.of(
            "steps:\n"
                + "  a: { call: w, lock: k, timeout: { queue: 5s }, hooks: { onFailure: { call: h }"
                + " } }\n");
    int ticket = ticket(play, "a");
    Decision.Arm limit =
        play.decisions.stream()
            .filter(Decision.Arm.class::isInstance)
            .map(Decision.Arm.class::cast)
            .findFirst()
            .orElseThrow();
    play.event(new Event.Due(TimerKind.QUEUE, "a", limit.attempt()));
    assertEquals(List.of("a:onFailure"), play.claimed());
    assertEquals(List.of("a k"), released(play));
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.GRANT, "a", ticket)));
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.QUEUE, "a", limit.attempt())));
    play.succeed("a:onFailure");
    assertEquals(StepStatus.TIMED_OUT, play.status("a"));
    assertEquals(List.of("a k"), released(play));
  }

  @Test
  void a_step_that_waits_for_its_lock_has_not_begun_and_calls_no_hook() {
    Play play =
        Play.of("steps:\n  a: { call: w, lock: k, hooks: { always: { call: h } } }\n").cancel();
    assertEquals(StepStatus.NOT_RUN, play.status("a"));
    assertEquals(RunStatus.CANCELLED, play.run());
  }

  @Test
  void a_result_from_the_cache_is_no_work_and_calls_no_hook() {
    Play play =
        Play.of(
            "steps:\n"
                + "  a: { call: w, cache: { key: k }, hooks: { before: { call: h }, always: { call:"
                + " h } } }\n");
    Decision.Arm asked =
        play.decisions.stream()
            .filter(Decision.Arm.class::isInstance)
            .map(Decision.Arm.class::cast)
            .findFirst()
            .orElseThrow();
    play.event(
        new Event.Answered(
            "a", asked.attempt(), new Event.Answer.Cached(Map.of("output", "known"))));
    assertEquals(StepStatus.SUCCEEDED, play.status("a"));
    assertEquals(List.of(), play.started());
  }

  @Test
  void a_step_that_has_waited_for_its_lock_as_long_as_it_may_is_cancelled_and_fails_the_run() {
    String step = "  a: { call: w, lock: { key: k, waitMax: 5h }%s }\n";
    String after =
        "  b: { needs: { step: a, on: cancelled }, call: w }\n  c: { needs: a, call: w }\n";
    Play play = Play.of("steps:\n" + step.formatted("") + after);
    assertEquals(Duration.ofHours(5), play.timers.get("LOCK a"));
    play.event(new Event.Due(TimerKind.LOCK, "a", ticket(play, "a")));
    assertEquals(StepStatus.CANCELLED, play.status("a"));
    assertEquals("lock_wait_max", play.reason("a"));
    assertEquals(List.of("a k"), released(play));
    assertEquals(StepStatus.NOT_RUN, play.status("c"));
    assertEquals(RunStatus.FAILED, play.succeed("b").run());
    assertTrue(play.timers.isEmpty());
    Play forgiven = Play.of("steps:\n" + step.formatted(", onFailure: tolerate") + after);
    forgiven.event(new Event.Due(TimerKind.LOCK, "a", ticket(forgiven, "a")));
    assertEquals(RunStatus.PARTIALLY_SUCCEEDED, forgiven.succeed("b", "c").run());
    Play again = Play.of("steps:\n" + step.formatted(""));
    again.event(new Event.Due(TimerKind.LOCK, "a", ticket(again, "a")));
    again.event(new Event.Rerun(new Event.From.Failed(), "ann"));
    grant(again, "a");
    assertEquals(RunStatus.SUCCEEDED, again.succeed("a").run());
  }

  @Test
  void a_limit_on_the_wait_is_over_when_the_lock_is_there() {
    Play play = Play.of("steps:\n  a: { call: w, lock: { key: k, waitMax: 5h } }\n");
    int ticket = ticket(play, "a");
    grant(play, "a");
    assertTrue(play.timers.isEmpty());
    assertEquals(Verdict.STALE, play.event(new Event.Due(TimerKind.LOCK, "a", ticket)));
    assertEquals(List.of("a"), play.claimed());
  }

  @Test
  void a_step_whose_lock_a_younger_run_wants_is_skipped() {
    String step = "  a: { call: w, lock: { key: k, skipOlder: true }%s }\n";
    String after = "  b: { needs: a, call: w }\n";
    Map<String, Object> data = Map.of("key", "k", "run", "the younger one");
    for (String satisfy : List.of("", ", onSkip: satisfy")) {
      Play play = Play.of("steps:\n" + step.formatted(satisfy) + after);
      int ticket = ticket(play, "a");
      play.event(new Event.Due(TimerKind.REFUSE, "a", ticket, data, ""));
      assertEquals(StepStatus.SKIPPED, play.status("a"));
      assertEquals("older_run", play.reason("a"));
      assertEquals(
          satisfy.isEmpty() ? StepStatus.SKIPPED : StepStatus.DISPATCHED, play.status("b"));
      assertEquals(
          Verdict.STALE, play.event(new Event.Due(TimerKind.GRANT, "a", ticket)), "too late");
    }
    Play granted = Play.of("steps:\n" + step.formatted(""));
    grant(granted, "a");
    int ticket = ticket(granted, "a");
    assertEquals(
        Verdict.STALE, granted.event(new Event.Due(TimerKind.REFUSE, "a", ticket, data, "")));
  }
}
