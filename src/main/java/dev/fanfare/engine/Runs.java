package dev.fanfare.engine;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Workflow;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import java.util.LinkedHashMap;
import java.util.Map;

/** The run as a whole: start, what a failed step means to it, cancel, end. */
final class Runs {
  private final Flow flow;
  private final Draft draft;
  private final RunQueue queue;

  Runs(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
    this.queue = new RunQueue(flow.draft);
  }

  /** The run may move: at once, or when it has its slot. */
  Verdict start() {
    if (draft.runStatus != RunStatus.QUEUED || queue.hasAsked()) {
      return Verdict.STALE;
    }
    try {
      return queue.asks() ? Verdict.ACCEPTED : begin();
    } catch (ExpressionException e) {
      return cannotBegin(new Reason("run_input", e.error().toJson()));
    } catch (IllegalArgumentException e) {
      return cannotBegin(Reason.of("run_input", "message", String.valueOf(e.getMessage())));
    }
  }

  private Verdict cannotBegin(Reason reason) {
    draft.moveRun(RunStatus.RUNNING);
    draft.note(
        "run.started", "workflow", draft.facts.workflow(), "attempt", (long) draft.facts.attempt());
    stopEverything(RunStatus.FAILED, Stops.Manner.aborted(reason));
    return Verdict.ACCEPTED;
  }

  private Verdict begin() {
    draft.moveRun(RunStatus.RUNNING);
    Workflow workflow = draft.graph.workflow();
    draft.note(
        "run.started", "workflow", draft.facts.workflow(), "attempt", (long) draft.facts.attempt());
    flow.reruns.countKept();
    workflow.timeout().ifPresent(limit -> draft.arm(TimerKind.RUN, "", 0, limit));
    try {
      Object override = draft.facts.context().get("maxParallel");
      if (override != null) {
        draft.limit = Limits.of(override, "maxParallel");
      } else if (workflow.maxParallel().isPresent()) {
        RunScope scope = RunScope.of(draft, null, Map.of());
        draft.limit =
            Limits.of(Expressions.evaluate(workflow.maxParallel().get(), scope), "maxParallel");
      }
    } catch (ExpressionException e) {
      stopEverything(
          RunStatus.FAILED, Stops.Manner.aborted(new Reason("run_input", e.error().toJson())));
      return Verdict.ACCEPTED;
    } catch (IllegalArgumentException e) {
      stopEverything(
          RunStatus.FAILED,
          Stops.Manner.aborted(Reason.of("run_input", "message", String.valueOf(e.getMessage()))));
      return Verdict.ACCEPTED;
    }
    if (flow.runHooks.before()) {
      enterTop();
    } else {
      draft.open = flow.reruns.open(flow.reruns.top());
    }
    return Verdict.ACCEPTED;
  }

  private void enterTop() {
    draft.open = flow.reruns.begin(flow.reruns.top(), "");
    if ((draft.marks & RunRow.Marks.FAILED) != 0) {
      draft.moveRun(RunStatus.FAILING);
    }
  }

  /** The hook before the first step has ended: the steps may start, or none of them will. */
  void beforeEnded(Cell hook, boolean passes) {
    if (isOver()) {
      return;
    }
    if (passes) {
      enterTop();
      return;
    }
    stopEverything(
        RunStatus.FAILED, Stops.Manner.aborted(Reason.of("hook_failed", "hook", hook.path)));
  }

  /** Whether nothing can change how the run ends, if it has not ended already. */
  private boolean isOver() {
    return draft.runStatus.isTerminal() || (draft.marks & RunRow.Marks.ENDING) != 0;
  }

  /** What the end of a top-level step means to the run's outcome; true if it fails the run. */
  boolean count(Cell cell) {
    if (cell.status.isSuccess()) {
      draft.marks |= RunRow.Marks.SUCCEEDED;
    } else if (Groups.isFailure(cell)) {
      if (Groups.failedForGood(cell) && !draft.node(cell).step().detached()) {
        draft.marks |= RunRow.Marks.FAILED;
        return true;
      }
      draft.marks |= RunRow.Marks.TOLERATED;
    }
    return false;
  }

