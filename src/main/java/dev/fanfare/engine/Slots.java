package dev.fanfare.engine;

import dev.fanfare.definition.StepStatus;
import dev.fanfare.graph.Shape;
import java.util.Optional;

/**
 * The two limits: {@code maxParallel} of a group counts its children in progress, that of the run
 * counts leaf steps at work. Who finds no room waits in the order of arrival.
 */
final class Slots {
  private static final String RUN = "";

  private final Flow flow;
  private final Draft draft;

  Slots(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** Takes a slot of the enclosing group; false if the step must wait for one. */
  boolean takeGroupSlot(Cell cell) {
    if (cell.parent.isEmpty() || cell.is(StepRow.Marks.HOLDS_SLOT) || draft.node(cell).isHook()) {
      return true;
    }
    Cell parent = draft.edit(cell.parent);
    if (parent.limit == 0) {
      return true;
    }
    if (parent.active >= parent.limit) {
      park(cell, parent.path, parent.limit);
      return false;
    }
    hold(cell, parent);
    return true;
  }

  void hold(Cell cell, Cell parent) {
    parent.active++;
    cell.mark(StepRow.Marks.HOLDS_SLOT);
  }

  void releaseGroupSlot(Cell cell) {
    if (!cell.is(StepRow.Marks.HOLDS_SLOT)) {
      return;
    }
    cell.unmark(StepRow.Marks.HOLDS_SLOT);
    Cell parent = draft.edit(cell.parent);
    parent.active--;
    draft.later(() -> fillGroup(draft.edit(parent.path)));
  }

  void fillGroup(Cell group) {
    if (group.status != StepStatus.RUNNING) {
      return;
    }
    while (group.active < group.limit) {
      Optional<String> next = draft.dequeue(group.path);
      if (next.isEmpty()) {
        break;
      }
      Cell cell = draft.edit(next.get());
      if (cell.status == StepStatus.READY && !cell.is(StepRow.Marks.HOLDS_SLOT)) {
        hold(cell, group);
        cell.reason = null;
        flow.steps.launch(cell);
      }
    }
    // Instances that a rerun has begun anew wait in the backlog; others are made when there is
    // room.
    if (draft.node(group).shape() instanceof Shape.ForEach) {
      flow.groups.instantiate(group);
    }
  }

  /** Claims a leaf step, or lets it wait for one of the run's slots. */
  void claim(Cell cell) {
    if (draft.limit > 0 && draft.active >= draft.limit) {
      park(cell, RUN, draft.limit);
    } else {
      flow.steps.claim(cell);
    }
  }

  void claimAgain(String path) {
    Cell cell = draft.edit(path);
    if (cell.status == StepStatus.READY) {
      claim(cell);
    }
  }

  /** Gives back the run's slot of a step that is no longer at work. */
  void release(Cell cell) {
    if (!cell.is(StepRow.Marks.CLAIMED)) {
      return;
    }
    cell.unmark(StepRow.Marks.CLAIMED);
    draft.active--;
    if (draft.limit > 0) {
      draft.later(this::fillRun);
    }
  }

  private void fillRun() {
    while (draft.active < draft.limit && !draft.runStatus.isTerminal()) {
      Optional<String> next = draft.dequeue(RUN);
      if (next.isEmpty()) {
        return;
      }
      Cell cell = draft.edit(next.get());
      if (cell.status == StepStatus.READY && !waitsForGroup(cell)) {
        flow.steps.claim(cell);
      }
    }
  }

  /** Whether a step found in the run's backlog was put there before its group was retried. */
  private boolean waitsForGroup(Cell cell) {
    return !cell.parent.isEmpty()
        && !draft.node(cell).isHook()
        && !cell.is(StepRow.Marks.HOLDS_SLOT)
        && draft.edit(cell.parent).limit > 0
        && !(draft.node(draft.edit(cell.parent)).shape() instanceof Shape.Race);
  }

  /** Empties the backlog of a group that begins anew. */
  void forget(String group) {
    Optional<String> left = draft.dequeue(group);
    while (left.isPresent()) {
      left = draft.dequeue(group);
    }
  }

  private void park(Cell cell, String scope, int limit) {
    cell.reason = Reason.of("limit", "scope", scope, "limit", (long) limit);
    draft.noteStep(cell, java.util.Map.of("reason", cell.reason.toJson()));
    draft.enqueue(scope, cell.path);
  }
}
