package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.engine.Decision.Tally;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.graph.Node;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is looked up outside the run: a cached result before a step starts, its breaker before each
 * attempt.
 *
 * <p>The question is a timer that is due at once, so that it is asked again if whoever reads it
 * dies; the answer is an event with the question's ticket.
 */
final class Lookups {

  /** The ticket of the question that is open. */
  private static final String ASK = "ask";

  /** Under which its result is cached. */
  private static final String CACHE = "cache";

  private final Flow flow;
  private final Draft draft;
  private final Gates gates;

  Lookups(Flow flow, Gates gates) {
    this.flow = flow;
    this.draft = flow.draft;
    this.gates = gates;
  }

  /** Whether the cache is known to have nothing; otherwise the step waits or has ended. */
  boolean isNotCached(Cell cell, Step step) {
    if (step.cache().isEmpty() || cell.is(StepRow.Marks.NOT_CACHED)) {
      return true;
    }
    String key;
    try {
      key = Expressions.text(step.cache().get().key(), RunScope.of(draft, cell, Map.of()));
    } catch (ExpressionException e) {
      flow.endings.failed(cell, StepStatus.FAILED, e.error(), null);
      return false;
    }
    if (key.isBlank()) {
      ErrorInfo error =
          ErrorInfo.of(
              "bad_cache_key", "the key of 'cache' is empty; every result would have the same");
      flow.endings.failed(cell, StepStatus.FAILED, error, null);
      return false;
    }
    String full = draft.facts.workflow() + "/" + draft.node(cell).id() + "/" + key;
    Gates.put(cell, CACHE, full);
    ask(cell, Reason.of("cache_lookup", "key", key), Map.of("cache", full));
    return false;
  }

  /** Whether the breaker lets the next attempt through; otherwise it waits or has failed. */
  boolean letsThrough(Cell cell) {
    Node node = draft.node(cell);
    if (!node.carriesAttempts()
        || node.step().breaker().isEmpty()
        || cell.is(StepRow.Marks.LET_THROUGH)) {
      return true;
    }
    Step.Breaker breaker = node.step().breaker().get();
    Map<String, Object> question =
        Map.of("breaker", breaker.name(), "recoveryMs", breaker.recovery().toMillis());
    ask(cell, Reason.of("breaker_lookup", "breaker", breaker.name()), question);
    return false;
  }

  private void ask(Cell cell, Reason reason, Map<String, Object> question) {
    int ticket = draft.ticket();
    Gates.put(cell, ASK, (long) ticket);
    gates.holdBack(cell, reason);
    draft.ask(cell.path, ticket, question);
  }

  Verdict answered(Event.Answered answered) {
    Cell found = draft.find(answered.step());
    if (found == null
        || found.status != StepStatus.WAITING
        || !Gates.isTicket(found, ASK, answered.attempt())) {
      return Verdict.STALE;
    }
    Cell cell = draft.edit(answered.step());
    close(cell);
    switch (answered.answer()) {
      case Event.Answer.Cached cached -> {
        draft.waiting--;
        take(cell, cached.result());
        flow.endings.end(cell, StepStatus.SUCCEEDED, Reason.of("cached"));
      }
      case Event.Answer.NotCached ignored -> {
        cell.mark(StepRow.Marks.NOT_CACHED);
        gates.letOn(cell);
      }
      case Event.Answer.BreakerClosed closed -> {
        cell.mark(StepRow.Marks.LET_THROUGH | (closed.trial() ? StepRow.Marks.TRIAL : 0));
        gates.letOn(cell);
      }
      case Event.Answer.BreakerOpen open -> refuse(cell, open.retryAfterMs());
    }
    return Verdict.ACCEPTED;
  }

  /** An attempt that the breaker does not let through has failed, and counts as one. */
  private void refuse(Cell cell, long retryAfterMs) {
    String name = draft.node(cell).step().breaker().map(Step.Breaker::name).orElse("");
    draft.waiting--;
    cell.attempt++;
    ErrorInfo error =
        ErrorInfo.of(
                "breaker_open",
                "the breaker '" + name + "' is open: what it guards has failed too often")
            .with("breaker", name)
            .with("retryAfterMs", retryAfterMs);
    flow.endings.attemptFailed(cell, StepStatus.FAILED, error, null);
  }

  private void close(Cell cell) {
    Gates.remove(cell, ASK);
    draft.decide(new Decision.Disarm(TimerKind.ASK, cell.path));
  }

  /** An attempt that the breaker has let through is over. */
  void attempted(Cell cell, Tally.Result result) {
    if (!cell.is(StepRow.Marks.LET_THROUGH)) {
      return;
    }
    boolean trial = cell.is(StepRow.Marks.TRIAL);
    cell.unmark(StepRow.Marks.LET_THROUGH | StepRow.Marks.TRIAL);
    if (result == Tally.Result.NONE && !trial) {
      return;
    }
    draft
        .node(cell)
        .step()
        .breaker()
        .ifPresent(
            breaker ->
                draft.decide(
                    new Tally(
                        breaker.name(), result, trial, breaker.threshold(), breaker.recovery())));
  }

  /** The work of a step is over: it asks for nothing any more. */
  void rest(Cell cell) {
    attempted(cell, Tally.Result.NONE);
    if (Gates.gates(cell).containsKey(ASK)) {
      close(cell);
    }
  }

  /** A step ends: a result that nobody had is kept for others. */
  void leave(Cell cell) {
    // One that failed and is reported as a success has an error.
    boolean fresh =
        cell.status == StepStatus.SUCCEEDED
            && cell.is(StepRow.Marks.NOT_CACHED)
            && cell.error == null;
    if (fresh && Gates.gates(cell).get(CACHE) instanceof String key) {
      draft
          .node(cell)
          .step()
          .cache()
          .ifPresent(cache -> draft.decide(new Decision.Remember(key, result(cell), cache.ttl())));
    }
  }

  /** All that others can read of a step that has succeeded. */
  private static Map<String, Object> result(Cell cell) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("output", cell.output);
    if (cell.exitCode != null) {
      result.put("exitCode", cell.exitCode.longValue());
    }
    if (cell.detail != null && cell.detail.containsKey("winner")) {
      result.put("winner", cell.detail.get("winner"));
    }
    return result;
  }

  private static void take(Cell cell, Map<String, Object> result) {
    cell.output = result.get("output");
    cell.exitCode = result.get("exitCode") instanceof Number number ? number.intValue() : null;
    if (result.containsKey("winner")) {
      Map<String, Object> detail = new LinkedHashMap<>();
      if (cell.detail != null) {
        detail.putAll(cell.detail);
      }
      detail.put("winner", result.get("winner"));
      cell.detail = detail;
    }
  }
}