  /** A top-level step has ended. */
  void topEnded(Cell cell) {
    if (isOver()) {
      return;
    }
    draft.open--;
    if (count(cell)) {
      if (draft.graph.workflow().onFailure() == Workflow.OnRunFailure.ABORT) {
        abort(cell.path);
      } else if (draft.runStatus != RunStatus.FAILING) {
        draft.moveRun(RunStatus.FAILING);
        draft.note("run.failing", "step", cell.path);
      }
    }
  }

  /** A failed step ends the run at once. */
  void abort(String step) {
    if (isOver()) {
      return;
    }
    stopEverything(RunStatus.FAILED, Stops.Manner.aborted(Reason.of("run_aborted", "step", step)));
  }

  /** A step that another one needs has failed: nothing starts that has not begun. */
  void halt(Cell failed) {
    if (isOver()) {
      return;
    }
    Stops.Manner manner = Stops.Manner.aborted(Reason.of("run_halted", "step", failed.path));
    draft.open -= flow.stops.stopFresh(manner);
  }

  /** Stops a run; where only hooks are left, ends these. */
  Verdict cancel(Event.Cancel cancel) {
    Reason reason = Reason.of("run_cancelled", "by", cancel.by(), "reason", cancel.reason());
    if (isOver() && !flow.autoReruns.isWaiting()) {
      flow.runHooks.stopAll(Stops.Manner.cancelled(reason));
    } else {
      flow.autoReruns.leave();
      draft.marks &= ~RunRow.Marks.OUTCOME_HOOK;
      stopEverything(RunStatus.CANCELLED, Stops.Manner.cancelled(reason));
    }
    return Verdict.ACCEPTED;
  }

  /** It is stopped; where only hooks are left, these are: they have used too much as well. */
  Verdict exceeded(Event.Exceeded exceeded) {
    Reason reason =
        switch (exceeded.kind()) {
          case HOPS ->
              Reason.of("hops_exceeded", "hops", exceeded.used(), "limit", exceeded.limit());
          case EVENTS ->
              Reason.of("budget_exceeded", "events", exceeded.used(), "limit", exceeded.limit());
        };
    if (isOver()) {
      flow.runHooks.stopAll(Stops.Manner.aborted(reason));
    } else {
      stopEverything(RunStatus.FAILED, Stops.Manner.aborted(reason));
    }
    return Verdict.ACCEPTED;
  }

