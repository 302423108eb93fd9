package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.TriggerService;
import dev.fanfare.local.postgres.Database;
import dev.fanfare.testing.TestDatabase;
import io.smallrye.mutiny.Uni;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs that wait cost rows and no memory. */
class ManyWaitingTest {

  private static final int RUNS = 10_000;
  private static final int AT_ONCE = 500;

  private static final byte[] GATED =
      ("name: gated\nsteps:\n  gate: { approval: { message: Ship it?, timeout: 24h } }\n"
              + "  ship: { needs: gate, pass: { output: \"${{ steps.gate.output.by }}\" } }\n")
          .getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  /** A process with an engine that does what it is told. */
  private static final class Told implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter orders;

    Told(Database database, Path home) throws IOException {
      process =
          EngineProcess.start(
              List.of(
                  "postgresql://%s:%s@%s:%d/%s"
                      .formatted(
                          database.user(),
                          database.password(),
                          database.host(),
                          database.port(),
                          database.name()),
                  home.toString()));
      answers = process.inputReader(StandardCharsets.UTF_8);
      orders = process.outputWriter(StandardCharsets.UTF_8);
    }

    String tell(String order) throws IOException {
      orders.write(order + "\n");
      orders.flush();
      return String.valueOf(answers.readLine());
    }

    long kibibytes() throws IOException {
      return Long.parseLong(tell("memory"));
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
  void ten_thousand_waiting_approvals_cost_no_memory_and_each_can_be_approved_at_once()
      throws IOException {
    try (TestDatabase empty = TestDatabase.fresh();
        Stage stage = new Stage()) {
      List<UUID> runs = tenThousand(stage);
      Database full = stage.database().database();
      long without = 0;
      long with = Long.MAX_VALUE;
      try (Told idle = new Told(empty.database(), folder.resolve("empty"));
          Told waiting = new Told(full, folder.resolve("full"))) {
        without = idle.kibibytes();
        with = waiting.kibibytes();
        System.out.printf("resident: %d KiB empty, %d KiB with %d waiting%n", without, with, RUNS);
        assertTrue(with <= without * 1.1, with + " KiB against " + without + " KiB");
        long start = System.nanoTime();
        for (int i = 0; i < RUNS; i += RUNS / 20) {
          String answer = waiting.tell("approve " + runs.get(i) + " gate");
          assertTrue(answer.startsWith("Decided[decision=approved, by=test"), answer);
          assertEquals("succeeded", stage.end(runs.get(i)).status());
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        System.out.printf("20 of them approved to the end of their runs in %d ms%n", millis);
        assertTrue(millis < 20_000, () -> millis + " ms");
      }
      assertEquals(
          RUNS - 20, stage.count("SELECT count(*) FROM subscription WHERE open"), "the rest waits");
      assertEquals(RUNS - 20, stage.count("SELECT count(*) FROM run WHERE status = 'waiting'"));
    }
  }

  /** Runs that wait, of an engine that is gone. */
  private static List<UUID> tenThousand(Stage stage) {
    List<UUID> runs = new ArrayList<>();
    try (EngineRoom engine = stage.engine()) {
      for (int done = 0; done < RUNS; done += AT_ONCE) {
        List<Uni<TriggerService.Result>> starts = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          starts.add(engine.trigger().start(request()));
        }
        Uni.join().all(starts).andFailFast().await().atMost(Stage.PATIENCE).stream()
            .map(TriggerService.Started.class::cast)
            .forEach(started -> runs.add(started.run()));
      }
    }
    assertEquals(RUNS, stage.count("SELECT count(*) FROM run WHERE status = 'waiting'"));
    return runs;
  }

  private static TriggerService.Request request() {
    return new TriggerService.Request(
        RunIds.next(),
        new Graphs.File(GATED, "gated.yaml", Optional.empty()),
        Map.of(),
        Map.of(),
        Map.of("trigger", "test"),
        Optional.empty());
  }
}
