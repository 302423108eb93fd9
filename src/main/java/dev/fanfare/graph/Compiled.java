package dev.fanfare.graph;

import dev.fanfare.definition.Diagnostic;
import java.util.List;
import java.util.Optional;

/**
 * What the compiler made of a workflow.
 *
 * @param graph what runs; present exactly when no diagnostic is an error
 * @param diagnostics everything found, in the order of the file
 */
public record Compiled(Optional<Graph> graph, List<Diagnostic> diagnostics) {
  public Compiled {
    diagnostics = List.copyOf(diagnostics);
  }
}
