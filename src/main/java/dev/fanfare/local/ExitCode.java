package dev.fanfare.local;

import dev.fanfare.definition.RunStatus;

/** What the command line tells its caller. Part of the language's promise. */
public final class ExitCode {

  /** The run succeeded, perhaps partially; the command did what it says. */
  public static final int OK = 0;

  /** The run failed or timed out; the command could not be carried out. */
  public static final int FAILED = 1;

  /** The file or the call is wrong; nothing was started. */
  public static final int USAGE = 2;

  /** The run was cancelled. */
  public static final int CANCELLED = 3;

  private ExitCode() {}

  /**
   * The exit code for a run's end.
   *
   * @param status where the run stands; one that has not ended counts as failed
   */
  public static int of(RunStatus status) {
    return switch (status) {
      case SUCCEEDED, PARTIALLY_SUCCEEDED -> OK;
      case FAILED, TIMED_OUT, QUEUED, RUNNING, FAILING, WAITING -> FAILED;
      case CANCELLED -> CANCELLED;
    };
  }
}
