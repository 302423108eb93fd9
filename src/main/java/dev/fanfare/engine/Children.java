package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Work;
import dev.fanfare.graph.Shape;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Steps that are runs of their own, and what both owe each other.
 *
 * <p>Each tells the other in its own transaction: a run that ends wakes the step that waits for it,
 * a step that ends early wakes the run that it started or may have started. The run's id follows
 * from the step's, so a step can stop a run that nobody has told it of yet.
 */
final class Children {
  private final Flow flow;
  private final Draft draft;

  Children(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** A step is claimed: again, where a lost claim may have started its run. */
  void claimed(Cell cell) {
    if (cell.is(StepRow.Marks.HAS_CHILD)) {
      cell.active++;
    }
  }

  /** A step begins: from now on its run may exist. */
  void began(Cell cell) {
    if (draft.node(cell).shape() instanceof Shape.Leaf(Work.SubWorkflow work) && work.await()) {
      cell.mark(StepRow.Marks.HAS_CHILD);
    }
  }

  /** The work of a step goes on in another run. */
  void started(Cell cell, Outcome.Child child, Event.Cost cost) {
    flow.slots.release(cell);
    String run = child.run().toString();
    cell.mark(StepRow.Marks.HAS_CHILD | StepRow.Marks.NAMES_CHILD);
    cell.remember(Map.of("child", run));
    draft.marks |= RunRow.Marks.HAS_TIMERS;
    flow.edges.reach(cell, StepStatus.WAITING);
    draft.waiting++;
    cell.reason = Reason.of("child_run", "run", run, "workflow", child.workflow());
    draft.note(
        "step.waiting",
        "step",
        cell.path,
        "attempt",
        (long) cell.attempt,
        "reason",
        cell.reason.toJson());
    attemptLimit(cell)
        .ifPresent(
            limit -> {
              Duration left = limit.minusMillis(Math.min(cost.millis(), limit.toMillis()));
              draft.arm(TimerKind.WAIT, cell.path, cell.attempt, left);
            });
    if (cell.active > 0) {
      // The run was started by a claim that was lost, and may have ended while nobody waited.
      draft.decide(
          new Decision.Arm(
              TimerKind.CHILD, cell.path, cell.attempt, Duration.ZERO, Map.of("child", run)));
    }
  }

  private Optional<Duration> attemptLimit(Cell cell) {
    return draft.node(cell).step().timeouts().attempt();
  }

  private UUID run(Cell cell) {
    return Origin.childOf(draft.facts.id(), cell.path, cell.attempt - cell.active);
  }

  /** A step ends, or its attempt does: a run that it still waits for is cancelled. */
  void leave(Cell cell) {
    if (!cell.is(StepRow.Marks.HAS_CHILD)) {
      return;
    }
    forget(cell);
    unwanted(cell.path, run(cell));
  }

  private void forget(Cell cell) {
    cell.unmark(StepRow.Marks.HAS_CHILD);
    if (attemptLimit(cell).isPresent()) {
      draft.decide(new Decision.Disarm(TimerKind.WAIT, cell.path));
    }
  }

  /** Nobody waits for a run any more; it may have ended, or may never have come to be. */
  void unwanted(String step, UUID run) {
    draft.decide(
        new Decision.Wake(
            run,
            TimerKind.CANCEL,
            "",
            0,
            Map.of(
                "by",
                "run " + draft.facts.id(),
                "reason",
                "its step '" + step + "' does not wait any more")));
  }

  /** This run ends: the step that waits for it is told. */
  void tellParent() {
    Origin.of(draft.facts.context())
        .filter(Origin::waits)
        .ifPresent(
            parent ->
                draft.decide(
                    new Decision.Wake(
                        parent.run(),
                        TimerKind.CHILD,
                        parent.step(),
                        parent.attempt(),
                        Map.of("child", draft.facts.id().toString()))));
  }

  /** A run has ended; its step may not know yet that it had started. */
  Verdict ended(Event.ChildEnded ended) {
    Cell found = draft.find(ended.step());
    if (found == null
        || !found.is(StepRow.Marks.HAS_CHILD)
        || found.status == StepStatus.READY
        || !run(found).equals(ended.run())) {
      return Verdict.STALE;
    }
    Cell cell = draft.edit(ended.step());
    draft.marks |= RunRow.Marks.HAS_TIMERS;
    draft.decide(new Decision.Disarm(TimerKind.CHILD, cell.path));
    forget(cell);
    if (cell.status == StepStatus.WAITING) {
      draft.waiting--;
    } else {
      cell.mark(StepRow.Marks.NAMES_CHILD);
      cell.remember(Map.of("child", ended.run().toString()));
    }
    if (cell.status == StepStatus.DISPATCHED) {
      cell.stamps |= StepRow.Stamps.BEGAN;
      flow.edges.reach(cell, StepStatus.RUNNING);
    }
    cell.reason = null;
    if (ended.error() == null) {
      cell.output = ended.output();
      cell.error = null;
      flow.endings.end(cell, StepStatus.SUCCEEDED, null);
    } else {
      flow.endings.attemptFailed(cell, StepStatus.FAILED, ended.error(), ended.output());
    }
    return Verdict.ACCEPTED;
  }

  /** Whether a step waits for a run. */
  boolean isAwaited(String step) {
    Cell cell = draft.find(step);
    return cell != null && cell.is(StepRow.Marks.HAS_CHILD);
  }

  /** The time of an attempt is up, which is spent waiting for a run. */
  Verdict timeoutDue(Event.Due due) {
    Cell found = draft.find(due.step());
    draft.fired(due, found, StepStatus.WAITING);
    if (found == null || found.attempt != due.attempt() || found.status != StepStatus.WAITING) {
      return Verdict.STALE;
    }
    Cell cell = draft.edit(due.step());
    draft.waiting--;
    cell.reason = null;
    leave(cell);
    Duration limit = attemptLimit(cell).orElse(Duration.ZERO);
    ErrorInfo error =
        ErrorInfo.of("timed_out", "the run it waited for took longer than " + Durations.text(limit))
            .with("limitMs", limit.toMillis())
            .with("run", run(cell).toString());
    flow.endings.attemptFailed(cell, StepStatus.TIMED_OUT, error, null);
    return Verdict.ACCEPTED;
  }
}
