package dev.fanfare.engine;

import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.util.List;

/** Ends steps from outside: a lost race, a cancelled run, a group whose time is up. */
final class Stops {
  private final Flow flow;
  private final Draft draft;

  Stops(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /**
   * How stopped steps end.
   *
   * @param begun for steps whose work, or part of it, has begun
   * @param fresh for steps that have not begun
   */
  record Manner(StepStatus begun, StepStatus fresh, Reason reason) {
    static Manner raceLost(Reason reason) {
      return new Manner(StepStatus.DISCARDED, StepStatus.SKIPPED, reason);
    }

    static Manner aborted(Reason reason) {
      return new Manner(StepStatus.ABORTED, StepStatus.NOT_RUN, reason);
    }

    static Manner cancelled(Reason reason) {
      return new Manner(StepStatus.CANCELLED, StepStatus.NOT_RUN, reason);
    }
  }

  /** Ends a step and everything in it; those that need it are not told. */
  void stop(Cell cell, Manner manner) {
    if (cell.status.isTerminal()) {
      leftovers(cell, manner);
      return;
    }
    StepStatus end =
        switch (cell.status) {
          case PENDING -> manner.fresh();
          case READY -> cell.is(StepRow.Marks.BEFORE_DONE) ? manner.begun() : manner.fresh();
          case DISPATCHED ->
              manner.fresh() == StepStatus.SKIPPED && !cell.is(StepRow.Marks.BEFORE_DONE)
                  ? manner.fresh()
                  : manner.begun();
          case WAITING -> Gates.isBefore(cell) ? manner.fresh() : manner.begun();
          case RUNNING, RETRYING -> manner.begun();
          case SUCCEEDED,
              FAILED,
              TIMED_OUT,
              SKIPPED,
              NOT_RUN,
              CANCELLED,
              ABORTED,
              DISCARDED,
              APPROVED,
              DENIED ->
              throw new IllegalStateException("'" + cell.path + "' has ended");
        };
    halt(cell, manner.reason(), manner);
    flow.hooks.stopped(cell, end);
    draft.move(cell, end);
    cell.unmark(StepRow.Marks.HOLDS_SLOT);
    flow.endings.close(cell, manner.reason(), Event.Cost.NONE);
  }

  /** Stops whatever a step is doing without ending the step itself. */
  void halt(Cell cell, Reason reason) {
    halt(cell, reason, Manner.aborted(reason));
  }

  private void halt(Cell cell, Reason reason, Manner manner) {
    switch (cell.status) {
      case DISPATCHED -> flow.slots.release(cell);
      case RUNNING -> {
        if (draft.node(cell).isLeaf()) {
          draft.decide(new Decision.Stop(cell.path, cell.attempt, reason.code()));
          flow.slots.release(cell);
        } else {
          stopChildren(cell, manner);
        }
      }
      case RETRYING -> {
        leftovers(cell, manner);
        draft.waiting--;
        draft.decide(new Decision.Disarm(TimerKind.RETRY, cell.path));
      }
      case WAITING -> {
        draft.waiting--;
        if (cell.is(StepRow.Marks.IN_BEFORE)) {
          flow.hooks.stopBefore(cell, manner);
        } else if (cell.is(StepRow.Marks.ENDING)) {
          leftovers(cell, manner);
        }
        if (!cell.is(StepRow.Marks.AWAITS)) {
          draft.decide(new Decision.Disarm(TimerKind.SLEEP, cell.path));
        }
      }
      case PENDING,
          READY,
          SUCCEEDED,
          FAILED,
          TIMED_OUT,
          SKIPPED,
          NOT_RUN,
          CANCELLED,
          ABORTED,
          DISCARDED,
          APPROVED,
          DENIED -> {}
    }
  }

  /**
   * Stops losers that a race inside an ended group, or that race itself, lets finish; and hooks,
   * where no more of them are wanted.
   */
  void leftovers(Cell ended, Manner manner) {
    Node node = draft.node(ended);
    flow.hooks.stopOf(ended, manner);
    if (!mayLeave(node) && !flow.hooks.areStopped(node)) {
      return;
    }
    List<String> paths = inside(node, ended);
    draft.require(ended, flow.hooks.with(paths, node.children()));
    for (String path : paths) {
      if (draft.find(ended, path) != null) {
        stop(draft.edit(path), manner);
      }
    }
  }

  private boolean mayLeave(Node node) {
    return (node.shape() instanceof Shape.Race race
            && race.definition().losers() == Structure.Race.Losers.FINISH)
        || node.children().stream().anyMatch(child -> mayLeave(draft.graph.node(child)));
  }

  /** The paths of what is inside a group, whether it has come to be or not. */
  List<String> inside(Node node, Cell group) {
    if (node.shape() instanceof Shape.Loop && !mayLeave(node) && !flow.hooks.areStopped(node)) {
      return Loops.newest(group).stream().toList();
    }
    return flow.groups.childPaths(group);
  }

  /** Stops everything inside a group, also what has not come to be. */
  void stopChildren(Cell group, Manner manner) {
    group.open = 0;
    flow.loops.leave(group);
    Node node = draft.node(group);
    List<String> paths = inside(node, group);
    draft.require(group, flow.hooks.with(paths, node.children()));
    if (node.shape() instanceof Shape.Repeated) {
      for (String path : paths) {
        if (draft.find(group, path) != null) {
          stop(draft.edit(path), manner);
        }
      }
      return;
    }
    for (int child : node.children()) {
      Node inside = draft.graph.node(child);
      String path = Graph.pathOf(inside, group.path);
      stop(draft.child(inside, path, group.path, inside.ordinal()), manner);
    }
  }

  /** Stops the whole run's steps. */
  void stopAll(Manner manner) {
    requireTop();
    for (int index : draft.graph.top()) {
      Node node = draft.graph.node(index);
      stop(draft.child(node, node.id(), "", node.ordinal()), manner);
    }
  }

  /** Stops those of the run's steps that have not begun; how many there were. */
  int stopFresh(Manner manner) {
    requireTop();
    int stopped = 0;
    for (int index : draft.graph.top()) {
      Node node = draft.graph.node(index);
      Cell cell = draft.child(node, node.id(), "", node.ordinal());
      if (isFresh(cell)) {
        stop(cell, manner);
        stopped++;
      }
    }
    return stopped;
  }

  private static boolean isFresh(Cell cell) {
    return cell.status == StepStatus.PENDING
        || (cell.status == StepStatus.READY && !cell.is(StepRow.Marks.BEFORE_DONE))
        || Gates.isBefore(cell);
  }

  private void requireTop() {
    List<String> paths =
        draft.graph.top().stream().map(index -> draft.graph.node(index).id()).toList();
    draft.base.require(flow.hooks.with(paths, draft.graph.top()));
  }
}
