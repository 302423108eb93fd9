package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.Retry;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Workflow;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How attempts and steps end, and what a failure means. */
final class Endings {
  private final Flow flow;
  private final Draft draft;

  Endings(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** One attempt failed: another one follows, or the step has failed. */
  void attemptFailed(Cell cell, StepStatus status, ErrorInfo error, @Nullable Object output) {
    Node node = draft.node(cell);
    Retry retry = node.carriesAttempts() ? node.step().retry() : Retry.NONE;
    flow.gates.attempted(cell, false);
    cell.failures++;
    cell.error = error;
    if (cell.failures >= retry.attempts() || !Backoff.covers(retry, error) || inDecidedRace(cell)) {
      failed(cell, status, error, output);
      return;
    }
    flow.slots.release(cell);
    long seed = draft.facts.id().getLeastSignificantBits() ^ cell.path.hashCode();
    Duration delay = Backoff.delay(retry, cell.failures, seed);
    draft.move(cell, StepStatus.RETRYING);
    cell.backoffMs += delay.toMillis();
    cell.reason =
        Reason.of(
            "retrying",
            "failed",
            (long) cell.failures,
            "attempts",
            (long) retry.attempts(),
            "delayMs",
            delay.toMillis(),
            "error",
            error.code());
    draft.note(
        "step.retrying",
        "step",
        cell.path,
        "attempt",
        (long) cell.attempt,
        "reason",
        cell.reason.toJson(),
        "error",
        error.toJson());
    draft.waiting++;
    if (delay.isZero()) {
      draft.later(() -> againIfRetrying(cell.path));
    } else {
      draft.arm(TimerKind.RETRY, cell.path, cell.attempt, delay);
    }
  }

  private void againIfRetrying(String path) {
    Cell cell = draft.edit(path);
    if (cell.status == StepStatus.RETRYING) {
      draft.waiting--;
      flow.steps.again(cell);
    }
  }

  /** The step has failed for good: its failure policy says what that means. */
  void failed(Cell cell, StepStatus status, ErrorInfo error, @Nullable Object output) {
    failed(cell, status, error, output, null);
  }

  /** The same with a reason besides the error. */
  void failed(
      Cell cell,
      StepStatus status,
      ErrorInfo error,
      @Nullable Object output,
      @Nullable Reason reason) {
    flow.gates.attempted(cell, false);
    cell.error = error;
    cell.output = output;
    Node node = draft.node(cell);
    OnFailure policy = node.carriesPolicy() ? node.step().onFailure().orElse(null) : null;
    if (policy != null && policy.tolerate() && tolerated(cell, policy, status)) {
      return;
    }
    end(cell, status, reason);
  }

  private boolean tolerated(Cell cell, OnFailure policy, StepStatus status) {
    Map<String, Object> extra = new HashMap<>();
    extra.put("error", cell.error == null ? null : cell.error.toJson());
    extra.put("exitCode", cell.exitCode == null ? null : cell.exitCode.longValue());
    extra.put("status", status.id());
    extra.put("output", cell.output);
    RunScope scope = RunScope.of(draft, cell, extra);
    try {
      if (policy.when().isPresent() && !Expressions.test(policy.when().get(), scope)) {
        return false;
      }
      if (policy.output().isPresent()) {
        cell.output = Expressions.evaluate(policy.output().get(), scope);
      }
    } catch (ExpressionException e) {
      cell.error = e.error();
      return false;
    }
    StepStatus reported = policy.status().orElse(null);
    if (reported == StepStatus.SUCCEEDED || reported == StepStatus.SKIPPED) {
      end(cell, reported, Reason.of("failure_reported_as", "status", reported.id()));
      return true;
    }
    cell.mark(reported == null ? StepRow.Marks.TOLERATED : StepRow.Marks.FORGIVEN);
    end(cell, status, Reason.of("failure_tolerated"));
    return true;
  }

  /** The run goes on, and ends failed: also where it is one of the hooks after its last step. */
  private void failsRun(Cell cell) {
    draft.marks |= RunRow.Marks.FAILS_RUN;
    if (draft.reason == null && draft.node(cell).isHook() && draft.node(cell).isTop()) {
      draft.reason = Reason.of("hook_failed", "hook", cell.path);
    }
  }

  /** Whether everything around a failed step must fail with it, so that the run can stop now. */
  private boolean dooms(Cell cell) {
    Cell at = cell;
    while (!at.parent.isEmpty() && !draft.node(at).isHook()) {
      Cell parent = draft.find(at.parent);
      if (parent == null || parent.status.isTerminal()) {
        return false;
      }
      Node group = draft.node(parent);
      boolean mayStillSucceed =
          !flow.groups.countsAsFailed(group, at)
              || group.shape() instanceof Shape.Race
              || (group.carriesPolicy() && group.step().onFailure().isPresent())
              || (group.carriesAttempts() && group.step().retry().attempts() > 1);
      if (mayStillSucceed) {
        return false;
      }
      at = parent;
    }
    // A hook that fails ends nothing but, where it comes before, the step that it belongs to.
    return !draft.node(at).isHook() && !draft.node(at).step().detached();
  }

  /** The work itself found that there was nothing to do. */
  void skippedByWork(Cell cell, Outcome.Skipped skipped, Event.Cost cost) {
    cell.error = null;
    flow.gates.attempted(cell, true);
    end(cell, StepStatus.SKIPPED, Reason.of("skipped_by_work", "message", skipped.reason()), cost);
  }

  void end(Cell cell, StepStatus status, @Nullable Reason reason) {
    end(cell, status, reason, Event.Cost.NONE);
  }

  /** A step's end is decided: it ends now, or when the hooks after it have ended. */
  void end(Cell cell, StepStatus status, @Nullable Reason reason, Event.Cost cost) {
    if (status.isSuccess()) {
      flow.gates.attempted(cell, true);
    }
    boolean lost = isLoser(cell);
    StepStatus actual = lost ? StepStatus.DISCARDED : status;
    Reason why = lost ? Reason.of("race_lost", "race", cell.parent) : reason;
    flow.slots.release(cell);
    if (!flow.hooks.after(cell, actual, why, cost)) {
      conclude(cell, actual, why, cost);
    }
  }

  /** A step ends, hooks and all: those that need it and what encloses it are told. */
  void conclude(Cell cell, StepStatus status, @Nullable Reason reason, Event.Cost cost) {
    boolean lost = isLoser(cell);
    draft.move(cell, lost ? StepStatus.DISCARDED : status);
    close(cell, lost ? Reason.of("race_lost", "race", cell.parent) : reason, cost);
    if (!lost && Reruns.failsRun(draft, cell)) {
      failsRun(cell);
    }
    if (Groups.isFailure(cell) && !Groups.failedForGood(cell) && flow.hooks.counts(cell)) {
      draft.marks |= RunRow.Marks.TOLERATED;
    }
    flow.slots.releaseGroupSlot(cell);
    flow.edges.ended(cell);
    if (draft.graph.workflow().onFailure() == Workflow.OnRunFailure.ABORT
        && !cell.parent.isEmpty()
        && Groups.failedForGood(cell)
        && dooms(cell)) {
      flow.runs.abort(cell.path);
    }
    tellParent(cell);
  }

  private boolean isLoser(Cell cell) {
    return inDecidedRace(cell) && cell.status != StepStatus.PENDING;
  }

  /** The work of a step is over: what counts its time or waits for something goes. */
  void rest(Cell cell) {
    if (cell.is(StepRow.Marks.LIMITED)) {
      cell.unmark(StepRow.Marks.LIMITED);
      draft.decide(new Decision.Disarm(TimerKind.TOTAL, cell.path));
      draft.decide(new Decision.Disarm(TimerKind.GROUP, cell.path));
    }
    flow.gates.rest(cell);
    flow.waits.leave(cell);
    flow.children.leave(cell);
  }

  /** What every end has in common: reason, time, timers, the log. */
  void close(Cell cell, @Nullable Reason reason, Event.Cost cost) {
    cell.reason = reason;
    cell.stamps |= StepRow.Stamps.ENDED;
    rest(cell);
    if (!cell.is(StepRow.Marks.ENDING)) {
      flow.gates.leave(cell);
    }
    Map<String, Object> note = new java.util.LinkedHashMap<>();
    if (cell.attempt > 0) {
      note.put("attempt", (long) cell.attempt);
    }
    if (reason != null) {
      note.put("reason", reason.toJson());
    }
    if (cell.error != null && !cell.status.isSuccess()) {
      note.put("error", cell.error.toJson());
    }
    if (!cost.equals(Event.Cost.NONE)) {
      note.put("ms", cost.millis());
      note.put("memoryMb", (long) cost.memoryMb());
      note.put("continuation", cost.continuation());
    }
    draft.noteStep(cell, note);
  }

  private boolean inDecidedRace(Cell cell) {
    if (cell.parent.isEmpty() || draft.node(cell).isHook()) {
      return false;
    }
    Cell parent = draft.find(cell.parent);
    return parent != null
        && parent.is(StepRow.Marks.DECIDED)
        && !winners(parent).contains(draft.node(cell).step().name());
  }

  private static java.util.List<?> winners(Cell race) {
    return race.detail != null && race.detail.get("winners") instanceof java.util.List<?> list
        ? list
        : java.util.List.of();
  }

  /**
   * At once, before anything else starts: what this end decides for everything around it (a race
   * won, a run to be aborted) keeps steps from starting that have not. As deep as groups nest.
   */
  private void tellParent(Cell cell) {
    if (draft.node(cell).isHook()) {
      flow.hooks.ended(cell);
    } else if (cell.parent.isEmpty()) {
      flow.runs.topEnded(cell);
    } else {
      flow.groups.childEnded(draft.edit(cell.parent), cell);
    }
  }

  /** A report of work that nobody waits for any more: kept with the step, flows nowhere. */
  Verdict late(Event.Report report) {
    Cell found = draft.find(report.step());
    if (found == null
        || found.attempt != report.attempt()
        || !found.status.isTerminal()
        || found.status.isSuccess()
        || found.status == StepStatus.SKIPPED) {
      return Verdict.STALE;
    }
    Object output;
    ErrorInfo error;
    switch (report.outcome()) {
      case Outcome.Stopped ignored -> {
        return Verdict.STALE;
      }
      case Outcome.Skipped ignored -> {
        output = null;
        error = null;
      }
      case Outcome.Succeeded done -> {
        output = done.output();
        error = null;
      }
      case Outcome.Failed failed -> {
        output = failed.output();
        error = failed.error();
      }
      case Outcome.TimedOut timedOut -> {
        output = null;
        error = timedOut.error();
      }
      case Outcome.Child child -> {
        flow.children.unwanted(report.step(), child.run());
        output = null;
        error = null;
      }
    }
    if (found.status == StepStatus.DISCARDED) {
      Cell cell = draft.edit(report.step());
      cell.output = output;
      cell.error = error;
    }
    draft.note(
        "step.late_report",
        "step",
        report.step(),
        "attempt",
        (long) report.attempt(),
        "status",
        found.status.id(),
        "ms",
        report.cost().millis());
    return Verdict.KEPT;
  }
}
