package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each rule of a race, with real work in its branches. */
class RaceRulesTest {

  private final CountDownLatch opened = new CountDownLatch(1);
  private final Set<String> interrupted = ConcurrentHashMap.newKeySet();
  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private Stage stage;
  private EngineRoom engine;

  @BeforeEach
  void open() {
    stage = new Stage();
    engine = stage.engine();
    stage
        .bean("quick", (JavaStep) (context, input) -> context.step())
        .bean("slow", (JavaStep) (context, input) -> hang(context.step()))
        .bean(
            "broken",
            (JavaStep)
                (context, input) -> {
                  throw new IllegalStateException("no luck in " + context.step());
                })
        .bean(
            "third",
            (JavaStep)
                (context, input) -> {
                  if (context.attempt() < 3) {
                    throw new IllegalStateException("not yet");
                  }
                  return "at last";
                });
  }

  @AfterEach
  void close() {
    opened.countDown();
    Invariants.hold(stage);
    stage.close();
  }

  private Object hang(String step) throws InterruptedException {
    begun.add(step);
    try {
      opened.await();
      return step + " late";
    } catch (InterruptedException e) {
      interrupted.add(step);
      throw e;
    }
  }

  private RunView run(String yaml) {
    return stage.end(Stage.start(engine, yaml));
  }

  @Test
  void the_first_success_wins_and_a_failure_before_it_does_not() {
    RunView run =
        run(
            """
            name: race
            steps:
              r: { race: { steps: { a: { call: broken }, b: { call: third, retry: { attempts: 3, delay: 20ms } } } } }
            """);
    assertEquals("succeeded", Stage.status(run, "r"));
    assertEquals("failed", Stage.status(run, "r.a"));
    assertEquals("at last", Stage.step(run, "r").output());
  }

  @Test
  void settled_takes_the_first_end_whichever_it_is() {
    RunView run =
        run(
            """
            name: race
            steps:
              r: { race: { win: settled, steps: { a: { call: broken }, b: { call: slow } } } }
            """);
    assertEquals("failed", Stage.status(run, "r"));
    assertEquals("discarded", Stage.status(run, "r.b"));
    Stage.until("the loser is told", () -> interrupted.contains("r.b") || !begun.contains("r.b"));
  }

  @Test
  void a_quorum_takes_as_many_as_it_says_in_the_order_of_their_commits() {
    RunView run =
        run(
            """
            name: race
            steps:
              r: { race: { win: { quorum: 2 }, steps: { a: { call: slow }, b: { call: quick }, c: { call: quick }, d: { call: broken } } } }
            """);
    assertEquals("succeeded", Stage.status(run, "r"));
    assertEquals(Set.of("r.b", "r.c"), Set.copyOf((List<?>) Stage.step(run, "r").output()));
    String winners = String.valueOf(stage.events(run.id(), "race.won").getFirst().get("winner"));
    assertEquals(winners, String.valueOf(Stage.step(run, "r").output()).replace("r.", ""));
  }

  @Test
  void what_follows_does_not_wait_for_losers_that_may_finish() {
    UUID id =
        Stage.start(
            engine,
            """
            name: race
            steps:
              r: { race: { losers: finish, steps: { a: { call: slow }, b: { sleep: 50ms } } } }
              next: { needs: r, call: quick }
            """);
    Stage.until(
        "the next step, while the loser works",
        () -> "succeeded".equals(Stage.status(stage.view(id), "next")));
    assertEquals("running", Stage.status(stage.view(id), "r.a"));
    opened.countDown();
    RunView run = stage.end(id);
    assertEquals("succeeded", run.status());
    assertFalse(interrupted.contains("r.a"), "a loser that may finish is left alone");
  }

  @Test
  void losers_that_are_awaited_hold_up_what_follows() {
    UUID id =
        Stage.start(
            engine,
            """
            name: race
            steps:
              r: { race: { losers: await, steps: { a: { call: slow }, b: { sleep: 50ms } } } }
              next: { needs: r, call: quick }
            """);
    Stage.until("a winner", () -> !stage.events(id, "race.won").isEmpty());
    assertEquals("pending", Stage.status(stage.view(id), "next"));
    opened.countDown();
    RunView run = stage.end(id);
    assertEquals("succeeded", Stage.status(run, "next"));
    assertEquals("b", stage.events(id, "race.won").getFirst().get("winner"));
  }

  @Test
  void a_branch_that_has_not_started_never_starts() {
    RunView run =
        run(
            """
            name: race
            maxParallel: 1
            steps:
              r: { race: { steps: { a: { call: quick }, b: { call: slow } } } }
            """);
    assertEquals("succeeded", Stage.status(run, "r.a"));
    assertEquals("skipped", Stage.status(run, "r.b"));
    assertFalse(begun.contains("r.b"));
  }

  @Test
  void a_race_whose_branches_all_fail_fails_with_every_cause() {
    RunView run =
        run(
            """
            name: race
            steps:
              r: { race: { steps: { a: { call: broken }, b: { call: broken } } } }
            """);
    assertEquals("failed", run.status());
    String error = String.valueOf(Stage.step(run, "r").error());
    assertTrue(error.contains("no luck in r.a") && error.contains("no luck in r.b"), error);
  }

  @Test
  void a_race_without_branches_is_refused() {
    assertThrows(
        AssertionError.class,
        () -> Stage.start(engine, "name: race\nsteps:\n  r: { race: { steps: {} } }\n"));
  }

  @Test
  void a_timeout_ends_a_race_with_its_output_or_as_timed_out() {
    RunView run =
        run(
            """
            name: race
            steps:
              lost: { race: { timeout: 100ms, steps: { a: { call: slow } } }, onFailure: { tolerate: true } }
              kept: { race: { timeout: 100ms, onTimeout: { output: nothing }, steps: { a: { call: slow } } } }
            """);
    assertEquals("timed_out", Stage.status(run, "lost"));
    assertEquals("succeeded", Stage.status(run, "kept"));
    assertEquals("nothing", Stage.step(run, "kept").output());
    Stage.until("the branches are told", () -> interrupted.containsAll(begun));
  }

  @Test
  void a_timeout_and_a_winner_at_the_same_instant_give_one_outcome() {
    Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
    List<UUID> runs = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      runs.add(
          Stage.start(
              engine,
              """
              name: race
              steps:
                r: { race: { timeout: 60ms, onTimeout: { output: late }, steps: { a: { sleep: 60ms }, b: { sleep: 61ms } } } }
                next: { needs: r, call: quick }
              """));
    }
    for (UUID id : runs) {
      RunView run = stage.end(id);
      assertEquals("succeeded", run.status());
      boolean late = "late".equals(Stage.step(run, "r").output());
      assertEquals(late ? 0 : 1, stage.events(id, "race.won").size());
      outcomes
          .computeIfAbsent(late ? "timeout" : "winner", any -> new AtomicInteger())
          .incrementAndGet();
    }
    System.out.println("timeout against winner: " + outcomes);
  }
}
