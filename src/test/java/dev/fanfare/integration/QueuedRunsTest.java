package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.TriggerService;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many runs with one key are active, and what becomes of one too many. */
class QueuedRunsTest {

  private static String limited(String rules) {
    return "name: q\nconcurrency: { key: k, %s }\nsteps:\n  a: { call: work }\n".formatted(rules);
  }

  /** Runs that began, in order; each ends when the test lets it. */
  private static final class Gate implements JavaStep {
    private final List<UUID> begun = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore through = new Semaphore(0);

    @Override
    public Object run(dev.fanfare.work.call.StepContext context, Object input)
        throws InterruptedException {
      begun.add(context.run());
      through.acquire();
      return "";
    }

    void open() {
      through.release(1_000);
    }

    void one() {
      through.release();
    }
  }

  private static void begun(Gate gate, int count) {
    Stage.until(count + " runs", () -> gate.begun.size() >= count);
  }

  private static UUID queued(Stage stage, EngineRoom room, String yaml) {
    UUID run = Stage.start(room, yaml);
    assertEquals("queued", stage.view(run).status());
    return run;
  }

  @Test
  void of_fifty_runs_that_start_together_in_two_processes_never_more_than_three_are_active()
      throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    JavaStep work =
        (context, input) -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          Thread.onSpinWait();
          inside.decrementAndGet();
          return "";
        };
    try (Stage stage = new Stage().bean("work", work);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<EngineRoom> rooms = List.of(stage.engine(), stage.engine());
      List<Future<UUID>> started = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        EngineRoom room = rooms.get(i % 2);
        started.add(threads.submit(() -> Stage.start(room, limited("limit: 3"))));
      }
      for (Future<UUID> run : started) {
        assertEquals("succeeded", stage.end(run.get()).status());
      }
      assertTrue(most.get() <= 3, () -> most + " at once");
      String active =
          """
          SELECT max(n) FROM (
            SELECT (SELECT count(*) FROM run_event b JOIN run r ON r.id = b.run_id
                     WHERE b.type = 'run.started' AND b.at <= a.at AND r.finished_at > a.at) AS n
              FROM run_event a WHERE a.type = 'run.started') counts
          """;
      assertTrue(stage.count(active) <= 3, () -> "by the log " + stage.count(active));
      Stage.until("nothing is held", () -> stage.count("SELECT count(*) FROM hold") == 0);
      Stage.until("no timer is left", () -> stage.count("SELECT count(*) FROM due") == 0);
      Invariants.hold(stage);
    }
  }

  @Test
  void queued_runs_start_by_priority_and_then_in_the_order_of_their_asking() {
    Gate gate = new Gate();
    try (Stage stage = new Stage().bean("work", gate)) {
      List<EngineRoom> rooms = List.of(stage.engine(), stage.engine());
      List<UUID> runs = new ArrayList<>();
      runs.add(Stage.start(rooms.get(0), limited("limit: 1")));
      begun(gate, 1);
      for (int i = 0; i < 4; i++) {
        runs.add(queued(stage, rooms.get(i % 2), limited("limit: 1")));
      }
      UUID urgent = queued(stage, rooms.get(0), limited("limit: 1, priority: 9"));
      UUID lazy = queued(stage, rooms.get(1), limited("limit: 1, priority: -9"));
      runs.add(queued(stage, rooms.get(0), limited("limit: 1")));
      runs.add(1, urgent);
      runs.add(lazy);
      for (int i = 1; i <= runs.size(); i++) {
        begun(gate, i);
        assertEquals(i, gate.begun.size(), "one at a time");
        gate.one();
      }
      runs.forEach(stage::end);
      assertEquals(runs, gate.begun);
      assertEquals("run.queued", stage.events(lazy).getFirst().get("type"));
      Invariants.hold(stage);
    }
  }

  @Test
  void with_reject_a_run_too_many_ends_at_once_and_says_who_is_active() {
    Gate gate = new Gate();
    try (Stage stage = new Stage().bean("work", gate)) {
      EngineRoom room = stage.engine();
      String yaml = limited("limit: 1, policy: reject");
      TriggerService.Started first = Stage.started(room, yaml, Optional.empty());
      assertEquals(Optional.empty(), rejection(room, first));
      begun(gate, 1);
      TriggerService.Started second = Stage.started(stage.engine(), yaml, Optional.of("key"));
      String why = rejection(room, second).orElseThrow();
      assertEquals(
          "run %s: it was rejected: a run with the concurrency key 'k' is active, %s"
              .formatted(second.run(), first.run()),
          why);
      assertEquals("cancelled", stage.end(second.run()).status());
      TriggerService.Started again = Stage.started(room, yaml, Optional.of("key"));
      assertEquals(Optional.of(why), rejection(room, again), "asked twice, told twice");
      gate.open();
      stage.end(first.run());
      assertEquals("succeeded", stage.end(Stage.start(room, yaml)).status());
      Invariants.hold(stage);
    }
  }

  private static Optional<String> rejection(EngineRoom room, TriggerService.Started started) {
    return room.trigger().rejection(started).await().atMost(Stage.PATIENCE);
  }

  @Test
  void with_skip_a_run_too_many_is_skipped() {
    Gate gate = new Gate();
    try (Stage stage = new Stage().bean("work", gate)) {
      EngineRoom room = stage.engine();
      String yaml = limited("limit: 1, policy: skip");
      UUID first = Stage.start(room, yaml);
      begun(gate, 1);
      TriggerService.Started second = Stage.started(room, yaml, Optional.empty());
      assertEquals(Optional.empty(), rejection(room, second));
      RunView skipped = stage.view(second.run());
      assertEquals("cancelled", skipped.status());
      assertEquals("concurrency_skipped", skipped.reason().get("code"));
      gate.open();
      assertEquals("succeeded", stage.end(first).status());
    }
  }

  @Test
  void with_cancel_older_the_newest_runs_go_on_and_older_ones_are_cancelled() {
    Gate gate = new Gate();
    try (Stage stage = new Stage().bean("work", gate)) {
      EngineRoom room = stage.engine();
      String yaml = limited("limit: 2, policy: cancel-older");
      UUID one = Stage.start(room, yaml);
      UUID two = Stage.start(room, yaml);
      begun(gate, 2);
      UUID three = Stage.start(stage.engine(), yaml);
      begun(gate, 3);
      RunView cancelled = stage.end(one);
      assertEquals("cancelled", cancelled.status());
      assertEquals("superseded", cancelled.reason().get("code"));
      assertEquals(three.toString(), cancelled.reason().get("run"));
      assertEquals("running", stage.view(two).status());
      gate.open();
      assertEquals("succeeded", stage.end(two).status());
      assertEquals("succeeded", stage.end(three).status());
      Invariants.hold(stage);
    }
  }

  @Test
  void with_cancel_older_those_in_line_never_start() {
    Gate gate = new Gate();
    try (Stage stage = new Stage().bean("work", gate)) {
      EngineRoom room = stage.engine();
      UUID holder = Stage.start(room, limited("limit: 1"));
      begun(gate, 1);
      UUID inLine = queued(stage, room, limited("limit: 1"));
      List<UUID> newer = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        newer.add(Stage.start(room, limited("limit: 1, policy: cancel-older")));
      }
      UUID last = newer.removeLast();
      Stage.until("the last one", () -> gate.begun.contains(last));
      gate.open();
      assertEquals("succeeded", stage.end(last).status());
      assertEquals("cancelled", stage.end(holder).status());
      assertEquals("cancelled", stage.end(inLine).status());
      assertTrue(!gate.begun.contains(inLine));
      newer.forEach(run -> assertEquals("cancelled", stage.end(run).status()));
      Invariants.hold(stage);
    }
  }

  @Test
  void a_limit_of_zero_freezes_until_a_newer_run_brings_another_or_the_wait_is_over() {
    Gate gate = new Gate();
    gate.open();
    try (Stage stage = new Stage().bean("work", gate)) {
      EngineRoom room = stage.engine();
      UUID frozen = queued(stage, room, limited("limit: 0"));
      RunView impatient = stage.end(Stage.start(room, limited("limit: 0, waitMax: 100ms")));
      assertEquals("cancelled", impatient.status());
      assertEquals("concurrency_wait_max", impatient.reason().get("code"));
      UUID rejected = Stage.start(room, limited("limit: 0, policy: reject"));
      assertEquals("concurrency_rejected", stage.end(rejected).reason().get("code"));
      assertEquals("queued", stage.view(frozen).status());
      assertEquals("succeeded", stage.end(Stage.start(room, limited("limit: 1"))).status());
      assertEquals("succeeded", stage.end(frozen).status());
      Invariants.hold(stage);
    }
  }

  @Test
  void a_queued_run_that_is_cancelled_leaves_the_line_and_what_it_waited_behind_goes_on() {
    Gate gate = new Gate();
    try (Stage stage = new Stage().bean("work", gate)) {
      EngineRoom room = stage.engine();
      UUID holder = Stage.start(room, limited("limit: 1"));
      begun(gate, 1);
      UUID second = queued(stage, room, limited("limit: 1"));
      UUID third = queued(stage, room, limited("limit: 1"));
      Stage.cancel(room, second);
      assertEquals("cancelled", stage.end(second).status());
      gate.open();
      assertEquals("succeeded", stage.end(holder).status());
      assertEquals("succeeded", stage.end(third).status());
      assertEquals(List.of(holder, third), gate.begun);
      Invariants.hold(stage);
    }
  }

  @Test
  void a_slot_that_a_dead_process_did_not_hand_on_is_handed_on_by_the_sweep() {
    Gate gate = new Gate();
    gate.open();
    try (Stage stage = new Stage().bean("work", gate)) {
      stage.execute(
          """
          INSERT INTO hold (run_id, step, ticket, scope, key, policy, slots, priority, asked_at, granted_at)
          VALUES (gen_random_uuid(), '', 1, 'RUN', 'k', 'QUEUE', 1, 0, now(), now())
          """);
      EngineRoom room = stage.engine();
      UUID run = queued(stage, room, limited("limit: 1"));
      stage.execute("DELETE FROM hold WHERE granted_at IS NOT NULL");
      room.conductor().sweep();
      assertEquals("succeeded", stage.end(run).status());
    }
  }

  @Test
  void queued_runs_start_in_order_also_when_the_process_of_the_active_one_was_killed(
      @TempDir Path folder) throws Exception {
    Path begun = folder.resolve("begun");
    String yaml =
        """
        name: q
        concurrency: { key: k, limit: 1 }
        steps:
          a: { run: 'test -f "$BEGUN" || { touch "$BEGUN"; sleep 600; }', env: { BEGUN: "%s" } }
        """
            .formatted(begun);
    Path file = Files.writeString(folder.resolve("q.yaml"), yaml);
    Gate gate = new Gate();
    gate.open();
    try (Stage stage = new Stage().bean("work", gate)) {
      String url = stage.url();
      List<String> args = List.of(url, folder.resolve("home").toString(), file.toString(), "k");
      Process process = EngineProcess.start(args);
      Stage.until("the first run", () -> Files.exists(begun));
      UUID holder = UUID.fromString(stage.query("SELECT id FROM run").getFirst());
      UUID next;
      UUID last;
      try (EngineRoom room = stage.engine()) {
        next = queued(stage, room, yaml);
        last = queued(stage, room, yaml);
      }
      process.destroyForcibly().waitFor();
      Process heir = EngineProcess.start(args.subList(0, 2));
      for (UUID run : List.of(holder, next, last)) {
        assertEquals("succeeded", stage.end(run).status());
      }
      heir.destroyForcibly().waitFor();
      assertEquals(
          List.of(holder.toString(), next.toString(), last.toString()),
          stage.query("SELECT run_id::text FROM run_event WHERE type = 'run.started' ORDER BY at"));
      Invariants.hold(stage);
    }
  }

  @Test
  void a_run_waits_for_its_slot_without_anything_of_a_process() {
    Gate gate = new Gate();
    try (Stage stage = new Stage().bean("work", gate)) {
      UUID run;
      try (EngineRoom room = stage.engine()) {
        stage.execute(
            """
            INSERT INTO hold (run_id, step, ticket, scope, key, policy, slots, priority, asked_at, granted_at)
            VALUES (gen_random_uuid(), '', 1, 'RUN', 'k', 'QUEUE', 1, 0, now(), now())
            """);
        run = queued(stage, room, limited("limit: 1"));
        assertEquals(0, room.conductor().attempts().size());
      }
      stage.execute("DELETE FROM hold WHERE granted_at IS NOT NULL");
      gate.open();
      stage.engine().conductor().sweep();
      assertEquals("succeeded", stage.end(run).status());
    }
  }
}
