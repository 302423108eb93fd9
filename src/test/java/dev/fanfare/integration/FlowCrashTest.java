package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.dsl.FlowError;
import dev.fanfare.dsl.Flows;
import dev.fanfare.dsl.Inspection;
import dev.fanfare.function.RerunService;
import dev.fanfare.function.flow.FlowBook;
import dev.fanfare.function.flow.FlowSources;
import dev.fanfare.store.RunView;
import dev.fanfare.testing.FlowEngine;
import dev.fanfare.testing.FlowJars;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workflow written in Java, whose processes die, change and forget. */
class FlowCrashTest {

  private static final String FLOW =
      """
      import dev.fanfare.dsl.*;
      import java.nio.file.*;
      public class Kill implements Flows {
        private static int in(Path log, String step, int output) throws Exception {
          Files.writeString(log, step + "\\n", StandardOpenOption.APPEND);
          while (Files.exists(log.resolveSibling("hang-" + step))) {
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            if (Thread.interrupted()) {
              throw new InterruptedException();
            }
          }
          return output;
        }
        @Override public void define(Cronflow cron) {
          Path log = Path.of("LOG");
          cron.define("kill")
              .step("one", ctx -> in(log, "one", 1))
              .step("two", ctx -> in(log, "two", ctx.last(Integer.class) + 1))
              .step("three", ctx -> in(log, "three", ctx.last(Integer.class) + 1))
              .step("all", ctx -> ctx.steps("one").output().asInt() * 100 + ctx.last().asInt());
        }
      }
      """;

  @Test
  void a_run_whose_process_is_killed_between_two_steps_goes_on_in_another(@TempDir Path folder)
      throws Exception {
    Path log = Files.createFile(folder.resolve("log"));
    Path hangs = Files.createFile(folder.resolve("hang-two"));
    Path jars = folder.resolve("jars");
    FlowJars.jar(jars, "Kill", FLOW.replace("LOG", log.toString()));
    byte[] text =
        FlowBook.of(FlowSources.inJars(jars.toString())).file("kill").orElseThrow().content();
    Path file = Files.write(folder.resolve("kill.json"), text);
    try (Stage stage = new Stage()) {
      String url = stage.url();
      List<String> args = List.of(url, folder.resolve("home").toString(), file.toString(), "kill");
      Map<String, String> environment = Map.of("FANFARE_JARS", jars.toString());
      Process first = EngineProcess.start(args, environment);
      Stage.until("the second step", () -> lines(log).contains("two"));
      first.destroyForcibly().waitFor();
      Files.delete(hangs);
      Process second = EngineProcess.start(args.subList(0, 2), environment);
      RunView run = stage.end(UUID.fromString(stage.query("SELECT id FROM run").getFirst()));
      second.destroyForcibly().waitFor();
      assertEquals("succeeded", run.status());
      assertEquals(Map.of("result", 103L), run.outputs());
      assertEquals(List.of("one", "two", "two", "three"), lines(log));
    }
  }

  private static List<String> lines(Path log) {
    try {
      return Files.readAllLines(log);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void a_run_keeps_its_graph_when_the_workflow_changes_and_finds_its_steps_by_name()
      throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch changed = new CountDownLatch(1);
    Flows before =
        cron ->
            cron.define("changes")
                .step(
                    "one",
                    ctx -> {
                      begun.countDown();
                      changed.await();
                      return "one";
                    })
                .waitForEvent("go")
                .step("two", ctx -> "the old two after " + ctx.output("one").asText());
    Flows after =
        cron ->
            cron.define("changes")
                .step("zero", ctx -> "zero")
                .step("two", ctx -> "the new two after " + ctx.output("one").asText());
    try (FlowEngine one = FlowEngine.of(before)) {
      UUID run = one.runs().trigger("changes", null);
      begun.await();
      changed.countDown();
      one.await(run, RunStatus.WAITING);
      one.room().close();
      try (FlowEngine two = FlowEngine.on(one.database(), after)) {
        two.runs().publishEvent("go", null);
        Inspection ended = two.await(run);
        assertEquals("the new two after one", ended.output().asText());
        assertEquals(
            List.of("event-1", "one", "two"),
            ended.steps().stream().map(step -> step.name()).sorted().toList());
      }
    }
  }

  @Test
  void a_step_whose_code_is_not_there_says_so_and_goes_on_where_it_is() throws Exception {
    Flows flows = cron -> cron.define("lost").waitForEvent("go").step("two", ctx -> "two");
    try (FlowEngine with = FlowEngine.of(flows)) {
      UUID run = with.runs().trigger("lost", null);
      with.await(run, RunStatus.WAITING);
      with.room().close();
      try (FlowEngine without = FlowEngine.on(with.database(), cron -> {})) {
        without.runs().publishEvent("go", null);
        FlowError error = without.await(run).step("two").error().orElseThrow();
        assertEquals("flow_code_missing", error.code());
        assertEquals(
            "The workflow 'lost' is written in Java, and this process does not have the code of its"
                + " step 'two'. Start Fanfare with the jar that has it (--jars FOLDER, or"
                + " FANFARE_JARS), then go on with `fanfare rerun RUN --from failed`.",
            error.message());
      }
      try (FlowEngine again = FlowEngine.on(with.database(), flows)) {
        again
            .room()
            .rerun()
            .rerun(run, RerunService.from("failed"), "test")
            .await()
            .atMost(Stage.PATIENCE);
        assertEquals("two", again.await(run).output().asText());
      }
    }
  }
}
