package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.BreakerStore;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The cache and breakers that runs of all processes share. */
class LookupsTest {

  @Test
  void a_result_is_made_once_and_used_by_runs_of_every_process_while_it_is_fresh() {
    AtomicInteger made = new AtomicInteger();
    JavaStep work = (context, input) -> "made " + made.incrementAndGet();
    String yaml =
        "name: c\n"
            + "steps:\n"
            + "  a: { call: work, cache: { key: \"v${{ 1 }}\", ttl: %s } }\n"
            + "outputs: { a: \"${{ steps.a.output }}\" }\n";
    try (Stage stage = new Stage().bean("work", work)) {
      List<EngineRoom> rooms = List.of(stage.engine(), stage.engine());
      for (int i = 0; i < 4; i++) {
        RunView run = stage.end(Stage.start(rooms.get(i % 2), yaml.formatted("1h")));
        assertEquals("made 1", Stage.step(run, "a").output());
        assertEquals(i == 0 ? 1 : 0, Stage.step(run, "a").attempt());
      }
      RunView other =
          stage.end(Stage.start(rooms.get(0), yaml.replace("name: c", "name: d").formatted("1h")));
      assertEquals("made 2", Stage.step(other, "a").output(), "each workflow has its own");
      stage.execute("UPDATE cache_entry SET expires_at = now()");
      RunView later = stage.end(Stage.start(rooms.get(1), yaml.formatted("1ms")));
      assertEquals("made 3", Stage.step(later, "a").output(), "what is stale is not used");
      Stage.until(
          "what is stale to go",
          () -> {
            rooms.get(0).conductor().sweep();
            return stage.count("SELECT count(*) FROM cache_entry") == 0;
          });
      Invariants.hold(stage);
    }
  }

