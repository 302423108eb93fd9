package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Hooks.Moment;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hooks around steps: {@code before}, the one for the outcome, {@code always}.
 *
 * <p>A hook is a step of its own, so it is retried, limited, stopped and recovered like one; its
 * parent is the step that it belongs to. That step waits meanwhile, its end decided and kept in
 * {@link PendingEnd}. A step that is stopped ends at once, and its hooks go on after it; the mark
 * {@code ENDING} stays on it until they have ended.
 */
final class HookCalls {
  private final Flow flow;
  private final Draft draft;

  /** Whether the run ends without hooks: those at work are stopped, and no others are called. */
  private boolean forbidden;

  /** Stopped steps whose hooks this decision has yet to call. */
  private int coming;

  HookCalls(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** Whether a step waits for one of its hooks, or has been stopped and its hooks go on. */
  static boolean isCalling(Cell cell) {
    return cell.is(StepRow.Marks.IN_BEFORE) || cell.is(StepRow.Marks.ENDING);
  }

  /** Whether a step has begun in its present life, be it only with its {@code before} hook. */
  static boolean hasBegun(Cell cell) {
    return cell.is(StepRow.Marks.REACHED_RUNNING)
        || cell.is(StepRow.Marks.REACHED_WAITING)
        || cell.is(StepRow.Marks.BEFORE_DONE)
        || cell.is(StepRow.Marks.IN_BEFORE);
  }

  /**
   * Whether the hook before a step is done; otherwise it is at work now, or the step has failed.
   */
  boolean before(Cell cell) {
    if (cell.is(StepRow.Marks.BEFORE_DONE) || !has(draft.node(cell), Moment.BEFORE)) {
      return true;
    }
    flow.gates.began(cell);
    cell.mark(StepRow.Marks.IN_BEFORE);
    draft.move(cell, StepStatus.WAITING);
    draft.waiting++;
    callFor(cell, Moment.BEFORE);
    return false;
  }

  /** Whether hooks after a step were started, so that its end has to wait for them. */
  boolean after(Cell cell, StepStatus status, @Nullable Reason reason, Event.Cost cost) {
    boolean called =
        switch (status) {
          case FAILED, TIMED_OUT, DENIED, CANCELLED, ABORTED, DISCARDED -> true;
          case SUCCEEDED, APPROVED, SKIPPED -> hasBegun(cell);
          case NOT_RUN, PENDING, READY, DISPATCHED, RUNNING, RETRYING, WAITING -> false;
        };
    if (!called || next(cell, Optional.empty(), status).isEmpty()) {
      return false;
    }
    flow.endings.rest(cell);
    if (cell.status != StepStatus.WAITING) {
      draft.move(cell, StepStatus.WAITING);
    }
    draft.waiting++;
    cell.mark(StepRow.Marks.ENDING);
    PendingEnd.put(cell, status, reason, cost);
    // Inside out: what clears up inside is done before what clears up around it.
    if (status.isSuccess() || !flow.holds.hold(cell)) {
      goOn(cell, Optional.empty());
    }
    return true;
  }

  /** A step is about to be stopped: what has begun gets its hooks, once all inside have theirs. */
  void stopped(Cell cell, StepStatus end) {
    if (forbidden
        || cell.is(StepRow.Marks.ENDING)
        || end == StepStatus.SKIPPED
        || end == StepStatus.NOT_RUN
        || next(cell, Optional.empty(), end).isEmpty()) {
      return;
    }
    cell.mark(StepRow.Marks.ENDING);
    coming++;
    draft.later(
        () -> {
          coming--;
          goOnUnlessHeld(draft.edit(cell.path));
        });
  }

  /** The first hook after a step, unless hooks inside it come before that. */
  void goOnUnlessHeld(Cell cell) {
    if (!flow.holds.hold(cell)) {
      goOn(cell, Optional.empty());
    }
  }

  /** The hook after another, or the end of the step. */
  private void goOn(Cell cell, Optional<Moment> done) {
    StepStatus status = cell.status.isTerminal() ? cell.status : PendingEnd.status(cell);
    Optional<Moment> next = next(cell, done, status);
    if (next.isPresent()) {
      PendingEnd.hook(cell, next.get());
      callFor(cell, next.get());
      return;
    }
    cell.unmark(StepRow.Marks.ENDING);
    if (cell.status.isTerminal()) {
      PendingEnd.clear(cell);
      flow.gates.leave(cell);
      flow.holds.letGo(cell);
      return;
    }
    draft.waiting--;
    Reason reason = PendingEnd.reason(cell);
    Event.Cost cost = PendingEnd.cost(cell);
    PendingEnd.clear(cell);
    flow.endings.conclude(cell, status, reason, cost);
  }

  private Optional<Moment> next(Cell cell, Optional<Moment> done, StepStatus status) {
    Node node = draft.node(cell);
    if (done.isEmpty()) {
      Optional<Moment> first = of(status).filter(moment -> has(node, moment));
      if (first.isPresent()) {
        return first;
      }
    }
    return done.equals(Optional.of(Moment.ALWAYS)) || !has(node, Moment.ALWAYS)
        ? Optional.empty()
        : Optional.of(Moment.ALWAYS);
  }

  private static Optional<Moment> of(StepStatus status) {
    return switch (status) {
      case SUCCEEDED, APPROVED -> Optional.of(Moment.ON_SUCCESS);
      case FAILED, TIMED_OUT, DENIED -> Optional.of(Moment.ON_FAILURE);
      case CANCELLED, ABORTED, DISCARDED -> Optional.of(Moment.ON_CANCEL);
      case SKIPPED, NOT_RUN, PENDING, READY, DISPATCHED, RUNNING, RETRYING, WAITING ->
          Optional.empty();
    };
  }

  private static boolean has(Node node, Moment moment) {
    return node.hooks().containsKey(moment);
  }

  private void callFor(Cell cell, Moment moment) {
    if (!cell.status.isTerminal()) {
      cell.reason = Reason.of("hook", "hook", moment.id());
      draft.noteStep(cell, Map.of("reason", cell.reason.toJson()));
    }
    Node hook = draft.graph.node(Objects.requireNonNull(draft.node(cell).hooks().get(moment)));
    call(hook, Graph.pathOf(hook, cell.path), cell.path);
  }

  /** Starts a hook. */
  void call(Node hook, String path, String parent) {
    Cell cell = draft.child(hook, path, parent, hook.ordinal());
    if (cell.status != StepStatus.PENDING) {
      // It was called in an earlier life of its step, which may have left it at work.
      flow.stops.stop(cell, Stops.Manner.aborted(Reason.of("group_retried", "group", parent)));
      cell.reset(0);
    }
    draft.later(() -> flow.steps.start(draft.edit(path)));
  }

  /**
   * Paths of steps with those of their hooks, so that one round trip fetches what many of them
   * have.
   *
   * @param of their nodes, in the same order; the last one stands for all that are left
   */
  List<String> with(List<String> steps, List<Integer> of) {
    List<String> all = new ArrayList<>(steps);
    for (int i = 0; i < steps.size(); i++) {
      String path = steps.get(i);
      draft
          .graph
          .node(of.get(Math.min(i, of.size() - 1)))
          .hooks()
          .values()
          .forEach(hook -> all.add(Graph.pathOf(draft.graph.node(hook), path)));
    }
    return all;
  }

  /** A step begins anew: its hooks have not been called in this life of it. */
  void reset(Cell cell) {
    for (int index : draft.node(cell).hooks().values()) {
      Cell hook = draft.find(cell, Graph.pathOf(draft.graph.node(index), cell.path));
      if (hook != null && hook.status.isTerminal()) {
        draft.edit(hook.path).reset(0);
      }
    }
  }

  /** A hook has ended. */
  void ended(Cell hook) {
    Moment moment = draft.node(hook).moment().orElseThrow();
    if (hook.parent.isEmpty()) {
      if (moment == Moment.BEFORE) {
        flow.runs.beforeEnded(hook, passes(hook));
      }
      return;
    }
    Cell cell = draft.edit(hook.parent);
    if (moment == Moment.BEFORE) {
      if (cell.is(StepRow.Marks.IN_BEFORE)) {
        beforeEnded(cell, hook);
      }
    } else if (cell.is(StepRow.Marks.ENDING) && PendingEnd.waitsFor(cell, moment)) {
      goOn(cell, Optional.of(moment));
    }
  }

  private void beforeEnded(Cell cell, Cell hook) {
    cell.unmark(StepRow.Marks.IN_BEFORE);
    cell.mark(StepRow.Marks.BEFORE_DONE);
    cell.reason = null;
    draft.waiting--;
    if (passes(hook)) {
      draft.move(cell, StepStatus.READY);
      // Not at once: whoever waits for the slot that the hook had comes first.
      draft.later(() -> launch(cell.path));
      return;
    }
    String cause = hook.error == null ? hook.status.id() : hook.error.message();
    ErrorInfo error =
        ErrorInfo.of("hook_failed", "its hook 'before' failed: " + cause)
            .causedBy(List.of(Causes.of(hook)));
    flow.endings.failed(cell, StepStatus.FAILED, error, null);
  }

  private void launch(String path) {
    Cell cell = draft.edit(path);
    if (cell.status == StepStatus.READY) {
      flow.steps.launch(cell);
    }
  }

  /** Whether what a {@code before} hook stands before may begin. */
  private boolean passes(Cell hook) {
    return hook.status.isSuccess()
        || hook.status == StepStatus.SKIPPED
        || hook.is(StepRow.Marks.TOLERATED)
        || draft.node(hook).step().detached();
  }

  /** Whether a tolerated failure counts for the run: not if it is one of a hook after something. */
  boolean counts(Cell cell) {
    Cell at = cell;
    while (at != null) {
      Optional<Moment> moment = draft.node(at).moment();
      if (moment.isPresent() && moment.get() != Moment.BEFORE) {
        return false;
      }
      at = at.parent.isEmpty() ? null : draft.find(at.parent);
    }
    return true;
  }

  /** The {@code before} hook of a step that is stopped goes with it. */
  void stopBefore(Cell cell, Stops.Manner manner) {
    cell.unmark(StepRow.Marks.IN_BEFORE);
    cell.mark(StepRow.Marks.BEFORE_DONE);
    stop(draft.node(cell).hooks().get(Moment.BEFORE), cell.path, manner);
  }

  /** Ends a hook, if it has been called. */
  void stop(@Nullable Integer index, String parent, Stops.Manner manner) {
    if (index == null) {
      return;
    }
    String path = Graph.pathOf(draft.graph.node(index), parent);
    if (draft.find(path) != null) {
      flow.stops.stop(draft.edit(path), manner);
    }
  }

  /** How many stopped steps this decision has yet to call hooks for. */
  int coming() {
    return coming;
  }

  /** From here on hooks are not called, and those of what is stopped or has ended end with it. */
  void forbid() {
    forbidden = true;
  }

  /** Whether steps inside one that has ended may have hooks that are to be stopped now. */
  boolean areStopped(Node node) {
    return forbidden && flow.holds.areInside(node);
  }

  /** Ends the hooks of a step that has ended, if hooks are to be stopped now. */
  void stopOf(Cell ended, Stops.Manner manner) {
    if (!forbidden) {
      return;
    }
    draft.node(ended).hooks().values().forEach(index -> stop(index, ended.path, manner));
    if (ended.is(StepRow.Marks.ENDING)) {
      ended.unmark(StepRow.Marks.ENDING);
      PendingEnd.clear(ended);
      flow.gates.leave(ended);
    }
  }
}
