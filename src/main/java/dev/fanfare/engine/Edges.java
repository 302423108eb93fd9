package dev.fanfare.engine;

import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Workflow;
import dev.fanfare.graph.Edge;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;

/**
 * What the state of one step means to those that need it.
 *
 * <p>A step that needs several is released or refused by the same rule in whatever order they end:
 * one need that can never be met makes it {@code not_run} at once, unless all that stands against
 * it are skips, which make it {@code skipped} when every need is decided.
 */
final class Edges {
  private final Flow flow;
  private final Draft draft;

  Edges(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  private enum Effect {
    SATISFIED,
    BLOCKED_BY_SKIP,
    BLOCKED
  }

  /** Moves a step to running or waiting, and releases whoever waits for just that. */
  void reach(Cell cell, StepStatus status) {
    flow.gates.began(cell);
    draft.move(cell, status);
    int mark =
        status == StepStatus.RUNNING
            ? StepRow.Marks.REACHED_RUNNING
            : StepRow.Marks.REACHED_WAITING;
    if (cell.is(mark)) {
      return;
    }
    for (Edge edge : draft.node(cell).dependants()) {
      if (edge.on().contains(status) && !releasedEarly(edge, cell)) {
        apply(edge, cell, Effect.SATISFIED);
      }
    }
    cell.mark(mark);
  }

  /** Tells everyone who needs a step how it ended. */
  void ended(Cell cell) {
    if (draft.graph.workflow().onFailure() == Workflow.OnRunFailure.HALT
        && cell.parent.isEmpty()
        && cell.status.isFailure()
        && draft.node(cell).dependants().stream().anyMatch(edge -> bars(edge, cell))) {
      flow.runs.halt(cell);
    }
    for (Edge edge : draft.node(cell).dependants()) {
      if (!releasedEarly(edge, cell)) {
        apply(edge, cell, effect(edge, cell));
      }
    }
  }

  /** Whether what became of a step keeps one that needs it from ever starting. */
  private boolean bars(Edge edge, Cell ended) {
    Node node = draft.graph.node(edge.to());
    if (node.step().join() != Step.Join.ALL
        || releasedEarly(edge, ended)
        || effect(edge, ended) != Effect.BLOCKED) {
      return false;
    }
    Cell to = draft.find(Graph.pathOf(node, ended.parent));
    return to == null || to.status == StepStatus.PENDING;
  }

  /** Tells those that begin anew, and need a step that is kept, how that one ended. */
  void endedBefore(Cell kept) {
    for (Edge edge : draft.node(kept).dependants()) {
      Node node = draft.graph.node(edge.to());
      Cell to = draft.find(Graph.pathOf(node, kept.parent));
      if (to == null || to.status == StepStatus.PENDING) {
        apply(edge, kept, releasedEarly(edge, kept) ? Effect.SATISFIED : effect(edge, kept));
      }
    }
  }

  private static boolean releasedEarly(Edge edge, Cell cell) {
    return edge.releasesBeforeTheEnd()
        && ((edge.on().contains(StepStatus.RUNNING) && cell.is(StepRow.Marks.REACHED_RUNNING))
            || (edge.on().contains(StepStatus.WAITING) && cell.is(StepRow.Marks.REACHED_WAITING)));
  }

  private Effect effect(Edge edge, Cell from) {
    StepStatus status = from.status;
    boolean wantsSuccess = edge.on().contains(StepStatus.SUCCEEDED);
    boolean wantsFailure = edge.on().contains(StepStatus.FAILED);
    if (edge.on().contains(status)
        || (wantsSuccess && countsAsSuccess(from))
        || (wantsFailure && status.isFailure())) {
      return Effect.SATISFIED;
    }
    return status == StepStatus.SKIPPED ? Effect.BLOCKED_BY_SKIP : Effect.BLOCKED;
  }

  private boolean countsAsSuccess(Cell from) {
    return from.status.isSuccess()
        || from.is(StepRow.Marks.TOLERATED)
        || (from.status == StepStatus.SKIPPED
            && draft.node(from).step().onSkip() == Step.OnSkip.SATISFY);
  }

  private void apply(Edge edge, Cell from, Effect effect) {
    Node node = draft.graph.node(edge.to());
    Cell to = draft.child(node, Graph.pathOf(node, from.parent), from.parent, node.ordinal());
    if (to.status != StepStatus.PENDING) {
      to.pending--;
      return;
    }
    to.pending--;
    switch (effect) {
      case SATISFIED -> {
        to.satisfied++;
        boolean released =
            node.step().join() == Step.Join.ANY
                ? to.satisfied == 1
                : to.satisfied == node.needs().size();
        if (released) {
          to.releasedBy = from.path;
          draft.later(() -> flow.steps.start(draft.edit(to.path)));
          return;
        }
      }
      case BLOCKED_BY_SKIP -> {
        if (to.reason == null) {
          to.reason = Reason.of("upstream_skipped", "step", from.path);
        }
        to.mark(StepRow.Marks.BLOCKED_BY_SKIP);
      }
      case BLOCKED -> {
        Reason blocked =
            Reason.of("upstream_not_met", "step", from.path, "status", from.status.id());
        if (node.step().join() == Step.Join.ALL) {
          endLater(to, StepStatus.NOT_RUN, blocked);
          return;
        }
        to.unmark(StepRow.Marks.BLOCKED_BY_SKIP);
        to.failed++;
        to.reason = blocked;
      }
    }
    if (to.pending == 0 && to.satisfied < needed(node)) {
      refuse(to);
    }
  }

  private static int needed(Node node) {
    return node.step().join() == Step.Join.ANY ? 1 : node.needs().size();
  }

  /** Every need is decided and they do not hold: skipped if only skips stand against it. */
  private void refuse(Cell to) {
    Reason reason = to.reason == null ? Reason.of("upstream_not_met") : to.reason;
    StepStatus status = to.failed > 0 ? StepStatus.NOT_RUN : StepStatus.SKIPPED;
    to.failed = 0;
    endLater(to, status, reason);
  }

  /**
   * Ends a step that never started, after what is being done is done: chains stay off the stack.
   */
  private void endLater(Cell cell, StepStatus status, Reason reason) {
    draft.later(
        () -> {
          Cell current = draft.edit(cell.path);
          if (current.status == StepStatus.PENDING) {
            flow.endings.end(current, status, reason);
          }
        });
  }
}
