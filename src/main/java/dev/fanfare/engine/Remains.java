package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.StepStatus;

/** Whether what a step has written is there for others. */
final class Remains {

  private Remains() {}

  /**
   * Whether a step's last attempt has come to its own end, and in this life of the step. What was
   * stopped half way leaves nothing.
   */
  static boolean hasEndedByItself(Cell cell) {
    ErrorInfo error = cell.error;
    boolean vanished = error != null && error.code().equals("worker_lost");
    return cell.is(StepRow.Marks.REACHED_RUNNING)
        && !vanished
        && switch (end(cell)) {
          case SUCCEEDED, FAILED, SKIPPED -> true;
          case PENDING,
              READY,
              DISPATCHED,
              RUNNING,
              RETRYING,
              WAITING,
              TIMED_OUT,
              NOT_RUN,
              CANCELLED,
              ABORTED,
              DISCARDED,
              APPROVED,
              DENIED ->
              false;
        };
  }

  /** What a step has ended as, or will when its hooks have. */
  private static StepStatus end(Cell cell) {
    boolean decided = cell.is(StepRow.Marks.ENDING) && !cell.status.isTerminal();
    return decided ? PendingEnd.status(cell) : cell.status;
  }
}
