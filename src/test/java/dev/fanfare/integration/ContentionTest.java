package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Settings;
import dev.fanfare.definition.Outcome;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.store.InboxStore;
import dev.fanfare.store.InboxStore.Letter;
import dev.fanfare.work.call.JavaStep;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Many processes that report to one run. {@code -Dfanfare.contention=1000} prints what that costs
 * for so many steps.
 */
class ContentionTest {

  private static final Settings ONE_LANE =
      new Settings(1, Duration.ofSeconds(60), Duration.ofSeconds(60), 8_192);

  private static final String FAN =
      """
      name: fan
      steps:
        part: { call: work, forEach: "${{ lists.range(%d) }}" }
        join: { needs: part, pass: {} }
      """;

  private static Event.Report success(String step) {
    return new Event.Report(step, 1, Outcome.Succeeded.of(step), Event.Cost.NONE, false);
  }

  /** Some processes with one connection each, and a run whose steps wait for their reports. */
  private static final class Crowd implements AutoCloseable {
    final Stage stage = new Stage();
    final List<EngineRoom> rooms = new ArrayList<>();
    final List<Pool> pools = new ArrayList<>();
    final UUID run;

    Crowd(int processes, int steps, Settings settings) {
      List<Invocation> sent = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < processes; i++) {
        Pool pool = stage.database().pool(1);
        pools.add(pool);
        rooms.add(stage.engine(pool, settings, inside -> sent::addAll));
      }
      stage.bean("work", (JavaStep) (context, input) -> "");
      run = Stage.start(rooms.getFirst(), FAN.formatted(steps));
      Stage.until("all deliveries", () -> sent.size() == steps);
    }

    /** Each process begins and reports its share of the steps, one after the other. */
    int share(int self, int steps, boolean begins) {
      int accepted = 0;
      for (int step = self; step < steps; step += rooms.size()) {
        String path = "part[" + step + "]";
        EngineRoom room = rooms.get(self);
        if (begins) {
          assertEquals(Verdict.ACCEPTED, Stage.submit(room, run, new Event.Begin(path, 1)));
        }
        accepted += Stage.submit(room, run, success(path)) == Verdict.ACCEPTED ? 1 : 0;
      }
      return accepted;
    }

    int all(int steps, boolean begins) throws Exception {
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Integer>> shares =
            IntStream.range(0, rooms.size())
                .mapToObj(self -> threads.submit(() -> share(self, steps, begins)))
                .toList();
        int accepted = 0;
        for (Future<Integer> share : shares) {
          accepted += share.get();
        }
        return accepted;
      }
    }

    @Override
    public void close() {
      stage.close();
    }
  }

  @Test
  void every_report_of_many_processes_is_accepted_once_and_nothing_is_left_behind()
      throws Exception {
    int steps = 240;
    try (Crowd crowd = new Crowd(12, steps, ONE_LANE)) {
      assertEquals(steps, crowd.all(steps, true));
      assertEquals("succeeded", crowd.stage.end(crowd.run).status());
      assertEquals(0, crowd.stage.count("SELECT count(*) FROM inbox"));
      Invariants.hold(crowd.stage);
    }
  }

  @Test
  void of_deliveries_that_contend_one_may_begin_and_one_report_counts() throws Exception {
    int steps = 40;
    try (Crowd crowd = new Crowd(6, steps, ONE_LANE);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (boolean begins : new boolean[] {true, false}) {
        List<Future<Verdict>> verdicts = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
          String step = "part[" + i + "]";
          Event event = begins ? new Event.Begin(step, 1) : success(step);
          crowd.rooms.forEach(
              room -> verdicts.add(threads.submit(() -> Stage.submit(room, crowd.run, event))));
        }
        int accepted = 0;
        for (Future<Verdict> verdict : verdicts) {
          accepted += verdict.get() == Verdict.ACCEPTED ? 1 : 0;
        }
        assertEquals(steps, accepted, begins ? "begins" : "reports");
      }
      assertEquals("succeeded", crowd.stage.end(crowd.run).status());
      Invariants.hold(crowd.stage);
    }
  }

  @Test
  void what_a_process_left_before_it_died_is_decided_by_the_sweep() {
    try (Crowd crowd = new Crowd(1, 3, Stage.HASTY)) {
      InboxStore inbox = new InboxStore(crowd.stage.database().pool());
      List<Letter> letters =
          IntStream.range(0, 3)
              .mapToObj(i -> new Letter(UUID.randomUUID(), success("part[" + i + "]")))
              .toList();
      inbox.leave(crowd.run, letters).await().atMost(Stage.PATIENCE);
      assertEquals("succeeded", crowd.stage.end(crowd.run).status());
      assertEquals(List.of("ACCEPTED"), crowd.stage.query("SELECT DISTINCT verdict FROM inbox"));
    }
  }

  @Test
  void a_process_that_died_with_the_turn_delays_the_others_and_stops_nobody() throws Exception {
    int steps = 40;
    try (Crowd crowd = new Crowd(4, steps, ONE_LANE)) {
      crowd.stage.execute(
          "INSERT INTO inbox_turn VALUES ('%s', now() + interval '1 second')".formatted(crowd.run));
      assertEquals(steps, crowd.all(steps, false));
      assertEquals("succeeded", crowd.stage.end(crowd.run).status());
    }
  }

  @Test
  void a_letter_that_cannot_be_stored_stops_nobody_else() throws Exception {
    int steps = 60;
    try (Crowd crowd = new Crowd(4, steps + 1, ONE_LANE)) {
      crowd.stage.execute(
          "ALTER TABLE step ADD CONSTRAINT poison CHECK (output::text <> '\"poison\"')");
      new InboxStore(crowd.stage.database().pool())
          .leave(
              crowd.run,
              List.of(
                  new Letter(
                      UUID.randomUUID(),
                      new Event.Report(
                          "part[" + steps + "]",
                          1,
                          Outcome.Succeeded.of("poison"),
                          Event.Cost.NONE,
                          false))))
          .await()
          .atMost(Stage.PATIENCE);
      assertEquals(steps, crowd.all(steps, false));
      assertEquals(
          Verdict.ACCEPTED,
          Stage.submit(crowd.rooms.getFirst(), crowd.run, success("part[" + steps + "]")));
      assertEquals("succeeded", crowd.stage.end(crowd.run).status());
    }
  }

  @Test
  void what_it_costs_is_printed_where_it_is_asked_for() throws Exception {
    int steps = Integer.getInteger("fanfare.contention", 0);
    for (boolean begins : new boolean[] {false, true}) {
      for (int processes : steps == 0 ? new int[0] : new int[] {1, 1, 4, 16, 64}) {
        try (Crowd crowd = new Crowd(processes, steps, ONE_LANE)) {
          long before = commits(crowd.stage);
          long began = System.nanoTime();
          assertEquals(steps, crowd.all(steps, begins));
          long millis = (System.nanoTime() - began) / 1_000_000;
          crowd.rooms.forEach(EngineRoom::close);
          crowd.pools.forEach(pool -> pool.close().await().atMost(Stage.PATIENCE));
          Stage.until("the statistics", () -> commits(crowd.stage) > before + steps);
          System.out.printf(
              "begins=%s processes=%d ms=%d statements/step=%.1f%n",
              begins, processes, millis, (commits(crowd.stage) - before) / (double) steps);
        }
      }
    }
    assertTrue(steps >= 0);
  }

  private static long commits(Stage stage) {
    return stage.count(
        "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");
  }
}
