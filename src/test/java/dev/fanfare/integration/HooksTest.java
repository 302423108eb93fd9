package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.RunView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks with real scripts, real deaths and a real database. */
class HooksTest {

  private static String uniqueNap() {
    return "1" + (100_000_000 + ThreadLocalRandom.current().nextInt(100_000_000));
  }

  private static boolean runs(String nap) {
    return ProcessHandle.allProcesses()
        .anyMatch(each -> each.info().commandLine().orElse("").contains("sleep " + nap));
  }

  private static void untilTold(Path story, String line) {
    Stage.until(
        line,
        () -> {
          try {
            return Files.exists(story) && Files.readAllLines(story).contains(line);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** What a killed process was doing goes on in the next one: what was done is not done again. */
  @Test
  void a_process_that_is_killed_in_a_hook_of_a_step_and_in_one_of_the_run_is_replaced(
      @TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("hooks.yaml"),
            """
            name: hooks
            hooks:
              before: { run: echo run-before >> %1$s/story }
              onFailure: { run: "echo run-fails >> %1$s/story; test -e %1$s/second || sleep 600" }
              always: { run: echo run-always >> %1$s/story }
            steps:
              work:
                run: "echo work >> %1$s/story; exit 3"
                hooks:
                  before: { run: echo before >> %1$s/story }
                  onFailure: { run: "echo fails >> %1$s/story; test -e %1$s/first || sleep 600" }
                  always: { run: echo always >> %1$s/story }
            """
                .formatted(folder));
    try (Stage stage = new Stage()) {
      String url = stage.url();
      List<String> args = List.of(url, folder.resolve("home").toString(), file.toString(), "once");
      Process process = EngineProcess.start(args);
      Stage.until("the run", () -> stage.count("SELECT count(*) FROM run") == 1);
      UUID id = UUID.fromString(stage.query("SELECT id FROM run").getFirst());
      untilTold(folder.resolve("story"), "fails");
      process.destroyForcibly().waitFor();
      Files.createFile(folder.resolve("first"));
      process = EngineProcess.start(args.subList(0, 2));
      untilTold(folder.resolve("story"), "run-fails");
      process.destroyForcibly().waitFor();
      Files.createFile(folder.resolve("second"));
      process = EngineProcess.start(args.subList(0, 2));
      RunView run = stage.end(id);
      process.destroyForcibly().waitFor();
      assertEquals("failed", run.status());
      assertEquals("failed", Stage.status(run, "work"));
      assertEquals(2, Stage.step(run, "work:onFailure").attempt());
      assertEquals(2, Stage.step(run, ":onFailure").attempt());
      assertEquals(1, Stage.step(run, "work").attempt());
      assertEquals(
          List.of(
              "run-before",
              "before",
              "work",
              "fails",
              "fails",
              "always",
              "run-fails",
              "run-fails",
              "run-always"),
          Files.readAllLines(folder.resolve("story")));
      Invariants.hold(stage);
    }
  }

  @Test
  void a_cancelled_run_stops_its_work_and_calls_its_hooks_with_what_they_need() {
    String nap = uniqueNap();
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      UUID id =
          Stage.start(
              engine,
              """
              name: cleanup
              hooks:
                onCancel: { run: 'echo "$FANFARE_STEP $HOW"', env: { HOW: "${{ run.status }}" } }
                always: { run: cat story }
              steps:
                work:
                  run: "touch lock; sleep %s"
                  hooks:
                    onCancel: { run: 'echo "$FANFARE_STEP $HOW" >> story', env: { HOW: "${{ status }}" } }
                    always: [{ run: rm lock }, { run: 'test -e lock || echo gone >> story' }]
                later: { needs: work, run: echo never, hooks: { always: { run: echo never } } }
              """
                  .formatted(nap));
      Stage.until("the work", () -> runs(nap));
      Stage.cancel(engine, id);
      RunView run = stage.end(id);
      assertEquals("cancelled", run.status());
      assertEquals("cancelled", Stage.status(run, "work"));
      assertEquals("not_run", Stage.status(run, "later"));
      assertEquals("pending", Stage.status(run, "later:always"));
      assertEquals("work:onCancel cancelled\ngone", Stage.step(run, ":always").output());
      assertEquals(":onCancel cancelled", Stage.step(run, ":onCancel").output());
      assertFalse(runs(nap), "its work is left");
      Invariants.hold(stage);
    }
  }

  @Test
  void a_second_cancel_stops_the_hooks_as_well() {
    String nap = uniqueNap();
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      UUID id =
          Stage.start(
              engine,
              """
              name: stubborn
              hooks: { always: { run: echo never } }
              steps:
                work: { sleep: 1h, hooks: { onCancel: { run: "sleep %s" } } }
              """
                  .formatted(nap));
      Stage.until("the sleep", () -> "waiting".equals(Stage.status(stage.view(id), "work")));
      Stage.cancel(engine, id);
      Stage.until("the hook", () -> runs(nap));
      assertFalse(stage.hasEnded(id));
      Stage.cancel(engine, id);
      RunView run = stage.end(id);
      assertEquals("cancelled", run.status());
      assertEquals("cancelled", Stage.status(run, "work:onCancel"));
      assertEquals("pending", Stage.status(run, ":always"));
      Stage.until("the end of the hook", () -> !runs(nap));
      Invariants.hold(stage);
    }
  }

  @Test
  void another_process_that_knows_nothing_of_the_run_cancels_it_and_calls_its_hooks() {
    try (Stage stage = new Stage()) {
      EngineRoom one = stage.engine(Stage.HASTY);
      UUID id =
          Stage.start(
              one,
              """
              name: elsewhere
              steps:
                work:
                  forEach: "${{ lists.range(20) }}"
                  sleep: 1h
                  hooks: { always: { run: echo done } }
              """);
      Stage.until(
          "the sleeps",
          () ->
              stage.view(id).steps().stream()
                      .filter(step -> step.status().equals("waiting"))
                      .count()
                  == 20);
      Stage.cancel(stage.engine(Stage.HASTY), id);
      RunView run = stage.end(id);
      assertEquals("cancelled", run.status());
      long called =
          run.steps().stream()
              .filter(step -> step.path().endsWith(":always") && step.status().equals("succeeded"))
              .count();
      assertEquals(20, called);
      assertTrue(stage.events(id, "run.ending").size() == 1);
      Invariants.hold(stage);
    }
  }
}
