package dev.fanfare.engine;

import dev.fanfare.definition.StepStatus;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * What waits for the hooks of stopped steps inside it: the next attempt of a group, and the group's
 * own hooks where it was stopped or has failed. So what clears up inside is done before anything
 * begins anew, and before what clears up around it.
 */
final class HookHolds {
  private final Flow flow;
  private final Draft draft;

  HookHolds(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** Whether something inside a step has been stopped and has hooks yet to end; it is told then. */
  boolean hold(Cell cell) {
    int left = left(cell);
    if (left > 0) {
      cell.mark(StepRow.Marks.HELD);
      PendingEnd.held(cell, left);
      if (!cell.status.isTerminal()) {
        cell.reason = Reason.of("hooks_inside", "steps", (long) left);
        draft.noteStep(cell, Map.of("reason", cell.reason.toJson()));
      }
    }
    return left > 0;
  }

  private int left(Cell cell) {
    Node node = draft.node(cell);
    if (!areInside(node)) {
      return 0;
    }
    List<String> paths = flow.stops.inside(node, cell);
    draft.require(cell, paths);
    int left = 0;
    for (String path : paths) {
      Cell inside = draft.find(cell, path);
      if (inside != null) {
        left += inside.status.isTerminal() && inside.is(StepRow.Marks.ENDING) ? 1 : 0;
        left += left(inside);
        for (int index : draft.node(inside).hooks().values()) {
          Node hook = draft.graph.node(index);
          Cell called = areInside(hook) ? draft.find(Graph.pathOf(hook, path)) : null;
          left += called == null ? 0 : left(called);
        }
      }
    }
    return left;
  }

  /** Whether steps inside a node have hooks. */
  boolean areInside(Node node) {
    return node.children().stream()
        .map(draft.graph::node)
        .anyMatch(child -> !child.hooks().isEmpty() || areInside(child));
  }

  /** The hooks of a stopped step have ended: what is held by them around it may go on. */
  void letGo(Cell cell) {
    Cell at = cell;
    while (at != null && !at.parent.isEmpty()) {
      at = draft.find(at.parent);
      if (at != null && at.is(StepRow.Marks.HELD)) {
        Cell held = draft.edit(at.path);
        if (PendingEnd.letGo(held) == 0) {
          held.unmark(StepRow.Marks.HELD);
          draft.later(() -> noLongerHeld(draft.edit(held.path)));
        }
      }
    }
  }

  private void noLongerHeld(Cell cell) {
    if (cell.status == StepStatus.RETRYING) {
      draft.waiting--;
      flow.steps.again(cell);
    } else if (cell.is(StepRow.Marks.ENDING)) {
      flow.hooks.goOnUnlessHeld(cell);
    }
  }
}
