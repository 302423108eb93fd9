package dev.fanfare.engine;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.Workflow.Concurrency;
import dev.fanfare.engine.Decision.Acquire.Scope;
import dev.fanfare.expression.ExpressionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A run's slot: how many runs with the same key may be active, and what happens to one too many.
 *
 * <p>A run that has to have a slot is stored {@link RunStatus#QUEUED} together with its question.
 * Who grants slots also carries the policies out, because only there it is known who holds the key.
 */
final class RunQueue {
  private final Draft draft;

  RunQueue(Draft draft) {
    this.draft = draft;
  }

  /** Whether the run has asked for a slot and waits for the answer. */
  boolean hasAsked() {
    return (draft.marks & RunRow.Marks.SLOT_ASKED) != 0;
  }

  /**
   * Asks for a slot, if the workflow limits its runs.
   *
   * @return whether there is something to wait for
   * @throws IllegalArgumentException if the key is none; the message says so to a person
   */
  boolean asks() throws ExpressionException {
    if (draft.graph.workflow().concurrency().isEmpty()) {
      return false;
    }
    Concurrency rules = draft.graph.workflow().concurrency().get();
    String key = key(rules);
    int ticket = ticket();
    draft.marks |= RunRow.Marks.SLOT_ASKED;
    draft.reason = Reason.of("concurrency", "key", key, "limit", (long) rules.limit());
    draft.note("run.queued", "workflow", draft.facts.workflow(), "reason", draft.reason.toJson());
    rules.waitMax().ifPresent(most -> draft.arm(TimerKind.QUEUE, "", ticket, most));
    draft.acquire(
        new Decision.Acquire(
            "", ticket, Scope.RUN, key, rules.limit(), rules.priority(), rules.policy()));
    return true;
  }

  /** One question for each attempt of the run. */
  private int ticket() {
    return draft.facts.attempt();
  }

  /** The same whenever it is asked: it reads nothing that changes while the run moves. */
  private String key(Concurrency rules) throws ExpressionException {
    RunScope scope =
        new RunScope(
            draft.graph,
            draft.facts,
            RunStatus.QUEUED.id(),
            draft::find,
            draft.base.values(),
            null,
            Map.of());
    return Gates.key(rules.key(), "concurrency", scope);
  }

  /** Whether an answer is one to this run's question. */
  boolean isAnswer(Event.Due due) {
    return draft.runStatus == RunStatus.QUEUED && hasAsked() && due.attempt() == ticket();
  }

  /** The run has its slot, and may start. */
  void granted() {
    draft.decide(new Decision.Disarm(TimerKind.GRANT, ""));
    draft.decide(new Decision.Disarm(TimerKind.QUEUE, ""));
    draft.reason = null;
  }

  /** Why a run ends that has waited for as long as it may. */
  Reason waitedTooLong() {
    Duration most =
        draft.graph.workflow().concurrency().flatMap(Concurrency::waitMax).orElse(Duration.ZERO);
    Object key = draft.reason == null ? "" : draft.reason.values().getOrDefault("key", "");
    return Reason.of("concurrency_wait_max", "key", key, "limitMs", most.toMillis());
  }

  /** Why a run ends that does not wait for a slot. */
  static Reason refused(Event.Due due) {
    Map<String, Object> data = due.data();
    Object key = data.getOrDefault("key", "");
    Object limit = data.getOrDefault("limit", 0L);
    Object holders = data.getOrDefault("holders", List.of());
    return "SKIP".equals(data.get("policy"))
        ? Reason.of("concurrency_skipped", "key", key, "limit", limit, "holders", holders)
        : Reason.of("concurrency_rejected", "key", key, "limit", limit, "holders", holders);
  }

  /** Why a run ends for which a newer one has no patience. */
  static Reason superseded(Event.Due due) {
    return Reason.of(
        "superseded",
        "key",
        due.data().getOrDefault("key", ""),
        "run",
        due.data().getOrDefault("supersededBy", ""));
  }

  static boolean isSuperseded(Event.Due due) {
    return due.data().containsKey("supersededBy");
  }

  /** The run's end: its slot, or its place in the line, is for others. */
  void leave() {
    if (!hasAsked()) {
      return;
    }
    draft.marks &= ~RunRow.Marks.SLOT_ASKED;
    draft
        .graph
        .workflow()
        .concurrency()
        .ifPresent(
            rules -> {
              try {
                draft.decideShared(new Decision.Release("", Scope.RUN, key(rules)));
              } catch (ExpressionException | IllegalArgumentException e) {
                throw new IllegalStateException("the run's key was good when it was asked for", e);
              }
            });
  }
}
