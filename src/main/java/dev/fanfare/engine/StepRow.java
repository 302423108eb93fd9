package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.StepStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything stored of one step instance, but for its times.
 *
 * @param path its id: {@code publish.primary}, {@code unit[2]}
 * @param node index in the graph
 * @param parent path of the enclosing instance, empty at the top
 * @param ordinal place among its siblings
 * @param attempt the fence: grows with every claim
 * @param failures attempts that failed and counted
 * @param losses attempts that vanished with their worker; for a loop, pauses so far, which fence
 *     its timer
 * @param marks bits of {@link Marks}
 * @param pending edges into it that are undecided
 * @param satisfied edges into it that hold
 * @param open children that have not ended
 * @param failed children whose failure counts
 * @param active children in progress under a limit; for a race, branches that can still win; for a
 *     step that starts a run, claims that repeat a lost one
 * @param limit most children in progress, 0 = no limit
 * @param cursor next item or turn to instantiate; for a race, branches that have won; for a leaf,
 *     the attempt its total limit counts from
 * @param bindings names this instance gives to everything inside: the item and its index, the
 *     number of a turn
 * @param detail what a structure must remember: items and their names; winners; cases taken; of a
 *     step that a condition released, what that read and had ended
 * @param output what it yielded, JSON as Java; null where it yielded nothing (yet)
 * @param releasedBy the step whose end, or change of status, made it ready, empty for a root
 * @param backoffMs time spent between attempts
 * @param stamps bits of {@link Stamps}: which times the store sets to now
 * @param stored whether a row exists already
 */
public record StepRow(
    String path,
    int node,
    String parent,
    int ordinal,
    StepStatus status,
    int attempt,
    int failures,
    int losses,
    int marks,
    int pending,
    int satisfied,
    int open,
    int failed,
    int active,
    int limit,
    int cursor,
    @Nullable Map<String, Object> bindings,
    @Nullable Map<String, Object> detail,
    @Nullable Object output,
    @Nullable ErrorInfo error,
    @Nullable Reason reason,
    @Nullable Integer exitCode,
    String releasedBy,
    long backoffMs,
    int stamps,
    boolean stored) {

  /** The same with something else in the place of its output. */
  public StepRow withOutput(@Nullable Object other) {
    return new StepRow(
        path,
        node,
        parent,
        ordinal,
        status,
        attempt,
        failures,
        losses,
        marks,
        pending,
        satisfied,
        open,
        failed,
        active,
        limit,
        cursor,
        bindings,
        detail,
        other,
        error,
        reason,
        exitCode,
        releasedBy,
        backoffMs,
        stamps,
        stored);
  }

  /**
   * The attempt that first had the work of the present one: a claim that repeats a lost one goes on
   * with that one's work, while a retry begins anew. Only for a step that starts a run.
   */
  public int origin() {
    return attempt - active;
  }

  /** Bits of {@code stamps}. */
  public static final class Stamps {
    public static final int READY = 1;
    public static final int DISPATCHED = 2;
    public static final int BEGAN = 4;
    public static final int ENDED = 8;

    /** The step is leased from now on. */
    public static final int LEASED = 16;

    /** The step begins anew: the times it has had so far are those of an earlier attempt. */
    public static final int ANEW = 32;

    private Stamps() {}
  }

  /** Bits of {@code marks}. */
  public static final class Marks {
    /** It has been {@code running}. */
    static final int REACHED_RUNNING = 1;

    /** It has been {@code waiting}. */
    static final int REACHED_WAITING = 2;

    /** It failed, and those who need it run as if it had succeeded. */
    static final int TOLERATED = 4;

    /** It failed, those who need it see that, but the run does not fail for it. */
    static final int FORGIVEN = 8;

    /** Its failure is not one of the run. */
    public static final int EXCUSED = TOLERATED | FORGIVEN;

    /** A race that is decided. */
    static final int DECIDED = 16;

    /** Something it needs was skipped. */
    static final int BLOCKED_BY_SKIP = 32;

    /** It takes one of its group's slots. */
    static final int HOLDS_SLOT = 64;

    /** A timer of its total or group limit is set. */
    static final int LIMITED = 128;

    /** It takes one of the run's slots. */
    static final int CLAIMED = 256;

    /** Its total limit counts from its first attempt, which has begun. */
    static final int TIMED = 512;

    /** It waits for a person, an event or a callback. */
    static final int AWAITS = 1 << 10;

    /** It has asked for its lock. */
    static final int LOCK_ASKED = 1 << 11;

    /** It has its lock. */
    static final int LOCKED = 1 << 12;

    /** The cache was asked and had nothing. */
    static final int NOT_CACHED = 1 << 13;

    /** The breaker has let the next attempt through. */
    static final int LET_THROUGH = 1 << 14;

    /** Its {@code before} hook has ended. */
    static final int BEFORE_DONE = 1 << 15;

    /** Its end is decided; the hooks after it are at work. Also of a step that was stopped. */
    static final int ENDING = 1 << 16;

    /** A limit from ready to begun is set. */
    static final int QUEUE_LIMITED = 1 << 17;

    /** A loop pauses before its next turn. */
    static final int PAUSED = 1 << 18;

    /** It waits for a run that it has started, or that its lost claim may have started. */
    static final int HAS_CHILD = 1 << 19;

    /** A rerun goes on with it: what has succeeded inside is kept. */
    static final int RESUMES = 1 << 20;

    /** Its {@code before} hook is at work. */
    static final int IN_BEFORE = 1 << 21;

    /** What comes next waits for hooks of stopped steps inside. */
    static final int HELD = 1 << 22;

    /** Its condition has held, or cannot be evaluated: it is about to start. */
    static final int RELEASED = 1 << 23;

    /** Its detail names the run that it started last. */
    public static final int NAMES_CHILD = 1 << 24;

    /** The attempt that the breaker has let through tries whether the breaker may close. */
    static final int TRIAL = 1 << 25;

    /** It is cancelled for having waited as long as it may, which is a failure of its own. */
    static final int GAVE_UP = 1 << 26;

    private Marks() {}
  }
}
