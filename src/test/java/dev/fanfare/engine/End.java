package dev.fanfare.engine;

import dev.fanfare.definition.StepStatus;
import org.jspecify.annotations.Nullable;

/**
 * Of the reference: how a step ended.
 *
 * @param cut by a {@link Cut}
 * @param tolerated a failure that counts as success to those that need the step
 * @param forgiven a failure for which the run does not fail
 * @param running when it was running first
 * @param waiting when it was waiting first
 */
record End(
    StepStatus status,
    long at,
    @Nullable Object output,
    String code,
    boolean cut,
    boolean tolerated,
    boolean forgiven,
    long running,
    long waiting) {

  static final long NEVER = Long.MAX_VALUE;

  static End of(StepStatus status, long at, @Nullable Object output, String code) {
    return new End(status, at, output, code, false, false, false, NEVER, NEVER);
  }

  static End success(long at, @Nullable Object output) {
    return of(StepStatus.SUCCEEDED, at, output, "");
  }

  static End failure(long at, @Nullable Object output, String code) {
    return of(StepStatus.FAILED, at, output, code);
  }

  static End cut(Cut cut, boolean begun) {
    return new End(
        begun ? cut.begun() : cut.fresh(), cut.at(), null, "", true, false, false, NEVER, NEVER);
  }

  boolean succeeded() {
    return status == StepStatus.SUCCEEDED || status == StepStatus.APPROVED;
  }

  boolean failed() {
    return (status == StepStatus.FAILED
            || status == StepStatus.TIMED_OUT
            || status == StepStatus.DENIED)
        && !tolerated
        && !forgiven;
  }

  End as(StepStatus other, @Nullable Object value) {
    return new End(other, at, value, code, cut, tolerated, forgiven, running, waiting);
  }

  /** The same, known later. */
  End at(long time) {
    return new End(status, time, output, code, cut, tolerated, forgiven, NEVER, NEVER);
  }
}
