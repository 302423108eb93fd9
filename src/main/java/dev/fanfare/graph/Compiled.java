package dev.fanfare.graph;

import dev.fanfare.definition.Diagnostic;
import java.util.List;
import java.util.Optional;

/**
 * What the compiler made of a workflow.
 *
 * @param graph what runs; present exactly when no diagnostic is an error
 * @param planned what a plan shows; present also where the only errors are constructs that this
 *     version does not execute
 * @param diagnostics everything found, in the order of the file
 */
public record Compiled(
    Optional<Graph> graph, Optional<Graph> planned, List<Diagnostic> diagnostics) {
  public Compiled {
    diagnostics = List.copyOf(diagnostics);
  }
}
