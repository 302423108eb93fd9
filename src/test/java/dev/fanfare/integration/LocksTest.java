package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.conductor.Settings;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks across runs and processes. */
class LocksTest {

  private static final String ONE = "name: one\nsteps:\n  a: { call: work, lock: door }\n";

  @Test
  void two_hundred_runs_in_two_processes_never_hold_the_lock_together() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    JavaStep work =
        (context, input) -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          Thread.onSpinWait();
          inside.decrementAndGet();
          return "";
        };
    try (Stage stage = new Stage().bean("work", work)) {
      List<EngineRoom> rooms = List.of(stage.engine(), stage.engine());
      List<UUID> runs = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        runs.add(Stage.start(rooms.get(i % 2), ONE));
      }
      for (UUID run : runs) {
        assertEquals("succeeded", stage.end(run).status());
      }
      assertEquals(1, most.get());
      assertEquals(
          0,
          stage.count(
              """
              SELECT count(*) FROM step a JOIN step b ON a.run_id < b.run_id
               WHERE a.began_at < b.ended_at AND b.began_at < a.ended_at
              """),
          "no two were at work at the same time by the database's clock");
      Stage.until("nothing is held", () -> stage.count("SELECT count(*) FROM hold") == 0);
      Stage.until("no timer is left", () -> stage.count("SELECT count(*) FROM due") == 0);
      Invariants.hold(stage);
    }
  }

  @Test
  void a_lock_goes_to_those_who_wait_in_the_order_of_their_asking() {
    CountDownLatch open = new CountDownLatch(1);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    JavaStep work =
        (context, input) -> {
          open.await();
          order.add(context.run().toString());
          return "";
        };
    try (Stage stage = new Stage().bean("work", work)) {
      List<EngineRoom> rooms = List.of(stage.engine(), stage.engine());
      List<UUID> runs = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        runs.add(Stage.start(rooms.get(i % 2), ONE));
        long asked = i + 1;
        Stage.until("the question", () -> stage.count("SELECT count(*) FROM hold") == asked);
      }
      open.countDown();
      runs.forEach(stage::end);
      assertEquals(runs.stream().map(UUID::toString).toList(), order);
    }
  }

  @Test
  void a_cancelled_holder_lets_the_next_one_in_and_a_cancelled_waiter_nobody() {
    CountDownLatch open = new CountDownLatch(1);
    JavaStep work =
        (context, input) -> {
          open.await();
          return "";
        };
    try (Stage stage = new Stage().bean("work", work)) {
      EngineRoom room = stage.engine();
      UUID holder = Stage.start(room, ONE);
      Stage.until("the holder", () -> running(stage, holder));
      UUID waiter = Stage.start(room, ONE);
      UUID next = Stage.start(stage.engine(), ONE);
      assertEquals("waiting", Stage.step(stage.view(waiter), "a").status());
      Stage.cancel(room, waiter);
      Stage.cancel(room, holder);
      Stage.until("the next one", () -> running(stage, next));
      open.countDown();
      assertEquals("succeeded", stage.end(next).status());
      assertEquals("not_run", Stage.status(stage.end(waiter), "a"));
      assertEquals("cancelled", Stage.status(stage.end(holder), "a"));
      Invariants.hold(stage);
    }
  }

  private static boolean running(Stage stage, UUID run) {
    return Stage.status(stage.view(run), "a").equals("running");
  }

  @Test
  void what_a_process_released_and_did_not_grant_before_it_died_is_granted_by_the_sweep() {
    try (Stage stage = new Stage().bean("work", (JavaStep) (context, input) -> "")) {
      stage.execute(
          """
          INSERT INTO hold (run_id, step, ticket, scope, key, policy, slots, priority, asked_at, granted_at)
          VALUES (gen_random_uuid(), 'a', 1, 'LOCK', 'door', 'QUEUE', 1, 0, now(), now())
          """);
      EngineRoom room = stage.engine(Settings.LOCAL);
      UUID run = Stage.start(room, ONE);
      Stage.until("the wait", () -> Stage.status(stage.view(run), "a").equals("waiting"));
      stage.execute("DELETE FROM hold WHERE granted_at IS NOT NULL");
      room.conductor().sweep();
      assertEquals("succeeded", stage.end(run).status());
    }
  }

  @Test
  void a_step_that_does_not_get_its_lock_in_time_is_timed_out_and_leaves_the_queue() {
    CountDownLatch open = new CountDownLatch(1);
    JavaStep work =
        (context, input) -> {
          open.await();
          return "";
        };
    try (Stage stage = new Stage().bean("work", work)) {
      EngineRoom room = stage.engine();
      UUID holder = Stage.start(room, ONE);
      Stage.until("the holder", () -> running(stage, holder));
      RunView late =
          stage.end(
              Stage.start(
                  room,
                  "name: l\nsteps:\n  a: { call: work, lock: door, timeout: { queue: 100ms } }\n"));
      assertEquals("timed_out", Stage.status(late, "a"));
      assertEquals(1, stage.count("SELECT count(*) FROM hold"));
      open.countDown();
      assertEquals("succeeded", stage.end(holder).status());
      Invariants.hold(stage);
    }
  }

  @Test
  void a_holder_whose_process_is_killed_keeps_the_lock_until_another_has_ended_its_step(
      @TempDir Path folder) throws Exception {
    Path begun = folder.resolve("begun");
    String yaml =
        """
        name: killed
        steps:
          a: { lock: door, run: 'test -f "$BEGUN" || { touch "$BEGUN"; sleep 600; }', env: { BEGUN: "%s" } }
        """
            .formatted(begun);
    Path file = Files.writeString(folder.resolve("killed.yaml"), yaml);
    try (Stage stage = new Stage().bean("work", (JavaStep) (context, input) -> "")) {
      String url = stage.url();
      List<String> args = List.of(url, folder.resolve("home").toString(), file.toString(), "k");
      Process process = EngineProcess.start(args);
      Stage.until("the holder", () -> Files.exists(begun));
      UUID holder = UUID.fromString(stage.query("SELECT id FROM run").getFirst());
      process.destroyForcibly().waitFor();
      Process heir = EngineProcess.start(args.subList(0, 2));
      UUID waiter = Stage.start(stage.engine(), ONE);
      RunView second = stage.end(waiter);
      RunView first = stage.end(holder);
      heir.destroyForcibly().waitFor();
      assertEquals("succeeded", first.status());
      assertEquals("succeeded", second.status());
      assertEquals(2, Stage.step(first, "a").attempt());
      assertEquals(
          0,
          stage.count(
              """
              SELECT count(*) FROM step a JOIN step b ON a.run_id < b.run_id
               WHERE a.began_at < b.ended_at AND b.began_at < a.ended_at
              """));
      Invariants.hold(stage);
    }
  }

  @Test
  void a_waiting_step_of_an_older_run_leaves_the_lock_to_a_younger_one_of_its_workflow() {
    String two = "name: two\nsteps:\n  a: { call: work, lock: { key: door, skipOlder: true } }\n";
    String other = two.replace("name: two", "name: other");
    CountDownLatch open = new CountDownLatch(1);
    JavaStep work =
        (context, input) -> {
          open.await();
          return "";
        };
    try (Stage stage = new Stage().bean("work", work)) {
      EngineRoom room = stage.engine();
      UUID first = Stage.start(room, two);
      Stage.until("it works", () -> Stage.step(stage.view(first), "a").status().equals("running"));
      UUID stranger = Stage.start(room, other);
      Stage.until("two ask", () -> stage.count("SELECT count(*) FROM hold") == 2);
      UUID second = Stage.start(room, two);
      Stage.until("three ask", () -> stage.count("SELECT count(*) FROM hold") == 3);
      UUID third = Stage.start(room, two);
      RunView skipped = stage.end(second);
      assertEquals("skipped", Stage.step(skipped, "a").status());
      assertEquals("older_run", code(skipped));
      open.countDown();
      for (UUID run : List.of(first, stranger, third)) {
        assertEquals("succeeded", Stage.step(stage.end(run), "a").status());
      }
      Stage.until("nothing is held", () -> stage.count("SELECT count(*) FROM hold") == 0);
      Stage.until("no timer is left", () -> stage.count("SELECT count(*) FROM due") == 0);
      Invariants.hold(stage);
    }
  }

  @Test
  void a_step_that_waits_too_long_for_its_lock_is_cancelled() {
    CountDownLatch open = new CountDownLatch(1);
    JavaStep work =
        (context, input) -> {
          open.await();
          return "";
        };
    String brief =
        "name: brief\nsteps:\n  a: { call: work, lock: { key: door, waitMax: 300ms } }\n";
    try (Stage stage = new Stage().bean("work", work)) {
      EngineRoom room = stage.engine();
      UUID first = Stage.start(room, ONE);
      Stage.until("it works", () -> Stage.step(stage.view(first), "a").status().equals("running"));
      RunView waited = stage.end(Stage.start(room, brief));
      assertEquals("failed", waited.status());
      assertEquals("cancelled", Stage.step(waited, "a").status());
      assertEquals("lock_wait_max", code(waited));
      open.countDown();
      assertEquals("succeeded", stage.end(first).status());
      Stage.until("nothing is held", () -> stage.count("SELECT count(*) FROM hold") == 0);
      Stage.until("no timer is left", () -> stage.count("SELECT count(*) FROM due") == 0);
    }
  }

  private static Object code(RunView run) {
    return java.util.Objects.requireNonNull(Stage.step(run, "a").reason()).get("code");
  }
}
