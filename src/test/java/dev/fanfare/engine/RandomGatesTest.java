package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.engine.Event.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Drawn workflows full of locks, caches and breakers, driven by drawn events in any order, some of
 * them old: what a step asks for it gives back exactly once, and whoever works has what it needs.
 */
class RandomGatesTest {
  private static final long SEED = Long.getLong("fanfare.seed", 20_261_121L);
  private static final int RUNS = Integer.getInteger("fanfare.gates", 1_500);
  private static final int MOST_EVENTS = 300;

  @Test
  void what_a_step_asks_for_it_gives_back_exactly_once() {
    System.out.println("random gates: " + RUNS + " from seed " + SEED);
    for (long seed = SEED; seed < SEED + RUNS; seed++) {
      Drive drive = new Drive(seed);
      try {
        drive.go();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + "\n" + drive.yaml, e);
      }
    }
  }

  private static final class Drive {

    /** A row of the table of locks. */
    private static final class Hold {
      final int ticket;
      final String key;
      boolean granted;

      Hold(int ticket, String key) {
        this.ticket = ticket;
        this.key = key;
      }
    }

    final String yaml;
    private final Random random;
    private final Map<String, Hold> holds = new HashMap<>();
    private final Map<String, Decision.Arm> timers = new HashMap<>();
    private final List<Event> old = new ArrayList<>();
    private final Play play;
    private int names;

    Drive(long seed) {
      this.random = new Random(seed);
      StringBuilder text = new StringBuilder();
      if (one(4)) {
        text.append("concurrency: runs\n");
      }
      text.append("steps:\n");
      int steps = 1 + random.nextInt(3);
      for (int i = 0; i < steps; i++) {
        text.append("  ").append(step(2)).append('\n');
      }
      this.yaml = text.toString();
      this.play = Play.queued(yaml);
    }

    private boolean one(int of) {
      return random.nextInt(of) == 0;
    }

    private String step(int depth) {
      StringBuilder step = new StringBuilder("s" + names++ + ": { ");
      if (one(2)) {
        step.append("lock: k").append(random.nextInt(3)).append(", ");
      }
      if (one(4)) {
        step.append("cache: c, ");
      }
      if (one(3)) {
        step.append("breaker: b, ");
      }
      if (one(3)) {
        step.append(one(2) ? "retry: 2, " : "retry: { attempts: 3, delay: 1s }, ");
      }
      if (one(3)) {
        step.append("timeout: { queue: 5s, total: 1m }, ");
      }
      if (one(6)) {
        step.append("onFailure: tolerate, ");
      }
      if (one(6)) {
        step.append("hooks: { before: { call: h }, always: { call: h } }, ");
      }
      return step.append(body(depth)).append(" }").toString();
    }

    private String body(int depth) {
      int kind = random.nextInt(depth == 0 ? 3 : 7);
      return switch (kind) {
        case 0, 1 -> "call: w";
        case 2 -> "sleep: 1m";
        case 3 -> "sequence: { steps: { " + step(depth - 1) + ", " + step(depth - 1) + " } }";
        case 4 ->
            "parallel: { timeout: 9s, steps: { "
                + step(depth - 1)
                + ", "
                + step(depth - 1)
                + " } }";
        case 5 ->
            "race: { losers: %s, steps: { %s, %s } }"
                .formatted(
                    List.of("cancel", "finish", "await").get(random.nextInt(3)),
                    step(depth - 1),
                    step(depth - 1));
        default -> "forEach: [1, 2, 3], maxParallel: 2, call: w";
      };
    }

    void go() {
      event(new Event.Start());
      for (int i = 0; i < MOST_EVENTS && !play.run().isTerminal(); i++) {
        event(i > 0 && one(100) ? new Event.Cancel("ann", "") : next());
      }
      for (int i = 0; i < 9 && !play.run().isTerminal(); i++) {
        event(new Event.Cancel("ann", ""));
      }
      assertTrue(play.run().isTerminal(), () -> "it does not end: " + play.run());
      assertEquals(Map.of(), holds, "given back");
      assertEquals(Map.of(), timers, "asked no more");
    }

    private Event next() {
      List<Event> events = new ArrayList<>();
      holds.forEach(
          (step, hold) -> {
            if (hold.granted
                || holds.values().stream().noneMatch(h -> h.granted && h.key.equals(hold.key))) {
              events.add(new Event.Due(TimerKind.GRANT, step, hold.ticket));
            }
          });
      timers.values().forEach(arm -> events.add(fired(arm)));
      for (String step : play.claimed()) {
        int attempt = play.row(step).attempt();
        events.add(new Event.Begin(step, attempt));
        events.add(Play.report(step, attempt, Outcome.Succeeded.of(step)));
        events.add(Play.report(step, attempt, Outcome.Failed.of(ErrorInfo.of("boom", "it broke"))));
        if (one(5)) {
          events.add(new Event.Lost(step, attempt));
        }
      }
      if (events.isEmpty() || (!old.isEmpty() && one(8))) {
        return old.isEmpty() ? new Event.Cancel("ann", "") : old.get(random.nextInt(old.size()));
      }
      return events.get(random.nextInt(events.size()));
    }

    private Event fired(Decision.Arm arm) {
      if (arm.kind() != TimerKind.ASK) {
        return new Event.Due(arm.kind(), arm.step(), arm.attempt());
      }
      Answer answer =
          arm.data().containsKey("cache")
              ? one(3) ? new Answer.Cached(Map.of("output", 1L)) : new Answer.NotCached()
              : one(3) ? new Answer.BreakerOpen(5) : new Answer.BreakerClosed(one(2));
      return new Event.Answered(arm.step(), arm.attempt(), answer);
    }

    private void event(Event event) {
      if (event instanceof Event.Due due && due.kind() == TimerKind.GRANT) {
        Hold hold = holds.get(due.step());
        if (hold != null && hold.ticket == due.attempt()) {
          hold.granted = true;
        }
      }
      if (!(event instanceof Event.Cancel) && !(event instanceof Event.Start)) {
        old.add(event);
      }
      play.event(event);
      play.last.decisions().forEach(this::keep);
      for (StepRow row : play.last.steps()) {
        boolean works = !row.status().isTerminal() && (row.marks() & StepRow.Marks.LOCKED) != 0;
        if (works && holds.containsKey(row.path())) {
          assertTrue(holds.get(row.path()).granted, () -> "it has its lock: " + row);
        }
      }
    }

    private void keep(Decision decision) {
      switch (decision) {
        case Decision.Acquire acquire -> {
          Hold before = holds.put(acquire.step(), new Hold(acquire.ticket(), acquire.key()));
          assertEquals(null, before, "asked once: " + acquire);
        }
        case Decision.Release release -> {
          Hold hold = holds.remove(release.step());
          assertTrue(hold != null, () -> "given back once: " + release);
          assertEquals(hold.key, release.key());
        }
        case Decision.Arm arm -> timers.put(arm.kind() + " " + arm.step(), arm);
        case Decision.Disarm disarm -> timers.remove(disarm.kind() + " " + disarm.step());
        case Decision.Finish ignored -> {
          assertEquals(Map.of(), holds, "nothing is held at the end");
          timers.clear();
        }
        case Decision ignored -> {}
      }
    }
  }
}
