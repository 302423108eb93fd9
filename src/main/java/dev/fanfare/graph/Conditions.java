package dev.fanfare.graph;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.expression.References;
import java.util.ArrayList;
import java.util.List;

/** Steps with {@code join: when}: whether they may be that, and what their conditions read. */
final class Conditions {

  private final NodeTree tree;
  private final List<Diagnostic> diagnostics;
  private final List<Watch> watches = new ArrayList<>();
  private final List<Integer> ofRun = new ArrayList<>();

  Conditions(NodeTree tree, List<Diagnostic> diagnostics) {
    this.tree = tree;
    this.diagnostics = diagnostics;
  }

  /**
   * Reports what a condition takes the place of.
   *
   * @param inOrder whether written order alone orders the step and those beside it
   */
  void check(NodeDraft node, boolean inOrder) {
    String step = "'" + node.id + "' has join: when";
    if (node.when.isEmpty()) {
      boolean perItem = node.step.when().isPresent();
      diagnostics.add(
          Diagnostic.error(
              "missing-key",
              perItem
                  ? step + ", but its condition is one of each item and not of the step"
                  : step + " and no 'when'",
              node.step.span(),
              perItem
                  ? "ask about the items in a step inside, or remove the join"
                  : "write the condition that it waits for: when: \"${{ steps.a.status =="
                      + " 'failed' }}\""));
    }
    node.step.needs().stream()
        .findFirst()
        .ifPresent(
            need ->
                diagnostics.add(
                    Diagnostic.error(
                        "contradiction",
                        step + ", which leaves no use for 'needs'",
                        need.span(),
                        "write it into 'when': steps."
                            + need.step()
                            + ".status == 'succeeded', or remove the join")));
    if (inOrder) {
      diagnostics.add(
          Diagnostic.error(
              "contradiction",
              step + ", but here each step waits for the one before it",
              node.step.span(),
              "put the steps into a 'parallel', or remove the join"));
    }
  }

  /** Whether reads order nothing: something from the reader up to {@code to} waits for itself. */
  static boolean isBetween(NodeDraft reader, NodeDraft to) {
    NodeDraft at = reader;
    while (at != null && at != to) {
      if (at.waitsForCondition()) {
        return true;
      }
      at = at.parent;
    }
    return to.waitsForCondition();
  }

  /** A condition reads a step. */
  void read(NodeDraft reader, NodeDraft step, NodeDraft to, NodeDraft from, String field) {
    boolean value = !field.equals("status");
    watches.add(new Watch(reader.index, step.index, to.index, from.index, value));
  }

  /** What a condition reads without naming it: the state of the run, any step at the top. */
  void readsOf(NodeDraft reader, References references) {
    if (references.names().contains("run")) {
      ofRun.add(reader.index);
    }
    if (references.dynamicSteps()) {
      NodeDraft around = reader;
      while (around.parent != null) {
        around = around.parent;
      }
      for (NodeDraft step : tree.top) {
        if (step != around) {
          read(reader, step, around, step, "");
        }
      }
    }
  }

  Watches all() {
    List<Integer> readers =
        tree.nodes.stream().filter(NodeDraft::waitsForCondition).map(node -> node.index).toList();
    return new Watches(readers, ofRun, watches);
  }
}
