package dev.fanfare.engine;

import static dev.fanfare.definition.StepStatus.ABORTED;
import static dev.fanfare.definition.StepStatus.APPROVED;
import static dev.fanfare.definition.StepStatus.CANCELLED;
import static dev.fanfare.definition.StepStatus.DENIED;
import static dev.fanfare.definition.StepStatus.DISCARDED;
import static dev.fanfare.definition.StepStatus.DISPATCHED;
import static dev.fanfare.definition.StepStatus.FAILED;
import static dev.fanfare.definition.StepStatus.NOT_RUN;
import static dev.fanfare.definition.StepStatus.PENDING;
import static dev.fanfare.definition.StepStatus.READY;
import static dev.fanfare.definition.StepStatus.RETRYING;
import static dev.fanfare.definition.StepStatus.RUNNING;
import static dev.fanfare.definition.StepStatus.SKIPPED;
import static dev.fanfare.definition.StepStatus.SUCCEEDED;
import static dev.fanfare.definition.StepStatus.TIMED_OUT;
import static dev.fanfare.definition.StepStatus.WAITING;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The only ways a status may change. The tests visit every one of them. */
public final class Transitions {

  /** One change of a status. */
  public sealed interface Change {}

  /** A step's status changed. */
  public record StepChange(StepStatus from, StepStatus to) implements Change {}

  /** A run's status changed. */
  public record RunChange(RunStatus from, RunStatus to) implements Change {}

  /** From each status of a step, where it may go. */
  public static final Map<StepStatus, Set<StepStatus>> STEP = new EnumMap<>(StepStatus.class);

  /** From each status of a run, where it may go. */
  public static final Map<RunStatus, Set<RunStatus>> RUN = new EnumMap<>(RunStatus.class);

  static {
    for (StepStatus status : StepStatus.values()) {
      STEP.put(status, EnumSet.noneOf(StepStatus.class));
    }
    STEP.put(PENDING, EnumSet.of(READY, SKIPPED, NOT_RUN));
    STEP.put(
        READY,
        EnumSet.of(
            DISPATCHED,
            RUNNING,
            WAITING,
            SUCCEEDED,
            FAILED,
            TIMED_OUT,
            SKIPPED,
            NOT_RUN,
            CANCELLED,
            ABORTED,
            DISCARDED));
    STEP.put(
        DISPATCHED,
        EnumSet.of(
            RUNNING, READY, WAITING, SUCCEEDED, FAILED, TIMED_OUT, SKIPPED, CANCELLED, ABORTED,
            DISCARDED));
    STEP.put(
        RUNNING,
        EnumSet.of(
            SUCCEEDED, FAILED, TIMED_OUT, SKIPPED, WAITING, RETRYING, READY, CANCELLED, ABORTED,
            DISCARDED));
    STEP.put(
        RETRYING,
        EnumSet.of(READY, WAITING, SUCCEEDED, TIMED_OUT, SKIPPED, CANCELLED, ABORTED, DISCARDED));
    STEP.put(
        WAITING,
        EnumSet.of(
            READY, SUCCEEDED, FAILED, TIMED_OUT, SKIPPED, NOT_RUN, CANCELLED, ABORTED, DISCARDED,
            APPROVED, DENIED, RETRYING));

    for (RunStatus status : RunStatus.values()) {
      RUN.put(status, EnumSet.noneOf(RunStatus.class));
    }
    Set<RunStatus> ends =
        EnumSet.of(
            RunStatus.SUCCEEDED,
            RunStatus.PARTIALLY_SUCCEEDED,
            RunStatus.FAILED,
            RunStatus.CANCELLED,
            RunStatus.TIMED_OUT);
    RUN.put(RunStatus.QUEUED, EnumSet.of(RunStatus.RUNNING, RunStatus.CANCELLED));
    RUN.put(RunStatus.RUNNING, EnumSet.of(RunStatus.WAITING, RunStatus.FAILING));
    RUN.get(RunStatus.RUNNING).addAll(ends);
    RUN.put(RunStatus.WAITING, EnumSet.of(RunStatus.RUNNING, RunStatus.FAILING, RunStatus.QUEUED));
    RUN.get(RunStatus.WAITING).addAll(ends);
    RUN.put(
        RunStatus.FAILING,
        EnumSet.of(RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.TIMED_OUT, RunStatus.WAITING));
    // A rerun.
    ends.forEach(end -> RUN.put(end, EnumSet.of(RunStatus.QUEUED)));
  }

  private Transitions() {}

  static void check(StepStatus from, StepStatus to, String path) {
    if (!STEP.getOrDefault(from, Set.of()).contains(to)) {
      throw new IllegalStateException(
          "step '" + path + "' may not go from " + from.id() + " to " + to.id());
    }
  }

  static void check(RunStatus from, RunStatus to) {
    if (!RUN.getOrDefault(from, Set.of()).contains(to)) {
      throw new IllegalStateException("a run may not go from " + from.id() + " to " + to.id());
    }
  }
}
