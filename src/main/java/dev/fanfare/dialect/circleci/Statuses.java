package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.StepStatus;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** CircleCI's statuses of jobs as those of steps. */
final class Statuses {

  static final String SUCCESS = "success";

  /** The five ends of a job. */
  static final List<String> ENDS =
      List.of(SUCCESS, "failed", "canceled", "unauthorized", "not_run");

  static final String TERMINAL = "terminal";

  /** What no step outside of a race ends as: stands for what never happens here. */
  private static final StepStatus NEVER = StepStatus.DISCARDED;

  private Statuses() {}

  static boolean isKnown(String status) {
    return ENDS.contains(status) || status.equals(TERMINAL);
  }

  /** With {@code terminal} written out. */
  static List<String> expanded(List<String> statuses) {
    return statuses.contains(TERMINAL) ? ENDS : statuses;
  }

  /**
   * Statuses of a step that release who requires it.
   *
   * @param approval whether the step is an approval, which is cancelled by being denied
   */
  static List<StepStatus> of(List<String> statuses, boolean approval) {
    if (statuses.contains(TERMINAL) || statuses.containsAll(ENDS)) {
      return StepStatus.terminal();
    }
    Set<StepStatus> on = new LinkedHashSet<>();
    for (String status : statuses) {
      on.addAll(of(status, approval));
    }
    return on.isEmpty() ? List.of(NEVER) : List.copyOf(on);
  }

  private static List<StepStatus> of(String status, boolean approval) {
    return switch (status) {
      case SUCCESS -> List.of(StepStatus.SUCCEEDED, StepStatus.APPROVED);
      case "failed" -> List.of(StepStatus.FAILED, StepStatus.TIMED_OUT);
      case "canceled" ->
          approval
              ? List.of(StepStatus.CANCELLED, StepStatus.ABORTED, StepStatus.DENIED)
              : List.of(StepStatus.CANCELLED, StepStatus.ABORTED);
      case "not_run" -> List.of(StepStatus.NOT_RUN, StepStatus.SKIPPED);
      default -> List.of();
    };
  }
}
