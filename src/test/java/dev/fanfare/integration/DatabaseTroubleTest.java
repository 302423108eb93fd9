package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Connections that break while runs are under way. */
class DatabaseTroubleTest {

  private static final String DIAMOND =
      """
      name: diamond
      steps:
        top: { call: work }
        left: { needs: top, call: work }
        right: { needs: top, run: "echo right" }
        middle: { needs: top, sleep: 100ms }
        bottom: { needs: [left, right, middle], call: work }
        last: { needs: bottom, pass: { output: "${{ steps.bottom.output }}" } }
      """;

  private static final String BREAK_ALL =
      """
      SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()
      """;

  @Test
  void fifty_diamonds_end_right_while_all_connections_break_again_and_again() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed of the breaks: " + seed);
    Random random = new Random(seed);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger broken = new AtomicInteger();
    try (Stage stage = new Stage()) {
      stage.bean("work", (JavaStep) (context, input) -> context.step());
      EngineRoom engine = stage.engine(Stage.HASTY);
      List<UUID> runs = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        runs.add(Stage.start(engine, DIAMOND));
      }
      Thread breaker =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 30 && !over.get(); i++) {
                      broken.addAndGet((int) stage.count(BREAK_ALL));
                      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(150)));
                    }
                  });
      breaker.join();
      for (UUID id : runs) {
        RunView run = stage.end(id);
        assertEquals("succeeded", run.status(), () -> run + ", seed " + seed);
        assertEquals("bottom", Stage.step(run, "last").output());
      }
      over.set(true);
      Invariants.hold(stage);
      assertTrue(broken.get() > 0, "connections were broken");
      System.out.println("connections broken: " + broken);
    }
  }

  @Test
  void runs_that_are_started_while_connections_break_are_stored_once() throws Exception {
    try (Stage stage = new Stage()) {
      stage.bean("work", (JavaStep) (context, input) -> context.step());
      EngineRoom engine = stage.engine(Stage.HASTY);
      stage.end(Stage.start(engine, DIAMOND));
      AtomicBoolean over = new AtomicBoolean();
      Thread breaker =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!over.get()) {
                      stage.count(BREAK_ALL);
                      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(60));
                    }
                  });
      List<UUID> runs = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        runs.add(Stage.start(engine, DIAMOND));
      }
      over.set(true);
      breaker.join();
      for (UUID id : runs) {
        assertEquals("succeeded", stage.end(id).status());
      }
      assertEquals(41, stage.count("SELECT count(*) FROM run"));
      Invariants.hold(stage);
    }
  }
}
