package dev.fanfare.engine;

import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.Imported;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.Compiled;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.GraphCompiler;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Graphs for tests. */
final class Flows {

  private Flows() {}

  static Graph graph(Workflow workflow) {
    Compiled compiled = GraphCompiler.compile(workflow, CompileInputs.NONE);
    return compiled
        .graph()
        .orElseThrow(() -> new AssertionError("does not compile: " + compiled.diagnostics()));
  }

  /** The graph of a workflow as text; {@code name} is added. */
  static Graph graph(String yaml) {
    byte[] text = ("name: test\n" + yaml).getBytes(StandardCharsets.UTF_8);
    Imported read = Dialects.read(text, "test.yaml", Optional.of("fanfare"));
    return graph(
        read.workflow()
            .orElseThrow(() -> new AssertionError("cannot be read: " + read.diagnostics())));
  }

  static RunRow.Facts facts(long seed) {
    return new RunRow.Facts(new UUID(7, seed), "test", 1, Map.of(), Map.of(), Map.of());
  }
}
