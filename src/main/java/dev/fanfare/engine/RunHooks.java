package dev.fanfare.engine;

import dev.fanfare.definition.Hooks.Moment;
import dev.fanfare.graph.Node;

/** Hooks around the run; those of its steps are {@link HookCalls}. */
final class RunHooks {
  private final Flow flow;
  private final Draft draft;

  RunHooks(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** Whether the run has no hook before its first step; otherwise it is called now. */
  boolean before() {
    return !call(Moment.BEFORE);
  }

  private boolean call(Moment moment) {
    Integer index = draft.graph.hooks().get(moment);
    if (index == null) {
      return false;
    }
    Node hook = draft.graph.node(index);
    flow.hooks.call(hook, hook.id(), "");
    return true;
  }

  /** Whether hooks will be at work when a run is decided, be it those of steps it stops. */
  boolean follow() {
    return flow.hooks.coming() > 0
        || draft.graph.hooks().containsKey(outcome())
        || draft.graph.hooks().containsKey(Moment.ALWAYS);
  }

  /** Calls the next hook after the run; false if there is none. */
  boolean next() {
    boolean called = false;
    if ((draft.marks & RunRow.Marks.OUTCOME_HOOK) == 0) {
      draft.marks |= RunRow.Marks.OUTCOME_HOOK;
      // Nobody is told of a failure that the next attempt may mend.
      called = !flow.autoReruns.follows() && call(outcome());
    }
    if (!called && (draft.marks & RunRow.Marks.ALWAYS_HOOK) == 0) {
      draft.marks |= RunRow.Marks.ALWAYS_HOOK;
      called = call(Moment.ALWAYS);
    }
    return called;
  }

  private Moment outcome() {
    return switch (draft.outcome()) {
      case SUCCEEDED, PARTIALLY_SUCCEEDED -> Moment.ON_SUCCESS;
      case CANCELLED -> Moment.ON_CANCEL;
      case FAILED, TIMED_OUT -> Moment.ON_FAILURE;
      case QUEUED, RUNNING, WAITING, FAILING ->
          throw new IllegalStateException("that is no outcome of a run");
    };
  }

  /** The {@code before} hook of a run that is stopped goes with it. */
  void stopBefore(Stops.Manner manner) {
    flow.hooks.stop(draft.graph.hooks().get(Moment.BEFORE), "", manner);
  }

  /** Ends every hook at once, wherever it is, and calls no other. */
  void stopAll(Stops.Manner manner) {
    flow.hooks.forbid();
    draft.marks |= RunRow.Marks.OUTCOME_HOOK | RunRow.Marks.ALWAYS_HOOK;
    flow.stops.stopAll(manner);
    draft.graph.hooks().values().forEach(index -> flow.hooks.stop(index, "", manner));
  }
}
