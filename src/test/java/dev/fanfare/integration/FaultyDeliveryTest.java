package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

/** Deliveries that are lost, doubled, late and out of order. */
class FaultyDeliveryTest {

  private static final String TWELVE =
      """
      name: twelve
      steps:
        a: { call: work }
        b: { needs: a, call: work }
        c: { needs: a, pass: { output: 3 } }
        d: { needs: a, forEach: [1, 2, 3], call: work }
        e: { needs: [b, c], call: work }
        r: { needs: d, race: { steps: { one: { call: work }, two: { call: work } } } }
        f: { needs: [e, r], call: work, retry: { attempts: 2, delay: 10ms } }
        g: { needs: f, join: all, call: work }
      """;

  @Test
  void two_hundred_runs_end_right_whatever_becomes_of_their_deliveries() {
    long seed = System.nanoTime();
    System.out.println("seed of the faults: " + seed);
    ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    try (Stage stage = new Stage()) {
      stage.bean("work", (JavaStep) (context, input) -> context.step());
      EngineRoom first =
          stage.engine(Stage.HASTY, inside -> new FaultyInvoker(inside, later, seed));
      EngineRoom second =
          stage.engine(Stage.HASTY, inside -> new FaultyInvoker(inside, later, seed + 1));
      List<UUID> runs = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        runs.add(Stage.start(i % 2 == 0 ? first : second, TWELVE));
      }
      for (UUID id : runs) {
        RunView run = stage.end(id);
        assertEquals("succeeded", run.status(), () -> "run " + id + ", seed " + seed);
        assertEquals("g", Stage.step(run, "g").output());
        assertEquals(
            List.of("d[0]", "d[1]", "d[2]"), Stage.step(run, "d").output(), "in item order");
      }
      Invariants.hold(stage);
      System.out.println(
          "attempts beyond the first: "
              + stage.count("SELECT sum(attempt - 1) FROM step WHERE attempt > 0"));
    } finally {
      later.shutdownNow();
    }
  }
}
