package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Outcome;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The rules of a race, on a real database with reports that come at the same instant. */
class RacesTest {

  private static final int RACES = 1_000;

  private static final String TWO_BRANCHES =
      """
      name: race
      steps:
        fastest:
          race:
            steps:
              one: { call: meet }
              two: { call: meet }
        after: { needs: fastest, call: count }
      """;

  /** Lets the two branches of each run return together. */
  private static JavaStep meeting() {
    Map<UUID, CyclicBarrier> barriers = new ConcurrentHashMap<>();
    return (context, input) -> {
      barriers.computeIfAbsent(context.run(), run -> new CyclicBarrier(2)).await();
      return context.step();
    };
  }

  @Test
  void a_thousand_races_of_branches_that_end_together_have_a_single_winner_each() {
    AtomicInteger followed = new AtomicInteger();
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      stage.bean("meet", meeting()).bean("count", counting(followed));
      List<UUID> runs = new ArrayList<>();
      for (int i = 0; i < RACES; i++) {
        runs.add(Stage.start(engine, TWO_BRANCHES));
      }
      runs.forEach(run -> assertSingleWinner(stage, stage.end(run)));
      assertEquals(RACES, followed.get(), "the step after the race ran once for each");
      Invariants.hold(stage);
    }
  }

  private static JavaStep counting(AtomicInteger counter) {
    return (context, input) -> counter.incrementAndGet();
  }

  private static void assertSingleWinner(Stage stage, RunView run) {
    List<Map<String, Object>> won = stage.events(run.id(), "race.won");
    assertEquals(1, won.size(), () -> "winners of " + run);
    String winner = String.valueOf(won.getFirst().get("winner"));
    String loser = winner.equals("one") ? "two" : "one";
    assertEquals("succeeded", run.status());
    assertEquals("succeeded", Stage.status(run, "fastest." + winner));
    assertTrue(
        Set.of("discarded", "skipped").contains(Stage.status(run, "fastest." + loser)),
        () -> loser + " is " + Stage.status(run, "fastest." + loser));
    assertEquals("fastest." + winner, Stage.step(run, "fastest").output());
    assertEquals(
        1,
        stage.events(run.id(), "step.succeeded").stream()
            .filter(event -> "after".equals(event.get("step")))
            .count());
  }

  @Test
  void reports_of_two_processes_that_come_together_have_one_winner() throws Exception {
    try (Stage stage = new Stage()) {
      EngineRoom first = stage.engine();
      EngineRoom second =
          stage.engine(
              stage.database().pool(4), dev.fanfare.conductor.Settings.LOCAL, inside -> inside);
      CountDownLatch never = new CountDownLatch(1);
      AtomicInteger followed = new AtomicInteger();
      stage.bean(
          "meet",
          (JavaStep)
              (context, input) -> {
                never.await();
                return "";
              });
      stage.bean("count", counting(followed));
      int accepted = 0;
      for (int i = 0; i < 200; i++) {
        UUID run = Stage.start(first, TWO_BRANCHES);
        Stage.until(
            "both branches at work",
            () ->
                stage.events(run, "step.started").stream()
                        .filter(event -> String.valueOf(event.get("step")).startsWith("fastest."))
                        .count()
                    == 2);
        CyclicBarrier together = new CyclicBarrier(2);
        List<Verdict> verdicts = java.util.Collections.synchronizedList(new ArrayList<>());
        Thread one = reporter(first, run, "fastest.one", together, verdicts);
        Thread two = reporter(second, run, "fastest.two", together, verdicts);
        one.join();
        two.join();
        assertSingleWinner(stage, stage.end(run));
        accepted += (int) verdicts.stream().filter(Verdict.ACCEPTED::equals).count();
      }
      assertEquals(200, accepted, "one of the two reports counts");
      assertEquals(200, followed.get());
      Invariants.hold(stage);
    }
  }

  private static Thread reporter(
      EngineRoom engine, UUID run, String step, CyclicBarrier together, List<Verdict> verdicts) {
    return Thread.startVirtualThread(
        () -> {
          try {
            together.await();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          verdicts.add(
              Stage.submit(
                  engine,
                  run,
                  new Event.Report(step, 1, Outcome.Succeeded.of(step), Event.Cost.NONE, false)));
        });
  }
}
