package dev.fanfare.engine;

import dev.fanfare.definition.StepStatus;
import org.jspecify.annotations.Nullable;

/** Hooks around steps and around the run. */
final class HookCalls {
  private final Flow flow;
  private final Draft draft;

  HookCalls(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /**
   * Whether the hook before a step is done; otherwise it is at work now, or the step has failed.
   */
  boolean before(Cell cell) {
    return true;
  }

  /** Whether hooks after a step were started, so that its end has to wait for them. */
  boolean after(Cell cell, StepStatus status, @Nullable Reason reason, Event.Cost cost) {
    return false;
  }
}
