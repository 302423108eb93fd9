package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.definition.Workflow.Concurrency.Policy;
import dev.fanfare.engine.Decision.Acquire.Scope;
import dev.fanfare.engine.Decision.Tally.Result;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.graph.Node;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a step must pass before it starts: its lock, the cache, its breaker; and how long that may
 * take.
 *
 * <p>A step that asks waits in {@link StepStatus#WAITING} without having begun, so that nobody who
 * needs it to wait is released. What it asked for is kept under {@value #GATES} in its detail, with
 * a ticket that no other question of the run has: an answer with another ticket is an answer to
 * what the step asked in an earlier life, and changes nothing.
 */
final class Gates {

  /** Longest key of a lock or of a run's concurrency, in characters. */
  static final int LONGEST_KEY = 512;

  private static final String GATES = "gates";

  /** The key of the lock it has or has asked for; absent where it needs none of its own. */
  private static final String LOCK = "lock";

  /** The ticket of the lock that it waits for. */
  private static final String GRANT = "grant";

  /** The ticket of its limit from ready to begun. */
  private static final String QUEUE = "queue";

  private final Flow flow;
  private final Draft draft;
  private final Lookups lookups;

  Gates(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
    this.lookups = new Lookups(flow, this);
  }

  /**
   * Whether a step has its lock and the cache has nothing for it. Otherwise it waits, and {@link
   * Steps#launch} is called again when that is over; or it has ended.
   */
  boolean pass(Cell cell) {
    Node node = draft.node(cell);
    return !node.carriesAttempts()
        || (hasLock(cell, node.step()) && lookups.isNotCached(cell, node.step()));
  }

  private boolean hasLock(Cell cell, Step step) {
    if (step.lock().isEmpty() || cell.is(StepRow.Marks.LOCKED)) {
      return true;
    }
    String key;
    try {
      key = key(step.lock().get().key(), "lock", RunScope.of(draft, cell, Map.of()));
    } catch (ExpressionException e) {
      flow.endings.failed(cell, StepStatus.FAILED, e.error(), null);
      return false;
    } catch (IllegalArgumentException e) {
      ErrorInfo error = ErrorInfo.of("bad_lock_key", String.valueOf(e.getMessage()));
      flow.endings.failed(cell, StepStatus.FAILED, error, null);
      return false;
    }
    if (isHeldAround(cell, key)) {
      cell.mark(StepRow.Marks.LOCKED);
      return true;
    }
    int ticket = draft.ticket();
    put(cell, LOCK, key);
    put(cell, GRANT, (long) ticket);
    cell.mark(StepRow.Marks.LOCK_ASKED);
    holdBack(cell, Reason.of("lock", "key", key));
    draft.note("step.waiting", "step", cell.path, "reason", Reason.of("lock", "key", key).toJson());
    Step.Lock lock = step.lock().get();
    Policy policy = lock.skipOlder() ? Policy.SKIP : Policy.QUEUE;
    draft.acquire(new Decision.Acquire(cell.path, ticket, Scope.LOCK, key, 1, 0, policy));
    lock.waitMax().ifPresent(most -> draft.arm(TimerKind.LOCK, cell.path, ticket, most));
    return false;
  }

  /**
   * A key as text.
   *
   * @throws IllegalArgumentException if it cannot be one; the message says so to a person
   */
  static String key(Template template, String of, RunScope scope) throws ExpressionException {
    String key = Expressions.text(template, scope);
    if (key.isBlank()) {
      throw new IllegalArgumentException(
          "the key of '" + of + "' is empty; whatever has no key would share it");
    }
    if (key.length() > LONGEST_KEY) {
      throw new IllegalArgumentException(
          "the key of '"
              + of
              + "' has "
              + key.length()
              + " characters; it may have "
              + LONGEST_KEY
              + ": use a name or a digest");
    }
    return key;
  }

  /** Whether something around a step holds the lock: to wait for that would be to wait for ever. */
  private boolean isHeldAround(Cell cell, String key) {
    Cell at = cell;
    while (!at.parent.isEmpty()) {
      at = draft.edit(at.parent);
      if (key.equals(gates(at).get(LOCK))) {
        return true;
      }
    }
    return false;
  }

  /** A step waits before it begins. */
  void holdBack(Cell cell, Reason reason) {
    draft.move(cell, StepStatus.WAITING);
    draft.waiting++;
    cell.reason = reason;
  }

  /** What a step waited for before it begins is there. */
  void letOn(Cell cell) {
    draft.waiting--;
    cell.reason = null;
    draft.move(cell, StepStatus.READY);
    flow.steps.launch(cell);
  }

  /** Whether a step that waits has not begun: what it waits for stands before it. */
  static boolean isBefore(Cell cell) {
    return cell.status == StepStatus.WAITING
        && !HookCalls.hasBegun(cell)
        && !cell.is(StepRow.Marks.ENDING);
  }

  /** Whether the breaker lets the next attempt through; otherwise it waits or has failed. */
  boolean letsThrough(Cell cell) {
    return lookups.letsThrough(cell);
  }

  /** A step is ready: its limit from here to its begin starts. */
  void ready(Cell cell) {
    Node node = draft.node(cell);
    Timeouts timeouts = node.carriesAttempts() ? node.step().timeouts() : Timeouts.NONE;
    if (timeouts.queue().isPresent()) {
      int ticket = draft.ticket();
      put(cell, QUEUE, (long) ticket);
      cell.mark(StepRow.Marks.QUEUE_LIMITED);
      draft.arm(TimerKind.QUEUE, cell.path, ticket, timeouts.queue().get());
    }
  }

  /** A step begins: that limit is over. */
  void began(Cell cell) {
    if (cell.is(StepRow.Marks.QUEUE_LIMITED)) {
      cell.unmark(StepRow.Marks.QUEUE_LIMITED);
      draft.decide(new Decision.Disarm(TimerKind.QUEUE, cell.path));
    }
  }

  /** An attempt has ended: its breaker learns how. */
  void attempted(Cell cell, boolean success) {
    lookups.attempted(cell, success ? Result.SUCCESS : Result.FAILURE);
  }

  /** The work of a step is over: it asks for nothing any more, and keeps a lock that it has. */
  void rest(Cell cell) {
    began(cell);
    lookups.rest(cell);
    if (!cell.is(StepRow.Marks.LOCKED) && gates(cell).get(LOCK) instanceof String key) {
      draft.decideShared(new Decision.Release(cell.path, Scope.LOCK, key));
      draft.decide(new Decision.Disarm(TimerKind.GRANT, cell.path));
      disarmLimit(cell);
      remove(cell, LOCK);
      remove(cell, GRANT);
    }
  }

  /** A step ends, hooks and all: it gives back what it holds. */
  void leave(Cell cell) {
    rest(cell);
    Map<?, ?> gates = gates(cell);
    if (gates.isEmpty()) {
      return;
    }
    lookups.leave(cell);
    if (gates.get(LOCK) instanceof String key) {
      draft.decideShared(new Decision.Release(cell.path, Scope.LOCK, key));
    }
    set(cell, Map.of());
  }

  Verdict answered(Event.Answered answered) {
    return lookups.answered(answered);
  }

  /** Whether something about its lock is told to the step that asked for it, and waits. */
  private boolean waitsForLock(Event.Due due) {
    Cell found = draft.find(due.step());
    return found != null
        && found.status == StepStatus.WAITING
        && !found.is(StepRow.Marks.LOCKED)
        && isTicket(found, GRANT, due.attempt());
  }

  private void disarmLimit(Cell cell) {
    if (draft.node(cell).step().lock().flatMap(Step.Lock::waitMax).isPresent()) {
      draft.decide(new Decision.Disarm(TimerKind.LOCK, cell.path));
    }
  }

  /** A step has waited for its lock as long as it may. */
  Verdict lockDue(Event.Due due) {
    if (!waitsForLock(due)) {
      return Verdict.STALE;
    }
    Cell cell = draft.edit(due.step());
    Duration most =
        draft.node(cell).step().lock().flatMap(Step.Lock::waitMax).orElse(Duration.ZERO);
    String key = String.valueOf(gates(cell).get(LOCK));
    Reason reason = Reason.of("lock_wait_max", "key", key, "limitMs", most.toMillis());
    flow.stops.halt(cell, reason);
    lookups.attempted(cell, Result.NONE);
    cell.mark(StepRow.Marks.GAVE_UP);
    ErrorInfo error =
        ErrorInfo.of(
                "lock_wait_max",
                "waited for longer than " + Durations.text(most) + " for the lock '" + key + "'")
            .with("limitMs", most.toMillis());
    flow.endings.failed(cell, StepStatus.CANCELLED, error, null, reason);
    return Verdict.ACCEPTED;
  }

  /** A step of a younger run of the workflow waits for the lock, or holds it. */
  Verdict refused(Event.Due due) {
    if (!waitsForLock(due)) {
      return Verdict.STALE;
    }
    Cell cell = draft.edit(due.step());
    draft.decide(new Decision.Disarm(TimerKind.REFUSE, cell.path));
    Reason reason =
        Reason.of(
            "older_run",
            "key",
            String.valueOf(gates(cell).get(LOCK)),
            "run",
            due.data().getOrDefault("run", ""));
    flow.stops.halt(cell, reason);
    lookups.attempted(cell, Result.NONE);
    flow.endings.end(cell, StepStatus.SKIPPED, reason);
    return Verdict.ACCEPTED;
  }

  Verdict granted(Event.Due due) {
    if (!waitsForLock(due)) {
      return Verdict.STALE;
    }
    Cell cell = draft.edit(due.step());
    draft.decide(new Decision.Disarm(TimerKind.GRANT, cell.path));
    disarmLimit(cell);
    cell.mark(StepRow.Marks.LOCKED);
    letOn(cell);
    return Verdict.ACCEPTED;
  }

  Verdict queueDue(Event.Due due) {
    Cell found = draft.find(due.step());
    if (found == null
        || !found.is(StepRow.Marks.QUEUE_LIMITED)
        || !isTicket(found, QUEUE, due.attempt())) {
      return Verdict.STALE;
    }
    Cell cell = draft.edit(due.step());
    Duration limit = draft.node(cell).step().timeouts().queue().orElse(Duration.ZERO);
    flow.stops.halt(cell, Reason.of("timed_out"));
    lookups.attempted(cell, Result.NONE);
    ErrorInfo error =
        ErrorInfo.of(
                "queue_timed_out",
                "waited for longer than " + Durations.text(limit) + " to begin" + behind(cell))
            .with("limitMs", limit.toMillis());
    flow.endings.failed(cell, StepStatus.TIMED_OUT, error, null);
    return Verdict.ACCEPTED;
  }

  private static String behind(Cell cell) {
    Object key = gates(cell).get(LOCK);
    return key == null || cell.is(StepRow.Marks.LOCKED) ? "" : ": the lock '" + key + "' was held";
  }

  static boolean isTicket(Cell cell, String what, int ticket) {
    return gates(cell).get(what) instanceof Number number && number.longValue() == ticket;
  }

  /** What a step has asked for. */
  static Map<?, ?> gates(Cell cell) {
    return cell.detail != null && cell.detail.get(GATES) instanceof Map<?, ?> gates
        ? gates
        : Map.of();
  }

  /** What stays of a structure's detail when it begins anew: what it holds, and sees. */
  static Map<String, Object> kept(@Nullable Map<String, Object> detail) {
    if (detail == null) {
      return Map.of();
    }
    Map<String, Object> kept = new LinkedHashMap<>(Conditions.kept(detail));
    Object gates = detail.get(GATES);
    if (gates != null) {
      kept.put(GATES, gates);
    }
    return kept;
  }

  static void put(Cell cell, String what, Object value) {
    Map<String, Object> gates = asked(cell);
    gates.put(what, value);
    set(cell, gates);
  }

  static void remove(Cell cell, String what) {
    Map<String, Object> gates = asked(cell);
    gates.remove(what);
    set(cell, gates);
  }

  private static Map<String, Object> asked(Cell cell) {
    Map<String, Object> gates = new LinkedHashMap<>();
    gates(cell).forEach((key, value) -> gates.put(String.valueOf(key), value));
    return gates;
  }

  private static void set(Cell cell, Map<String, Object> gates) {
    Map<String, Object> detail = new LinkedHashMap<>();
    if (cell.detail != null) {
      detail.putAll(cell.detail);
    }
    detail.remove(GATES);
    if (!gates.isEmpty()) {
      detail.put(GATES, gates);
    }
    cell.detail = detail;
  }
}
