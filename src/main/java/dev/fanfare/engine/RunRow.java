package dev.fanfare.engine;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.Workflow.Tolerated;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything the engine keeps of one run.
 *
 * @param facts what does not change while it runs
 * @param version grows with every commit; the optimistic lock
 * @param lastEvent sequence number of the last entry of its event log
 * @param open top-level steps that have not ended
 * @param active leaf steps that are claimed
 * @param waiting steps that wait for a time, a person or an event
 * @param marks bits of {@link Marks}
 * @param limit most leaf steps claimed at once, 0 = no limit
 * @param queued entries ever put into a backlog; the next one's position
 * @param outputs the run's outputs once it has ended
 * @param reason why it ended as it did, where that needs saying
 */
public record RunRow(
    Facts facts,
    RunStatus status,
    long version,
    long lastEvent,
    int open,
    int active,
    int waiting,
    int marks,
    int limit,
    long queued,
    @Nullable Map<String, Object> outputs,
    @Nullable Reason reason) {

  /**
   * What does not change while a run moves.
   *
   * @param attempt 1, and one more with every rerun
   * @param context {@code trigger}, {@code branch}, {@code tag}: what expressions read of {@code
   *     run} besides its id
   */
  public record Facts(
      UUID id,
      String workflow,
      int attempt,
      Map<String, Object> params,
      Map<String, Object> event,
      Map<String, Object> context) {

    /** The same run on its next attempt. */
    Facts again(Map<String, Object> newContext) {
      return new Facts(id, workflow, attempt + 1, params, event, newContext);
    }
  }

  /** Bits of {@code marks}. */
  public static final class Marks {
    /** A step failed and nothing tolerated it. */
    static final int FAILED = 1;

    /** A step failed and was tolerated. */
    static final int TOLERATED = 2;

    /** A step succeeded. */
    static final int SUCCEEDED = 4;

    /** A timer of the run was set at some time. */
    public static final int HAS_TIMERS = 8;

    /** A step waited for a slot at some time. */
    public static final int HAS_BACKLOG = 16;

    /** A step waited for something from outside, or something was locked, at some time. */
    public static final int HAS_EXTRAS = 32;

    /** The run's end is decided; its hooks are at work. */
    static final int ENDING = 64;

    /** The run has asked for a slot of its concurrency key. */
    static final int SLOT_ASKED = 128;

    /** Somebody has rerun it. */
    static final int BY_HAND = 1 << 12;

    /** What stays when the run goes on after its end. */
    static final int KEPT_BY_RERUN = HAS_TIMERS | HAS_BACKLOG | HAS_EXTRAS | BY_HAND;

    /** The run was cancelled, which is its outcome. */
    static final int CANCELLED = 1 << 8;

    /** The run's time was up, which is its outcome. */
    static final int TIMED_OUT = 1 << 9;

    /** The run's hook for its outcome has been called, if there is one. */
    static final int OUTCOME_HOOK = 1 << 10;

    /** The run's {@code always} hook has been called, if there is one. */
    static final int ALWAYS_HOOK = 1 << 11;

    /** A failure was tolerated, and fails the run all the same. */
    static final int FAILS_RUN = 1 << 13;

    /** It has failed and waits for its next attempt. */
    static final int RERUN_WAITS = 1 << 14;

    private Marks() {}
  }

  /** Whether its end is decided and hooks are all that is left. */
  public boolean isEnding() {
    return (marks & Marks.ENDING) != 0;
  }

  /** What expressions see as the run's status: once its end is decided, the outcome. */
  String shownStatus(Tolerated tolerated) {
    return shownStatus(status, marks, tolerated);
  }

  static String shownStatus(RunStatus status, int marks, Tolerated tolerated) {
    boolean decided = !status.isTerminal() && (marks & Marks.ENDING) != 0;
    return (decided ? outcome(marks, tolerated) : status).id();
  }

  /**
   * How a run of which nothing is left to do ends.
   *
   * @param tolerated what tolerated failures make of it where nothing else failed
   */
  static RunStatus outcome(int marks, Tolerated tolerated) {
    if ((marks & Marks.CANCELLED) != 0) {
      return RunStatus.CANCELLED;
    }
    if ((marks & Marks.TIMED_OUT) != 0) {
      return RunStatus.TIMED_OUT;
    }
    if ((marks & (Marks.FAILED | Marks.FAILS_RUN)) != 0) {
      return RunStatus.FAILED;
    }
    if ((marks & Marks.TOLERATED) == 0) {
      return RunStatus.SUCCEEDED;
    }
    return switch (tolerated) {
      case PARTIAL -> RunStatus.PARTIALLY_SUCCEEDED;
      case SUCCEEDED -> RunStatus.SUCCEEDED;
      case FAILED -> RunStatus.FAILED;
      case SOME_MUST_SUCCEED ->
          (marks & Marks.SUCCEEDED) != 0 ? RunStatus.PARTIALLY_SUCCEEDED : RunStatus.FAILED;
    };
  }

  /** A run before its first event. */
  public static RunRow fresh(Facts facts) {
    return new RunRow(facts, RunStatus.QUEUED, 0, 0, 0, 0, 0, 0, 0, 0, null, null);
  }
}
