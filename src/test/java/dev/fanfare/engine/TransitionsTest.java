package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.definition.ErrorInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TransitionsTest {
  private static final long SEED = Long.getLong("fanfare.seed", 20_260_801L);
  private static final int GRAPHS = 300;

  /** Runs that go where drawn graphs seldom or never do. */
  private static List<Play> rare() {
    String one = "steps:\n  a: { call: w%s }\n";
    String retried = ", retry: { attempts: 2, delay: 1s }";
    String limited = ", timeout: { total: 1s }";
    String sleep = "steps:\n  a: { sleep: 1m%s }\n";
    String asSkipped = ", onFailure: { tolerate: true, status: skipped }";
    String asSucceeded = ", onFailure: { tolerate: true, status: succeeded }";
    String wrong = ", when: \"${{ run.nothing.at }}\"";
    String race =
        "r: { race: { losers: finish, steps: { a: { call: w }, b: { call: w, timeout: { total: 9s }"
            + " } } } }";
    Context impatient = new Context(true, 10, 1);
    List<Play> plays = new ArrayList<>();
    String child = "steps:\n  a: { workflow: w%s }\n";
    plays.add(Play.of(child.formatted("")).begin("a").child("a").childFails("a"));
    plays.add(Play.of(child.formatted(retried)).begin("a").child("a").childFails("a"));
    plays.add(Play.queued(one.formatted("")).cancel());
    plays.add(Play.of(one.formatted("")).cancel());
    plays.add(Play.of(one.formatted(retried)).fail("a").cancel());
    plays.add(Play.of(sleep.formatted("")).cancel());
    plays.add(Play.of("timeout: 5s\n" + sleep.formatted("")).due(TimerKind.RUN, ""));
    String timed = ", timeout: 5s";
    plays.add(Play.of("onFailure: abort\n" + sleep.formatted(timed)).due(TimerKind.TOTAL, "a"));
    plays.add(Play.of(sleep.formatted(timed + asSkipped)).due(TimerKind.TOTAL, "a"));
    plays.add(Play.of(one.formatted(limited)).due(TimerKind.TOTAL, "a"));
    plays.add(Play.of(one.formatted(limited + asSucceeded)).due(TimerKind.TOTAL, "a"));
    plays.add(Play.of(one.formatted(limited + asSkipped)).due(TimerKind.TOTAL, "a"));
    for (String as : List.of(asSucceeded, asSkipped)) {
      Play waiting = Play.of(one.formatted(retried + limited + as)).fail("a");
      plays.add(waiting.due(TimerKind.TOTAL, "a"));
    }
    plays.add(Play.of(one.formatted(wrong)));
    plays.add(Play.of(one.formatted(wrong + asSucceeded)));
    plays.add(lost(Play.of(one.formatted("")).within(impatient), "a", 2));
    plays.add(Play.of("steps:\n  " + race).succeed("r.a"));
    Play loser = Play.of("steps:\n  " + race).begin("r.b").succeed("r.a").within(impatient);
    plays.add(lost(loser, "r.b", 2));
    String behind = "\n  c: { call: w }\n  d: { call: w }\n";
    String deep = "{ sequence: { steps: { x: { sequence: { steps: { y: { call: w } } } } } } }";
    String later = "\n  c: " + deep + "\n  d: " + deep + "\n";
    Play parked = Play.of("maxParallel: 2\nsteps:\n  " + race + later);
    plays.add(lost(parked.begin("r.b").succeed("r.a"), "r.b", 1).due(TimerKind.TOTAL, "r.b"));
    Play slow = Play.of("maxParallel: 1\n" + one.formatted(limited) + behind);
    plays.add(lost(slow, "a", 1).due(TimerKind.TOTAL, "a"));
    Event rerun = new Event.Rerun(new Event.From.Start(), "ann");
    String tolerated = one.formatted(", onFailure: { tolerate: true }") + "  b: { call: w }\n";
    for (Play over :
        List.of(
            Play.of(one.formatted("")).succeed("a"),
            Play.of(one.formatted("")).fail("a"),
            Play.of(one.formatted("")).cancel(),
            Play.of("timeout: 5s\n" + one.formatted("")).due(TimerKind.RUN, ""),
            Play.of(tolerated).fail("a").succeed("b"))) {
      over.event(rerun);
      plays.add(over);
    }
    plays.addAll(waits());
    Play locked = Play.of(one.formatted(", lock: k") + "\n  b: { call: w, lock: k }\n");
    LocksTest.grant(locked, "a");
    plays.add(locked.cancel());
    plays.addAll(hooks());
    Play again = Play.of("autoRerun: 1\nsteps:\n  a: { call: w }\n").fail("a");
    plays.add(after(again, new Event.Due(TimerKind.RERUN, "", 1)));
    return plays;
  }

  private static List<Play> hooks() {
    String around = ", hooks: { before: { call: h }, always: { call: h } }";
    String step = "steps:\n  a: { call: w" + around + "%s }\n";
    String full = "maxParallel: 1\n" + step.formatted("") + "  b: { call: w" + around + " }\n";
    String limited = ", retry: { attempts: 2, delay: 1s }, timeout: { total: 9s }";
    List<Play> plays = new ArrayList<>();
    plays.add(Play.of(full).succeed("a:before", "b:before").cancel());
    String other = full.replace("maxParallel: 1", "maxParallel: 2") + "  c: { call: w }\n";
    plays.add(Play.of("onFailure: abort\n" + other).succeed("a:before").fail("c"));
    Play late = Play.of(step.formatted(limited)).succeed("a:before").fail("a");
    plays.add(late.due(TimerKind.TOTAL, "a").succeed("a:always"));
    Play lost = Play.of(step.formatted("")).succeed("a:before");
    plays.add(lost(lost.within(new Context(true, 10, 1)), "a", 2).succeed("a:always"));
    plays.add(Play.of(step.formatted("")).succeed("a:before").begin("a").succeed("a", "a:always"));
    return plays;
  }

  private static List<Play> waits() {
    String approval = "steps:\n  a: { approval: Ok? }\n";
    String wait = "steps:\n  a: { waitFor: x%s }\n";
    Event approved = new Event.Judged("a", true, "ann", "", "", null);
    Event denied = new Event.Judged("a", false, "ann", "", "", null);
    Event failed = new Event.Happened("a", 1, null, Optional.of(ErrorInfo.of("boom", "no")));
    List<Play> plays = new ArrayList<>();
    plays.add(after(Play.of(approval), approved));
    plays.add(after(Play.of(approval), denied));
    plays.add(after(Play.of(wait.formatted("")), failed));
    plays.add(after(Play.of(wait.formatted(", retry: { attempts: 2, delay: 1s }")), failed));
    return plays;
  }

  private static Play after(Play play, Event event) {
    play.event(event);
    return play;
  }

  private static Play lost(Play play, String step, int times) {
    for (int i = 0; i < times; i++) {
      play.event(new Event.Lost(step, play.row(step).attempt()));
    }
    return play;
  }

  @Test
  void every_declared_transition_is_visited() {
    System.out.println("transitions: " + GRAPHS + " graphs from seed " + SEED);
    Set<Transitions.Change> visited = new HashSet<>();
    for (long seed = SEED; seed < SEED + GRAPHS; seed++) {
      RandomGraphsTest.difference(new Draws(seed).flow(), seed, visited);
    }
    rare().forEach(play -> visited.addAll(play.visited));
    Set<String> missing = new TreeSet<>();
    Transitions.STEP.forEach(
        (from, targets) ->
            targets.stream()
                .filter(to -> !visited.contains(new Transitions.StepChange(from, to)))
                .forEach(to -> missing.add("step " + from.id() + " -> " + to.id())));
    Transitions.RUN.forEach(
        (from, targets) ->
            targets.stream()
                .filter(to -> !visited.contains(new Transitions.RunChange(from, to)))
                .forEach(to -> missing.add("run " + from.id() + " -> " + to.id())));
    assertEquals(Set.of(), missing);
  }
}