  @Test
  void of_runs_that_start_together_with_a_lock_one_makes_the_result() {
    AtomicInteger made = new AtomicInteger();
    JavaStep work = (context, input) -> made.incrementAndGet();
    try (Stage stage = new Stage().bean("work", work)) {
      List<EngineRoom> rooms = List.of(stage.engine(), stage.engine());
      List<UUID> runs = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        runs.add(
            Stage.start(
                rooms.get(i % 2), "name: c\nsteps:\n  a: { call: work, lock: k, cache: k }\n"));
      }
      for (UUID run : runs) {
        assertEquals(1L, Stage.step(stage.end(run), "a").output());
      }
      assertEquals(1, made.get());
    }
  }

  private static final String GUARDED =
      """
      name: b
      steps:
        a: { call: shop, breaker: { name: shop, threshold: 3, recovery: %s }, onFailure: tolerate }
      """;

  @Test
  void a_breaker_opens_for_every_process_lets_one_try_and_closes_when_that_succeeds() {
    AtomicBoolean up = new AtomicBoolean();
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch trial = new CountDownLatch(1);
    JavaStep shop =
        (context, input) -> {
          calls.incrementAndGet();
          if (!up.get()) {
            throw new IllegalStateException("closed today");
          }
          trial.await();
          return "sold";
        };
    String hours = GUARDED.formatted("1h");
    try (Stage stage = new Stage().bean("shop", shop)) {
      List<EngineRoom> rooms = List.of(stage.engine(), stage.engine());
      for (int i = 0; i < 3; i++) {
        assertEquals("exception", failure(stage.end(Stage.start(rooms.get(i % 2), hours))));
      }
      for (int i = 0; i < 4; i++) {
        assertEquals("breaker_open", failure(stage.end(Stage.start(rooms.get(i % 2), hours))));
      }
      assertEquals(3, calls.get(), "nobody calls while it is open");
      up.set(true);
      stage.execute("UPDATE breaker SET open_until = now()");
      List<UUID> runs = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        runs.add(Stage.start(rooms.get(i % 2), hours));
      }
      Stage.until(
          "all but one to be refused", () -> runs.stream().filter(stage::hasEnded).count() == 19);
      assertEquals(4, calls.get(), "one tries");
      trial.countDown();
      List<RunView> ended = runs.stream().map(stage::end).toList();
      assertEquals(
          1, ended.stream().filter(run -> Stage.status(run, "a").equals("succeeded")).count());
      assertEquals("succeeded", Stage.status(stage.end(Stage.start(rooms.get(1), hours)), "a"));
      assertEquals("0", stage.query("SELECT failures FROM breaker").getFirst());
      Invariants.hold(stage);
    }
  }

  private static String failure(RunView run) {
    return String.valueOf(Stage.step(run, "a").error().get("code"));
  }

  @Test
  void a_trial_that_fails_opens_the_breaker_again_and_one_that_is_stopped_is_given_back() {
    CountDownLatch never = new CountDownLatch(1);
    AtomicBoolean hang = new AtomicBoolean();
    JavaStep shop =
        (context, input) -> {
          if (hang.get()) {
            never.await();
          }
          throw new IllegalStateException("closed today");
        };
    String yaml = GUARDED.formatted("1h").replace("threshold: 3", "threshold: 1");
    try (Stage stage = new Stage().bean("shop", shop)) {
      EngineRoom room = stage.engine();
      assertEquals("exception", failure(stage.end(Stage.start(room, yaml))));
      stage.execute("UPDATE breaker SET open_until = now()");
      assertEquals("exception", failure(stage.end(Stage.start(room, yaml))));
      assertEquals("breaker_open", failure(stage.end(Stage.start(room, yaml))));
      stage.execute("UPDATE breaker SET open_until = now()");
      hang.set(true);
      UUID trial = Stage.start(room, yaml);
      Stage.until("the trial", () -> Stage.status(stage.view(trial), "a").equals("running"));
      assertEquals("breaker_open", failure(stage.end(Stage.start(room, yaml))));
      Stage.cancel(room, trial);
      stage.end(trial);
      hang.set(false);
      assertEquals("exception", failure(stage.end(Stage.start(room, yaml))));
    }
  }

  @Test
  void successes_in_between_keep_a_breaker_closed() {
    AtomicInteger calls = new AtomicInteger();
    JavaStep shop =
        (context, input) -> {
          if (calls.incrementAndGet() % 3 != 0) {
            throw new IllegalStateException("now and then");
          }
          return "";
        };
    try (Stage stage = new Stage().bean("shop", shop)) {
      EngineRoom room = stage.engine();
      for (int i = 0; i < 9; i++) {
        stage.end(Stage.start(room, GUARDED.formatted("1h")));
      }
      assertEquals(9, calls.get());
    }
  }

  @Test
  void many_failures_at_once_are_all_counted() {
    CountDownLatch together = new CountDownLatch(1);
    JavaStep shop =
        (context, input) -> {
          together.await();
          throw new IllegalStateException("closed today");
        };
    String yaml =
        """
        name: b
        steps:
          a:
            forEach: "${{ lists.range(20) }}"
            call: shop
            breaker: { name: shop, threshold: 60, recovery: 1h }
        """;
    try (Stage stage = new Stage().bean("shop", shop)) {
      List<UUID> runs = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        runs.add(Stage.start(stage.engine(), yaml));
      }
      Stage.until(
          "all to be at work",
          () ->
              stage.count(
                      "SELECT count(*) FROM step WHERE status = 'running' AND worker <> '' AND path"
                          + " LIKE 'a[%'")
                  == 60);
      together.countDown();
      runs.forEach(stage::end);
      assertEquals("60", stage.query("SELECT failures FROM breaker").getFirst());
      assertEquals(1, stage.count("SELECT count(*) FROM breaker WHERE open_until > now()"));
    }
  }

  @Test
  void a_trial_whose_outcome_is_never_told_blocks_no_longer_than_the_recovery() {
    try (Stage stage = new Stage()) {
      stage.engine();
      BreakerStore store = new BreakerStore(stage.database().pool());
      stage.execute("INSERT INTO breaker VALUES ('shop', 9, now())");
      Duration recovery = Duration.ofSeconds(30);
      assertEquals(new BreakerStore.Admission.Through(true), admit(store, recovery, "x"));
      assertTrue(admit(store, recovery, "y") instanceof BreakerStore.Admission.Refused);
      assertEquals(
          new BreakerStore.Admission.Through(true),
          admit(store, recovery, "x"),
          "a question that two processes read has one answer");
      stage.execute("UPDATE breaker SET trial_until = now()");
      assertEquals(new BreakerStore.Admission.Through(true), admit(store, recovery, "y"));
    }
  }

  private static BreakerStore.Admission admit(BreakerStore store, Duration recovery, String by) {
    return store.admit("shop", recovery, by).await().atMost(Stage.PATIENCE);
  }
}
