package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.definition.Work;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The life of a step up to its end: released, ready, claimed, at work, retried. */
final class Steps {
  private final Flow flow;
  private final Draft draft;

  Steps(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** Makes an instance of a node that waits for nothing, and starts it. */
  void enter(Node node, String path, String parent, int ordinal) {
    Cell cell = draft.child(node, path, parent, ordinal);
    if (node.waitsForCondition() && !cell.is(StepRow.Marks.RESUMES)) {
      flow.conditions.entered(cell);
      return;
    }
    draft.later(() -> start(draft.edit(path)));
  }

  /** All that it needs holds: its condition decides, then its group's limit. */
  void start(Cell cell) {
    if (cell.status != StepStatus.PENDING) {
      return;
    }
    Node node = draft.node(cell);
    cell.stamps |= StepRow.Stamps.READY;
    cell.reason = null;
    cell.failed = 0;
    draft.move(cell, StepStatus.READY);
    if (isCase(node)) {
      if (!flow.switches.takes(cell)) {
        flow.endings.end(
            cell, StepStatus.SKIPPED, Reason.of("case_not_taken", "switch", cell.parent));
        return;
      }
    } else if (node.when().isPresent()
        && !node.waitsForCondition()
        && !cell.is(StepRow.Marks.RESUMES)) {
      try {
        if (!Expressions.test(node.when().get(), RunScope.of(draft, cell, Map.of()))) {
          flow.endings.end(cell, StepStatus.SKIPPED, Reason.of("condition_false"));
          return;
        }
      } catch (ExpressionException e) {
        flow.endings.failed(cell, StepStatus.FAILED, e.error(), null);
        return;
      }
    }
    flow.gates.ready(cell);
    if (flow.slots.takeGroupSlot(cell)) {
      launch(cell);
    }
  }

  /** Whether the switch around it has asked its condition. */
  private boolean isCase(Node node) {
    return draft.graph.group(node).filter(up -> up.shape() instanceof Shape.Switch).isPresent();
  }

  /** Its group has room: what stands before it is passed, then its first attempt starts. */
  void launch(Cell cell) {
    if (flow.gates.pass(cell) && flow.hooks.before(cell)) {
      attempt(cell);
    }
  }

  /** A structure opens, work is claimed, time begins to pass. */
  private void attempt(Cell cell) {
    if (!flow.gates.letsThrough(cell)) {
      return;
    }
    Node node = draft.node(cell);
    switch (node.shape()) {
      case Shape.Leaf leaf -> {
        switch (leaf.work()) {
          case Work.Sleep sleep -> sleep(cell, sleep);
          case Work.Approval approval -> flow.waits.approval(cell, approval);
          case Work.WaitFor wait -> flow.waits.waitFor(cell, wait);
          case Work.Pass pass when draft.inline && draft.inlined < draft.context.maxInline() ->
              pass(cell, pass);
          case Work ignored -> flow.slots.claim(cell);
        }
      }
      case Shape.Group ignored -> {
        if (cell.is(StepRow.Marks.RESUMES)) {
          flow.reruns.resume(cell);
        } else if (cell.failures > 0) {
          flow.groups.reopen(cell);
        } else {
          flow.groups.open(cell);
        }
      }
    }
  }

  private void sleep(Cell cell, Work.Sleep sleep) {
    Duration duration;
    try {
      Object value = Expressions.evaluate(sleep.duration(), RunScope.of(draft, cell, Map.of()));
      duration = Durations.of(value);
    } catch (ExpressionException e) {
      flow.endings.failed(cell, StepStatus.FAILED, e.error(), null);
      return;
    } catch (IllegalArgumentException e) {
      ErrorInfo error = ErrorInfo.of("not_a_duration", String.valueOf(e.getMessage()));
      flow.endings.failed(cell, StepStatus.FAILED, error, null);
      return;
    }
    cell.attempt++;
    flow.edges.reach(cell, StepStatus.WAITING);
    draft.waiting++;
    cell.reason = Reason.of("sleeping", "ms", duration.toMillis());
    cell.stamps |= StepRow.Stamps.BEGAN;
    draft.note("step.waiting", "step", cell.path, "reason", cell.reason.toJson());
    draft.arm(TimerKind.SLEEP, cell.path, cell.attempt, duration);
    armTotal(cell);
  }

  private void pass(Cell cell, Work.Pass pass) {
    draft.inlined++;
    cell.attempt++;
    cell.stamps |= StepRow.Stamps.BEGAN;
    flow.edges.reach(cell, StepStatus.RUNNING);
    Object output;
    try {
      output =
          pass.output().isEmpty()
              ? null
              : Expressions.evaluate(pass.output().get(), RunScope.of(draft, cell, Map.of()));
    } catch (ExpressionException e) {
      flow.endings.attemptFailed(cell, StepStatus.FAILED, e.error(), null);
      return;
    }
    cell.output = output;
    flow.endings.end(cell, StepStatus.SUCCEEDED, null);
  }

  /** A slot is there: the step is claimed, for its reporter to do in place or to be handed out. */
  void claim(Cell cell) {
    cell.attempt++;
    flow.children.claimed(cell);
    draft.active++;
    cell.mark(StepRow.Marks.CLAIMED);
    cell.stamps |= StepRow.Stamps.DISPATCHED | StepRow.Stamps.LEASED;
    armTotal(cell);
    cell.reason = null;
    draft.move(cell, StepStatus.DISPATCHED);
    if (draft.room.isPositive() && fits(cell) && !isElsewhere(cell)) {
      draft.room = Duration.ZERO;
      began(cell, true);
      draft.decide(new Decision.Continue(cell.path, cell.node, cell.attempt));
    } else {
      draft.note("step.dispatched", "step", cell.path, "attempt", (long) cell.attempt);
      draft.decide(new Decision.Invoke(cell.path, cell.node, cell.attempt));
    }
  }

  /** Whether it has as long in place as it may take. */
  private boolean fits(Cell cell) {
    Timeouts limits = draft.node(cell).step().timeouts();
    return limits
        .attempt()
        .or(limits::total)
        .filter(most -> most.compareTo(draft.room) > 0)
        .isEmpty();
  }

  private boolean isElsewhere(Cell cell) {
    return draft.node(cell).shape() instanceof Shape.Leaf(Work.Run run)
        && run.image().filter(draft.context.images()::contains).isPresent();
  }

  /** Its total limit counts from its first attempt. */
  void armTotal(Cell cell) {
    if (cell.is(StepRow.Marks.TIMED)) {
      return;
    }
    Node node = draft.node(cell);
    Timeouts timeouts = node.carriesAttempts() ? node.step().timeouts() : Timeouts.NONE;
    boolean sleeps = cell.status == StepStatus.WAITING && !cell.is(StepRow.Marks.AWAITS);
    timeouts
        .total()
        .or(() -> sleeps ? timeouts.attempt() : timeouts.total())
        .ifPresent(
            total -> {
              cell.mark(StepRow.Marks.LIMITED | StepRow.Marks.TIMED);
              cell.cursor = cell.attempt;
              draft.arm(TimerKind.TOTAL, cell.path, cell.attempt, total);
            });
  }

  Verdict begin(Event.Begin begin) {
    Cell cell = draft.find(begin.step());
    if (cell == null || cell.attempt != begin.attempt() || cell.status != StepStatus.DISPATCHED) {
      return Verdict.STALE;
    }
    began(draft.edit(begin.step()), false);
    return Verdict.ACCEPTED;
  }

  private void began(Cell cell, boolean inPlace) {
    cell.stamps |= StepRow.Stamps.BEGAN | StepRow.Stamps.LEASED;
    flow.children.began(cell);
    flow.edges.reach(cell, StepStatus.RUNNING);
    if (inPlace) {
      draft.note(
          "step.started", "step", cell.path, "attempt", (long) cell.attempt, "inPlace", true);
    } else {
      draft.note("step.started", "step", cell.path, "attempt", (long) cell.attempt);
    }
  }

  Verdict report(Event.Report report) {
    Cell found = draft.find(report.step());
    if (found == null || found.attempt != report.attempt()) {
      return Verdict.STALE;
    }
    if (found.status != StepStatus.RUNNING && found.status != StepStatus.DISPATCHED) {
      return flow.endings.late(report);
    }
    if (!draft.node(found).isLeaf()) {
      return Verdict.STALE;
    }
    Cell cell = draft.edit(report.step());
    if (cell.status == StepStatus.DISPATCHED) {
      cell.stamps |= StepRow.Stamps.BEGAN;
      flow.edges.reach(cell, StepStatus.RUNNING);
    }
    draft.room = report.room();
    if (!(report.outcome() instanceof Outcome.Stopped)) {
      cell.unmark(StepRow.Marks.HAS_CHILD);
    }
    switch (report.outcome()) {
      case Outcome.Succeeded done -> {
        cell.output = done.output();
        cell.exitCode = done.exitCode().orElse(null);
        cell.error = null;
        flow.endings.end(cell, StepStatus.SUCCEEDED, null, report.cost());
      }
      case Outcome.Failed failed -> {
        cell.exitCode = exitCode(failed.error());
        flow.endings.attemptFailed(cell, StepStatus.FAILED, failed.error(), failed.output());
      }
      case Outcome.Skipped skipped -> flow.endings.skippedByWork(cell, skipped, report.cost());
      case Outcome.TimedOut timedOut ->
          flow.endings.attemptFailed(cell, StepStatus.TIMED_OUT, timedOut.error(), null);
      case Outcome.Stopped ignored -> putBack(cell, "worker_stopped");
      case Outcome.Child child -> flow.children.started(cell, child, report.cost());
    }
    draft.settle();
    draft.room = Duration.ZERO;
    return Verdict.ACCEPTED;
  }

  private static @Nullable Integer exitCode(ErrorInfo error) {
    return error.details().get("exitCode") instanceof Number number ? number.intValue() : null;
  }

  Verdict lost(Event.Lost lost) {
    Cell found = draft.find(lost.step());
    if (found == null
        || found.attempt != lost.attempt()
        || (found.status != StepStatus.RUNNING && found.status != StepStatus.DISPATCHED)
        || !draft.node(found).isLeaf()) {
      return Verdict.STALE;
    }
    Cell cell = draft.edit(lost.step());
    cell.losses++;
    if (cell.losses > draft.context.maxLosses()) {
      ErrorInfo error =
          ErrorInfo.of(
                  "worker_lost",
                  "its worker vanished "
                      + cell.losses
                      + " times while it was at work; whatever it does ends the process")
              .with("losses", (long) cell.losses);
      flow.slots.release(cell);
      flow.endings.failed(cell, StepStatus.FAILED, error, null);
    } else {
      putBack(cell, "worker_lost");
    }
    return Verdict.ACCEPTED;
  }

  private void putBack(Cell cell, String code) {
    flow.slots.release(cell);
    draft.move(cell, StepStatus.READY);
    cell.reason = Reason.of(code, "attempt", (long) cell.attempt);
    draft.note(
        "step.lost",
        "step",
        cell.path,
        "attempt",
        (long) cell.attempt,
        "reason",
        cell.reason.toJson());
    draft.later(() -> flow.slots.claimAgain(cell.path));
  }

  Verdict retryDue(Event.Due due) {
    Cell found = draft.find(due.step());
    draft.fired(due, found, StepStatus.RETRYING);
    if (found == null || found.attempt != due.attempt() || found.status != StepStatus.RETRYING) {
      return Verdict.STALE;
    }
    Cell cell = draft.edit(due.step());
    draft.waiting--;
    again(cell);
    return Verdict.ACCEPTED;
  }

  /** The next attempt, once its delay is over and nothing of the last one is left. */
  void again(Cell cell) {
    if (!draft.node(cell).isLeaf()) {
      Reason reason = Reason.of("group_retried", "group", cell.path);
      flow.stops.leftovers(cell, Stops.Manner.raceLost(reason));
      if (flow.holds.hold(cell)) {
        draft.waiting++;
        return;
      }
    }
    draft.move(cell, StepStatus.READY);
    launch(cell);
  }

  Verdict sleepDue(Event.Due due) {
    Cell found = draft.find(due.step());
    draft.fired(due, found, StepStatus.WAITING);
    if (found == null
        || found.attempt != due.attempt()
        || found.status != StepStatus.WAITING
        || HookCalls.isCalling(found)) {
      return Verdict.STALE;
    }
    Cell cell = draft.edit(due.step());
    draft.waiting--;
    cell.reason = null;
    flow.endings.end(cell, StepStatus.SUCCEEDED, null);
    return Verdict.ACCEPTED;
  }

  /** Whether a total limit that was set with an attempt is that of the step's present life. */
  private boolean countsFrom(Cell cell, int attempt) {
    if (draft.node(cell).isLeaf()) {
      return cell.cursor == attempt;
    }
    boolean between = cell.status != StepStatus.RUNNING && !cell.is(StepRow.Marks.PAUSED);
    return attempt == cell.attempt - cell.failures + (between ? 1 : 0);
  }

  Verdict totalDue(Event.Due due) {
    Cell found = draft.find(due.step());
    if (found == null
        || found.status.isTerminal()
        || found.status == StepStatus.PENDING
        || HookCalls.isCalling(found)) {
      draft.decide(new Decision.Disarm(TimerKind.TOTAL, due.step()));
      return Verdict.STALE;
    }
    if (!countsFrom(found, due.attempt())) {
      return Verdict.STALE;
    }
    draft.decide(new Decision.Disarm(TimerKind.TOTAL, due.step()));
    Cell cell = draft.edit(due.step());
    boolean decided = cell.status == StepStatus.RUNNING && cell.is(StepRow.Marks.DECIDED);
    if (decided && draft.node(cell).shape() instanceof Shape.Race race) {
      flow.races.timedOut(cell, race.definition());
      return Verdict.ACCEPTED;
    }
    cell.unmark(StepRow.Marks.LIMITED);
    Step step = draft.node(cell).step();
    Duration limit = step.timeouts().total().or(step.timeouts()::attempt).orElse(Duration.ZERO);
    flow.stops.halt(cell, Reason.of("timed_out"));
    flow.endings.failed(
        cell,
        StepStatus.TIMED_OUT,
        ErrorInfo.of("timed_out", "took longer than " + Durations.text(limit) + " in all")
            .with("limitMs", limit.toMillis()),
        null);
    return Verdict.ACCEPTED;
  }
}
