package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Settings;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Sleeps, delays and limits in real time, by the database's clock. */
class TimersTest {

  private static final JavaStep HANGING =
      (context, input) -> {
        new CountDownLatch(1).await();
        return "";
      };

  private static final JavaStep THIRD =
      (context, input) -> {
        if (context.attempt() < 3) {
          throw new IllegalStateException("not yet");
        }
        return context.attempt();
      };

  private static long millis(RunView run) {
    return Duration.between(run.createdAt(), run.finishedAt().orElseThrow()).toMillis();
  }

  private static RunView run(String yaml) {
    try (Stage stage = new Stage().bean("hang", HANGING).bean("third", THIRD)) {
      RunView run = stage.end(Stage.start(stage.engine(), yaml));
      assertEquals(0, stage.count("SELECT count(*) FROM due"), "no timer is left");
      Invariants.hold(stage);
      return run;
    }
  }

  @Test
  void a_sleep_lasts_as_long_as_it_says_and_not_much_longer() {
    RunView run = run("name: t\nsteps:\n  a: { sleep: 300ms }\n  b: { needs: a, pass: {} }\n");
    assertEquals("succeeded", run.status());
    assertTrue(millis(run) >= 300 && millis(run) < 5_000, () -> millis(run) + " ms");
  }

  @Test
  void a_retry_waits_for_its_delay() {
    RunView run =
        run("name: t\nsteps:\n  a: { call: third, retry: { attempts: 3, delay: 200ms } }\n");
    assertEquals("succeeded", run.status());
    assertEquals(3, Stage.step(run, "a").attempt());
    assertTrue(millis(run) >= 400 && millis(run) < 8_000, () -> millis(run) + " ms");
  }

  @Test
  void each_limit_ends_what_it_limits() {
    RunView run =
        run(
            """
            name: t
            onFailure: drain
            steps:
              attempt: { call: hang, timeout: 200ms }
              total: { call: hang, timeout: { total: 200ms } }
              retried: { call: third, timeout: { total: 200ms }, retry: { attempts: 9, delay: 30s } }
              group: { parallel: { timeout: 200ms, steps: { in: { call: hang }, out: { pass: {} } } } }
              race: { race: { timeout: 200ms, steps: { in: { call: hang } } } }
            """);
    assertEquals("failed", run.status());
    for (String step : List.of("attempt", "total", "retried", "group", "race")) {
      assertEquals("timed_out", Stage.status(run, step), step);
    }
    assertEquals("succeeded", Stage.status(run, "group.out"));
    assertTrue(millis(run) < 10_000, () -> millis(run) + " ms");
  }

  @Test
  void the_limit_of_a_run_ends_all_of_it() {
    RunView run =
        run(
            """
            name: t
            timeout: 200ms
            steps:
              a: { call: hang }
              b: { sleep: 1h }
              c: { needs: a, pass: {} }
            """);
    assertEquals("timed_out", run.status());
    assertEquals("aborted", Stage.status(run, "a"));
    assertEquals("not_run", Stage.status(run, "c"));
  }

  @Test
  void timers_fire_in_a_process_that_did_not_set_them() {
    try (Stage stage = new Stage().bean("third", THIRD)) {
      EngineRoom first = stage.engine();
      UUID id =
          Stage.start(
              first,
              """
              name: t
              steps:
                a: { sleep: 500ms }
                b: { call: third, retry: { attempts: 3, delay: 400ms } }
                c: { needs: [a, b], pass: {} }
              """);
      Stage.until("a first failure", () -> !stage.events(id, "step.retrying").isEmpty());
      first.close();
      stage.engine();
      assertEquals("succeeded", stage.end(id).status());
      Invariants.hold(stage);
    }
  }

  @Test
  void a_timer_that_nobody_wants_is_dropped_and_does_not_keep_the_process_busy() {
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      UUID id = Stage.start(engine, "name: t\nsteps:\n  a: { pass: {} }\n");
      stage.end(id);
      stage.execute(
          "INSERT INTO due VALUES ('%s', 'a', 'RETRY', 1, now()), ('%s', 'x', 'SLEEP', 1, now())"
              .formatted(id, UUID.randomUUID()));
      engine.conductor().sweep();
      Stage.until("both are gone", () -> stage.count("SELECT count(*) FROM due") == 0);
    }
  }

  @Test
  void a_timer_that_cannot_be_decided_is_tried_now_and_then_only() {
    try (Stage stage = new Stage()) {
      UUID id;
      try (EngineRoom first = stage.engine()) {
        id = Stage.start(first, "name: t\nsteps:\n  a: { sleep: 50ms }\n");
        stage.execute("UPDATE graph SET source = 'name: [' WHERE hash IN (SELECT graph FROM run)");
        stage.execute("UPDATE due SET at = now() + interval '1 hour'");
      }
      stage.execute("UPDATE due SET at = now()");
      stage.engine(new Settings(1, Duration.ofSeconds(30), Duration.ofMillis(50), 100));
      long before = statements(stage);
      long started = System.nanoTime();
      Stage.until("two seconds", () -> System.nanoTime() - started > 2_000_000_000L);
      long count = statements(stage) - before;
      System.out.println("statements in two seconds with a timer that fails: " + count);
      assertTrue(count < 3_000, () -> count + " transactions");
      assertEquals("waiting", stage.view(id).status());
    }
  }

  @Test
  void an_engine_that_waits_asks_the_database_next_to_nothing() {
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      UUID id = Stage.start(engine, "name: t\nsteps:\n  a: { sleep: 1h }\n");
      Stage.until("the sleep", () -> stage.view(id).status().equals("waiting"));
      long before = statements(stage);
      long started = System.nanoTime();
      Stage.until("three seconds", () -> System.nanoTime() - started > 3_000_000_000L);
      long count = statements(stage) - before;
      System.out.println("transactions in three idle seconds: " + count);
      assertTrue(count < 60, () -> count + " transactions");
      Stage.cancel(engine, id);
    }
  }

  @Test
  void a_sleep_beyond_the_end_of_time_fails_its_step_and_nothing_else() {
    RunView run =
        run(
            """
            name: t
            steps:
              far: { sleep: "${{ '9' + '00000000000d' }}", onFailure: { tolerate: true } }
              b: { pass: {} }
            """);
    assertEquals("succeeded", Stage.status(run, "b"));
    assertEquals("failed", Stage.status(run, "far"));
  }

  private static long statements(Stage stage) {
    stage.query("SELECT pg_stat_clear_snapshot()::text");
    return stage.count(
        "SELECT xact_commit + xact_rollback FROM pg_stat_database"
            + " WHERE datname = current_database()");
  }
}
