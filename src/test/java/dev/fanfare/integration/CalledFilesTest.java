package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.Work;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.RunView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Steps that call files, as those of other systems do. What Fanfare's own dialect reads stands for
 * the files of another one here.
 */
class CalledFilesTest {

  private static final String CHILD =
      """
      name: child
      steps: { say: { run: echo %s } }
      outputs: { said: "${{ steps.say.output }}" }
      """;

  private final Stage stage = new Stage();
  private final EngineRoom room = stage.engine();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    stage.close();
  }

  private static Step called(Step step) {
    return step.body() instanceof Work.SubWorkflow work
        ? StepDraft.of(step)
            .body(
                new Work.SubWorkflow(
                    work.workflow(), work.params(), work.await(), Optional.of("fanfare")))
            .step()
        : step;
  }

  private RunView run(String yaml) {
    return run(yaml, yaml, Map.of("trigger", "test", "source", folder.toString()));
  }

  private RunView run(String yaml, String kept, Map<String, Object> context) {
    return ForeignRuns.run(stage, room, yaml, kept, context, CalledFilesTest::called);
  }

  private static String said(RunView run, String step) {
    RunView.StepView called = Stage.step(run, step);
    return called.output() instanceof Map<?, ?> outputs
        ? String.valueOf(outputs.get("said"))
        : "failed: " + called.error();
  }

  private static String refusal(RunView run, String code) {
    Map<String, Object> error = Stage.step(run, "a").error();
    assertEquals(code, error == null ? "none" : error.get("code"));
    return String.valueOf(error == null ? "" : error.get("message"));
  }

  @Test
  void a_file_is_found_absolutely_beside_the_callers_and_without_its_ending() throws Exception {
    Files.writeString(folder.resolve("child.yaml"), CHILD.formatted("beside"));
    Files.createDirectories(folder.resolve("sub"));
    Files.writeString(folder.resolve("sub/other.yml"), CHILD.formatted("below"));
    stage.register("child", CHILD.formatted("registered"));

    RunView run =
        run(
            """
            name: top
            steps:
              a: { workflow: "${{ 'child' }}" }
              b: { workflow: "${{ 'sub/other.yml' }}" }
              c: { workflow: "${{ '%s/sub/other' }}" }
            """
                .formatted(folder));

    assertEquals("succeeded", run.status());
    assertEquals(
        List.of("beside", "below", "below"),
        List.of(said(run, "a"), said(run, "b"), said(run, "c")));
  }

  @Test
  void a_registered_workflow_is_found_with_the_ending_of_a_file() {
    stage.register("child", CHILD.formatted("registered"));

    RunView run = run("name: top\nsteps:\n  a: { workflow: \"${{ 'child.yaml' }}\" }\n");

    assertEquals("registered", said(run, "a"));
  }

  @Test
  void a_file_that_an_earlier_step_wrote_is_run() {
    for (String workspace : List.of("shared", "layered")) {
      RunView run =
          run(
              """
              name: top
              workspace: %s
              steps:
                write:
                  run: |
                    mkdir -p made
                    printf 'name: made\\nsteps: { say: { run: "echo made here" } }\\n' > made/it.yaml
                    echo 'outputs: { said: "$''{{ steps.say.output }}" }' >> made/it.yaml
                a: { needs: write, workflow: "${{ 'made/it' }}" }
              """
                  .formatted(workspace),
              "",
              Map.of("trigger", "test"));

      assertEquals("made here", said(run, "a"), workspace);
    }
  }

  @Test
  void a_document_of_the_callers_own_file_comes_first() throws Exception {
    Files.writeString(folder.resolve("child.yaml"), CHILD.formatted("beside"));
    String yaml = "name: top\nsteps:\n  a: { workflow: child }\n";

    RunView run =
        run(
            yaml,
            yaml + "---\n" + CHILD.formatted("document"),
            Map.of("trigger", "test", "source", folder.toString()));

    // This dialect has no second documents, which is what it says.
    String message = refusal(run, "child_refused");
    assertTrue(message.contains("'child' cannot be run"), message);
    assertTrue(message.contains("document"), message);
  }

  @Test
  void what_is_wrong_with_the_file_is_said_with_line_and_column() throws Exception {
    Files.writeString(folder.resolve("child.yaml"), "name: child\nsteps:\n  a: { runn: x }\n");

    String message = refusal(run("name: top\nsteps:\n  a: { workflow: child }\n"), "child_refused");

    assertTrue(message.contains("3:8"), message);
    assertTrue(message.contains("runn"), message);
  }

  @Test
  void a_file_that_is_too_large_and_one_that_is_nowhere_are_told_apart() throws Exception {
    Files.writeString(folder.resolve("large.yaml"), "# " + "x".repeat(1 << 20));

    String large = refusal(run("name: top\nsteps:\n  a: { workflow: large }\n"), "child_refused");
    String gone = refusal(run("name: top\nsteps:\n  a: { workflow: gone }\n"), "unknown_workflow");

    assertTrue(large.contains("more than 1 MiB"), large);
    assertTrue(gone.contains("no such file in " + folder), gone);
  }
}
