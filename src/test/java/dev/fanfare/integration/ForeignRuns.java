package dev.fanfare.integration;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Workflow;
import dev.fanfare.definition.WorkflowDraft;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.engine.RunRow;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RunIds;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.GraphCompiler;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.RunView;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Runs of what only importers make: a file of Fanfare's own language, whose steps are changed as an
 * importer would have written them.
 */
final class ForeignRuns {

  private ForeignRuns() {}

  /**
   * Runs it to its end.
   *
   * @param kept the text that is stored as the file of the run
   */
  static RunView run(
      Stage stage,
      EngineRoom room,
      String yaml,
      String kept,
      Map<String, Object> context,
      UnaryOperator<Step> change) {
    Workflow workflow =
        Dialects.read(yaml.getBytes(StandardCharsets.UTF_8), "top.yaml", Optional.of("fanfare"))
            .workflow()
            .orElseThrow();
    Workflow changed =
        WorkflowDraft.of(workflow).steps(workflow.steps().stream().map(change).toList()).workflow();
    Graph graph = GraphCompiler.compile(changed, CompileInputs.NONE).graph().orElseThrow();
    UUID id = RunIds.next();
    new GraphStore(stage.database().pool())
        .put(new GraphStore.Source("h-" + id, "top", "fanfare", "top.yaml", kept, Map.of()))
        .await()
        .atMost(Stage.PATIENCE);
    Graphs.Stored stored = room.conductor().graphs().keep("h-" + id, graph);
    RunRow.Facts facts = new RunRow.Facts(id, "top", 1, Map.of(), Map.of(), context);
    room.conductor().create(facts, stored, Optional.empty()).await().atMost(Stage.PATIENCE);
    return stage.end(id);
  }
}
