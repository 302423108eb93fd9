package dev.fanfare.engine;

import dev.fanfare.definition.Retry;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.Workflow.AutoRerun;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A run that has failed goes on from what failed by itself, as often as its workflow says.
 *
 * <p>Between two attempts it waits for a timer and is no run that has ended: whoever waits for it
 * waits on, and a cancel ends it. Its slot is for others meanwhile. A run that somebody has rerun
 * is left to people.
 */
final class AutoReruns {

  /** Who began the attempt, for the log. */
  static final String BY = "autoRerun";

  /** Why a run ended that would end so again. */
  private static final Set<String> FOR_GOOD = Set.of("hops_exceeded", "budget_exceeded");

  private final Flow flow;
  private final Draft draft;

  AutoReruns(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** Whether the run waits for its next attempt. */
  boolean isWaiting() {
    return (draft.marks & RunRow.Marks.RERUN_WAITS) != 0;
  }

  /** Whether another attempt follows when the hooks of this one have ended. */
  boolean follows() {
    return rules().filter(rules -> draft.facts.attempt() <= rules.limit()).isPresent()
        && (draft.marks & RunRow.Marks.BY_HAND) == 0
        && draft.outcome() == RunStatus.FAILED
        && (draft.reason == null || !FOR_GOOD.contains(draft.reason.code()));
  }

  private Optional<AutoRerun> rules() {
    return draft.graph.workflow().autoRerun();
  }

  /** The run waits for its next attempt. */
  void await() {
    AutoRerun rules = rules().orElseThrow();
    int attempt = draft.facts.attempt();
    Duration delay =
        Backoff.delay(
            Retry.of(1, rules.delay()).growing(rules.backoff(), rules.factor(), rules.maxDelay()),
            attempt,
            0);
    draft.marks |= RunRow.Marks.RERUN_WAITS;
    draft.moveRun(RunStatus.WAITING);
    if (draft.graph.workflow().timeout().isPresent()) {
      draft.decide(new Decision.Disarm(TimerKind.RUN, ""));
    }
    draft.reason =
        Reason.of(
            "auto_rerun",
            "failed",
            (long) attempt,
            "attempts",
            rules.limit() + 1L,
            "delayMs",
            delay.toMillis());
    draft.note("run.retrying", "attempt", (long) attempt, "reason", draft.reason.toJson());
    draft.arm(TimerKind.RERUN, "", attempt, delay);
  }

  /** It need not wait any longer. */
  void leave() {
    if (isWaiting()) {
      draft.marks &= ~RunRow.Marks.RERUN_WAITS;
      draft.decide(new Decision.Disarm(TimerKind.RERUN, ""));
    }
  }

  Verdict due(Event.Due due) {
    if (!isWaiting() || due.attempt() != draft.facts.attempt()) {
      if (!isWaiting()) {
        draft.decide(new Decision.Disarm(TimerKind.RERUN, ""));
      }
      return Verdict.STALE;
    }
    leave();
    if (flow.reruns.goOn(new Event.Rerun(new Event.From.Failed(), BY)) == Verdict.STALE) {
      // What failed was a hook, and nothing is left to be done again.
      draft.marks |= RunRow.Marks.BY_HAND;
      draft.reason = null;
    }
    return Verdict.ACCEPTED;
  }
}
