package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.LogStore;
import dev.fanfare.store.RunView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What steps write is kept, while they write it. */
class LogsTest {

  private static List<LogStore.Chunk> chunks(EngineRoom engine, UUID run, String step) {
    return engine.logs().ofStep(run, step, 0, -1, 10_000).await().atMost(Stage.PATIENCE);
  }

  /** The lines of a step's log without their stamps. */
  private static List<String> lines(EngineRoom engine, UUID run, String step) {
    List<String> lines = new ArrayList<>();
    for (LogStore.Chunk chunk : chunks(engine, run, step)) {
      chunk.body().lines().forEach(row -> lines.add(row.substring(row.indexOf(' ') + 1)));
    }
    return lines;
  }

  @Test
  void output_can_be_read_while_the_step_still_runs(@TempDir Path folder) throws Exception {
    Path go = folder.resolve("go");
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      UUID id =
          Stage.start(
              engine,
              """
              name: logs
              steps:
                a: { run: "echo first; until [ -e %s ]; do sleep 0.05; done; echo second" }
              """
                  .formatted(go));
      Stage.until("the first line", () -> lines(engine, id, "a").equals(List.of("first")));
      assertEquals("running", Stage.status(stage.view(id), "a"));
      Files.createFile(go);
      stage.end(id);
      assertEquals(List.of("first", "second"), lines(engine, id, "a"));
    }
  }

  @Test
  void lines_of_every_attempt_are_kept_in_order() {
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      UUID id =
          Stage.start(
              engine,
              """
              name: logs
              steps:
                a:
                  run: "for i in 1 2 3; do echo $FANFARE_ATTEMPT-$i; done; [ $FANFARE_ATTEMPT = 3 ]"
                  retry: { attempts: 3, delay: 10ms }
              """);
      assertEquals("succeeded", stage.end(id).status());
      assertEquals(
          List.of("1-1", "1-2", "1-3", "2-1", "2-2", "2-3", "3-1", "3-2", "3-3"),
          lines(engine, id, "a"));
      assertEquals(
          List.of(1, 2, 3),
          chunks(engine, id, "a").stream().map(LogStore.Chunk::attempt).distinct().toList());
    }
  }

  @Test
  void large_output_is_cut_with_a_note_and_the_step_succeeds() {
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      UUID id =
          Stage.start(
              engine,
              """
              name: logs
              steps:
                a: { run: "yes 0123456789012345678901234567890123456789 | head -c 40000000; echo end" , outputs: { x: { file: none } }, onFailure: { tolerate: true } }
              """);
      stage.end(id);
      List<String> lines = lines(engine, id, "a");
      assertTrue(lines.getLast().contains("output cut after"), lines::getLast);
      long first = 0;
      for (LogStore.Chunk chunk : chunks(engine, id, "a")) {
        assertEquals(first, chunk.firstLine(), "chunks follow each other");
        first += chunk.lines();
      }
      assertEquals(lines.size(), first);
    }
  }

  @Test
  void nul_characters_and_broken_utf8_break_nothing() {
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      UUID id =
          Stage.start(
              engine,
              """
              name: logs
              steps:
                a: { run: "printf 'a\\\\000b\\\\377\\\\376c\\\\n'" }
                b: { needs: a, pass: { output: "${{ steps.a.output }}" } }
                c: { run: "printf 'k=a\\\\000b\\\\n' >> $FANFARE_OUTPUT" , onFailure: { tolerate: true } }
                d: { pass: { output: "${{ 'x\\u0000y' }}" } }
                e: { needs: d, pass: { output: "${{ steps.d.output }}" } }
              """);
      RunView run = stage.end(id);
      assertEquals("succeeded", Stage.status(run, "a"));
      String output = String.valueOf(Stage.step(run, "b").output());
      assertTrue(output.startsWith("a") && output.endsWith("c"), output);
      assertEquals(1, lines(engine, id, "a").size());
      assertEquals("x\ufffdy", Stage.step(run, "e").output());
    }
  }
}
