package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.RunView;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts with texts to replace and tools, as importers make them, through the whole engine. */
class ForeignScriptsTest {

  private final Stage stage = new Stage();
  private final EngineRoom room = stage.engine();

  @AfterEach
  void close() {
    stage.close();
  }

  private RunView run(String yaml, Map<String, String> texts) {
    return ForeignRuns.run(
        stage, room, yaml, yaml, Map.of("trigger", "test"), step -> foreign(step, texts));
  }

  private static Step foreign(Step step, Map<String, String> texts) {
    if (!(step.body() instanceof Work.Run run)) {
      return step;
    }
    Map<String, Template> templates = new HashMap<>();
    texts.forEach(
        (text, source) ->
            templates.put(text, new Template.Expression(new Expr(source, SourceSpan.NONE))));
    return StepDraft.of(step)
        .body(
            new Work.Run(
                run.commands(),
                run.shell(),
                run.workdir(),
                run.image(),
                templates,
                Optional.of("codefresh")))
        .step();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared", "layered"})
  void exports_reach_every_step_downstream(String workspace) {
    RunView run =
        run(
            """
            name: top
            workspace: %s
            steps:
              tag: { run: "cf_export TAG=v1 COUNT=1" }
              next: { needs: tag, run: "cf_export COUNT=2; echo next" }
              last: { needs: next, run: "echo $TAG $COUNT [TAG] [NONE] [[TAG]]" }
            """
                .formatted(workspace),
            Map.of("[TAG]", "steps.tag.output.TAG", "[NONE]", "null"));

    assertEquals("succeeded", run.status());
    assertEquals(Map.of("TAG", "v1", "COUNT", "1"), Stage.step(run, "tag").output());
    assertEquals("v1 2 v1 [NONE] [v1]", Stage.step(run, "last").output());
  }

  @Test
  void in_layers_a_step_that_is_not_downstream_sees_no_exports() {
    RunView run =
        run(
            """
            name: top
            workspace: layered
            steps:
              tag: { run: cf_export TAG=v1 }
              wait: { needs: { step: tag, on: running }, run: "echo $TAG" }
              alone: { run: 'ls -A; echo "<$TAG>"' }
            """,
            Map.of());

    assertEquals("<>", Stage.step(run, "alone").output());
    assertEquals("", Stage.step(run, "wait").output());
  }

  @Test
  void a_hidden_export_is_in_nothing_that_is_stored() {
    RunView run =
        run(
            """
            name: top
            steps:
              hide: { run: "cf_export TOKEN=tok-1234567 --mask; echo it is tok-1234567" }
              use:
                needs: hide
                run: |
                  echo "used $TOKEN"
                  echo "seen=$TOKEN" >> "$FANFARE_OUTPUT"
                  test "$TOKEN" = "tok-""1234567"
            """,
            Map.of());

    assertEquals("succeeded", run.status());
    assertEquals("it is ***", Stage.step(run, "hide").output());
    assertEquals(Map.of("seen", "***"), Stage.step(run, "use").output());
    String stored = String.join("\n", stage.query("SELECT body FROM log_chunk"));
    assertTrue(stored.contains("used ***"), stored);
    assertFalse(stored.contains("tok-1234567"), stored);
  }
}