  Verdict timeoutDue() {
    draft.decide(new Decision.Disarm(TimerKind.RUN, ""));
    if (isOver()) {
      return Verdict.STALE;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    draft.graph.workflow().timeout().ifPresent(limit -> values.put("limitMs", limit.toMillis()));
    stopEverything(RunStatus.TIMED_OUT, Stops.Manner.aborted(new Reason("run_timed_out", values)));
    return Verdict.ACCEPTED;
  }

  /** The run has waited for a slot as long as it may. */
  Verdict queueDue(Event.Due due) {
    return endInLine(due, queue.waitedTooLong());
  }

  /** The run has its slot. */
  Verdict granted(Event.Due due) {
    if (!queue.isAnswer(due)) {
      return Verdict.STALE;
    }
    queue.granted();
    return begin();
  }

  /** There is no slot for the run, and it does not wait for one. */
  Verdict refused(Event.Due due) {
    return endInLine(due, RunQueue.refused(due));
  }

  private Verdict endInLine(Event.Due due, Reason reason) {
    if (!queue.isAnswer(due)) {
      return Verdict.STALE;
    }
    stopEverything(RunStatus.CANCELLED, Stops.Manner.cancelled(reason));
    return Verdict.ACCEPTED;
  }

  /** Another run wants this one to stop. That may be told twice, so it never ends hooks. */
  Verdict cancelDue(Event.Due due) {
    boolean superseded = RunQueue.isSuperseded(due);
    if (superseded && due.attempt() != draft.facts.attempt()) {
      return Verdict.STALE;
    }
    draft.marks |= RunRow.Marks.HAS_TIMERS;
    draft.decide(new Decision.Disarm(TimerKind.CANCEL, ""));
    if (isOver() && !flow.autoReruns.isWaiting()) {
      return Verdict.STALE;
    }
    if (superseded) {
      stopEverything(RunStatus.CANCELLED, Stops.Manner.cancelled(RunQueue.superseded(due)));
      return Verdict.ACCEPTED;
    }
    String by = due.data().get("by") instanceof String text ? text : "another run";
    String reason = due.data().get("reason") instanceof String text ? text : "";
    return cancel(new Event.Cancel(by, reason));
  }

  /** The run's outcome is known before its steps have ended: they are stopped. */
  private void stopEverything(RunStatus status, Stops.Manner manner) {
    flow.stops.stopAll(manner);
    flow.runHooks.stopBefore(manner);
    draft.open = 0;
    draft.reason = manner.reason();
    if (draft.runStatus == RunStatus.QUEUED) {
      finish(status);
      return;
    }
    draft.marks |=
        switch (status) {
          case CANCELLED -> RunRow.Marks.CANCELLED;
          case TIMED_OUT -> RunRow.Marks.TIMED_OUT;
          case FAILED -> RunRow.Marks.FAILED;
          case QUEUED, RUNNING, FAILING, WAITING, SUCCEEDED, PARTIALLY_SUCCEEDED ->
              throw new IllegalStateException("a run is not stopped to be " + status.id());
        };
    decided();
  }

  /** How the run ends is decided; what is left are hooks, those of stopped steps before its own. */
  private void decided() {
    draft.marks |= RunRow.Marks.ENDING;
    if (draft.active == 0 && draft.waiting == 0 && !flow.runHooks.follow()) {
      return;
    }
    if (draft.graph.workflow().timeout().isPresent()) {
      draft.decide(new Decision.Disarm(TimerKind.RUN, ""));
    }
    Map<String, Object> reason = draft.reason == null ? Map.of() : draft.reason.toJson();
    draft.note("run.ending", "status", draft.outcome().id(), "reason", reason);
  }

  /** After each event: a run ends when nothing is at work and nothing waits, hooks included. */
  void endIfOver() {
    while (!draft.runStatus.isTerminal()
        && draft.runStatus != RunStatus.QUEUED
        && draft.active == 0
        && draft.waiting == 0
        && !flow.autoReruns.isWaiting()) {
      if (flow.conditions.giveUp()) {
        continue;
      }
      if (!isOver()) {
        if (draft.open > 0) {
          flow.stops.stopAll(Stops.Manner.aborted(Reason.of("cannot_start")));
          draft.open = 0;
        }
        decided();
      } else if (!flow.runHooks.next()) {
        if (flow.autoReruns.follows()) {
          flow.autoReruns.await();
          queue.leave();
          return;
        }
        finish(draft.outcome());
      }
      draft.settle();
    }
  }

  /** After a batch of events: the run's status follows from its counters. */
  void settle() {
    if (draft.runStatus.isTerminal() || draft.runStatus == RunStatus.QUEUED) {
      return;
    }
    while (!draft.runStatus.isTerminal() && draft.runStatus != RunStatus.FAILING) {
      RunStatus status = draft.active > 0 ? RunStatus.RUNNING : RunStatus.WAITING;
      if (status == draft.runStatus) {
        return;
      }
      draft.moveRun(status);
      draft.note("run." + status.id());
      // Conditions that read the run's status may release steps.
      draft.settle();
      endIfOver();
    }
  }

  private void finish(RunStatus status) {
    draft.moveRun(status);
    Map<String, Object> outputs = new LinkedHashMap<>();
    RunScope scope = RunScope.of(draft, null, Map.of());
    for (Map.Entry<String, Template> output : draft.graph.workflow().outputs().entrySet()) {
      try {
        outputs.put(output.getKey(), Expressions.evaluate(output.getValue(), scope));
      } catch (ExpressionException e) {
        outputs.put(output.getKey(), null);
        draft.note("run.output_failed", "output", output.getKey(), "error", e.error().toJson());
      }
    }
    draft.outputs = outputs;
    Map<String, Object> reason = draft.reason == null ? Map.of() : draft.reason.toJson();
    draft.note("run.finished", "status", status.id(), "reason", reason);
    flow.children.tellParent();
    queue.leave();
    draft.decide(new Decision.Finish());
  }
}
