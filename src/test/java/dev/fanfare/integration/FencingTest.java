package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.fanfare.conductor.Settings;
import dev.fanfare.definition.Outcome;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.Invoker;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who may report what: attempts, deliveries, leases and keys. */
class FencingTest {

  private static final Invoker NOWHERE = invocations -> {};
  private static final Settings PATIENT = Settings.LOCAL;

  private static Event.Report success(String step, int attempt, String output) {
    return new Event.Report(step, attempt, Outcome.Succeeded.of(output), Event.Cost.NONE, false);
  }

  @Test
  void a_report_of_another_attempt_changes_nothing() {
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine(PATIENT, inside -> NOWHERE);
      stage.bean("work", (JavaStep) (context, input) -> "");
      UUID run = Stage.start(engine, "name: w\nsteps:\n  a: { call: work }\n");
      assertEquals(Verdict.ACCEPTED, Stage.submit(engine, run, new Event.Lost("a", 1)));
      assertEquals(Verdict.STALE, Stage.submit(engine, run, success("a", 1, "old")));
      assertEquals(Verdict.STALE, Stage.submit(engine, run, success("a", 3, "future")));
      assertEquals(Verdict.STALE, Stage.submit(engine, run, success("nobody", 1, "?")));
      assertEquals(Verdict.ACCEPTED, Stage.submit(engine, run, success("a", 2, "new")));
      assertNotEquals(Verdict.ACCEPTED, Stage.submit(engine, run, success("a", 2, "again")));
      RunView view = stage.end(run);
      assertEquals("new", Stage.step(view, "a").output());
      Invariants.hold(stage);
    }
  }

  @Test
  void a_delivery_that_comes_twice_is_worked_on_once() throws Exception {
    List<Invocation> sent = java.util.Collections.synchronizedList(new ArrayList<>());
    AtomicInteger worked = new AtomicInteger();
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine(PATIENT, inside -> sent::addAll);
      CountDownLatch go = new CountDownLatch(1);
      stage.bean(
          "work",
          (JavaStep)
              (context, input) -> {
                worked.incrementAndGet();
                go.await();
                return "";
              });
      UUID run = Stage.start(engine, "name: w\nsteps:\n  a: { call: work }\n");
      Stage.until("the delivery", () -> sent.size() == 1);
      Invocation delivery = new Invocation(run, "a", 1, Optional.empty());
      ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
      List<Future<?>> deliveries = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Invocation one = i % 2 == 0 ? delivery : sent.getFirst();
        deliveries.add(
            threads.submit(() -> engine.step().perform(one).await().atMost(Stage.PATIENCE)));
      }
      Stage.until(
          "all but the one that works have left",
          () -> deliveries.stream().filter(Future::isDone).count() == 19);
      assertEquals(1, engine.conductor().attempts().size(), "the one at work is still held");
      go.countDown();
      assertEquals("succeeded", stage.end(run).status());
      for (Future<?> each : deliveries) {
        each.get();
      }
      assertEquals(1, worked.get());
      assertEquals(0, engine.conductor().attempts().size());
      threads.close();
    }
  }

  @Test
  void work_whose_lease_runs_out_is_taken_over_and_its_late_report_does_not_count() {
    try (Stage stage = new Stage()) {
      Set<String> attempts = ConcurrentHashMap.newKeySet();
      // The first process claims with a short lease, and what it delivers gets lost.
      List<Invocation> sent = java.util.Collections.synchronizedList(new ArrayList<>());
      Settings idle = new Settings(2, Duration.ofMillis(300), Duration.ofHours(1), 100);
      EngineRoom silent = stage.engine(idle, inside -> sent::addAll);
      stage.bean(
          "work",
          (JavaStep)
              (context, input) -> {
                attempts.add(context.step() + context.attempt() + context.idempotencyKey());
                return context.attempt();
              });
      UUID run =
          Stage.start(
              silent, "name: w\nsteps:\n  a: { call: work }\n  b: { needs: a, pass: {} }\n");
      Stage.until("the delivery", () -> !sent.isEmpty());
      EngineRoom heir = stage.engine(Stage.HASTY);
      RunView view = stage.end(run);
      assertEquals("succeeded", view.status());
      int attempt = Stage.step(view, "a").attempt();
      assertFalse(attempt < 2, "the first attempt was taken over");
      assertNotEquals(
          Verdict.ACCEPTED, Stage.submit(heir, run, success("a", 1, "late")), "a late report");
      assertEquals((long) attempt, Stage.step(stage.view(run), "a").output());
      assertEquals(1, attempts.size());
      Invariants.hold(stage);
    }
  }

  @Test
  void a_lease_is_renewed_while_the_work_lasts() {
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine(Stage.HASTY);
      UUID run =
          Stage.start(
              engine, "name: w\nsteps:\n  a: { run: \"sleep 2; echo $FANFARE_ATTEMPT\" }\n");
      RunView view = stage.end(run);
      assertEquals("succeeded", view.status());
      assertEquals(1, Stage.step(view, "a").attempt(), "nobody took it over");
    }
  }

  @Test
  void a_hundred_starts_with_one_key_give_one_run() throws Exception {
    try (Stage stage = new Stage()) {
      EngineRoom first = stage.engine();
      EngineRoom second = stage.engine();
      String yaml = "name: once\nsteps:\n  a: { pass: { output: 1 } }\n";
      Set<UUID> runs = new HashSet<>();
      int created = 0;
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<dev.fanfare.function.TriggerService.Started>> starts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          EngineRoom engine = i % 2 == 0 ? first : second;
          starts.add(threads.submit(() -> Stage.started(engine, yaml, Optional.of("order-17"))));
        }
        for (var start : starts) {
          runs.add(start.get().run());
          created += start.get().created() ? 1 : 0;
        }
      }
      assertEquals(1, runs.size());
      assertEquals(1, created);
      assertEquals(1, stage.count("SELECT count(*) FROM run"));
      UUID run = runs.iterator().next();
      stage.end(run);
      assertEquals(run, Stage.started(second, yaml, Optional.of("order-17")).run());
      assertNotEquals(run, Stage.started(second, yaml, Optional.of("order-18")).run());
    }
  }
}
