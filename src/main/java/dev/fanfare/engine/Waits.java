package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Work;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Steps that wait for a person, an event or a callback, holding no compute.
 *
 * <p>A wait is a row: its step is {@code waiting}, a subscription says what for, and a timer says
 * how long. What ends it is an event of the run like any other, so exactly one of a decision, a
 * time-out and a cancel counts.
 */
final class Waits {

  /** Longest message of an approval and longest name of an event, in characters. */
  static final int LONGEST_TEXT = 4_096;

  /** Under this key a callback's token is kept with its step while it waits. */
  static final String TOKEN = "token";

  /** Under this key it is kept with an approval who decided, when and why. */
  private static final String DECIDED = "decided";

  private static final String UNMATCHED = "unmatched";

  private final Flow flow;
  private final Draft draft;

  Waits(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** Asks a person. */
  void approval(Cell cell, Work.Approval approval) {
    Optional<String> message = text(cell, approval.message(), "message");
    message.ifPresent(
        prompt ->
            begin(
                cell,
                Decision.Await.Kind.APPROVAL,
                "",
                Reason.of("awaiting_approval", "prompt", prompt),
                Map.of()));
  }

  /** Waits for an event by its name, or hands a token out and waits for its callback. */
  void waitFor(Cell cell, Work.WaitFor wait) {
    if (wait.event().isEmpty()) {
      String token =
          Tokens.token(draft.context.entropy(), draft.facts.id(), cell.path, cell.attempt + 1);
      begin(
          cell,
          Decision.Await.Kind.CALLBACK,
          Tokens.digest(token),
          Reason.of("awaiting_callback"),
          Map.of(TOKEN, token));
      return;
    }
    text(cell, wait.event().get(), "event's name")
        .ifPresent(
            name ->
                begin(
                    cell,
                    Decision.Await.Kind.EVENT,
                    name,
                    Reason.of("awaiting_event", "event", name),
                    Map.of()));
  }

  /** The value of a short text; where it has none the step has failed. */
  private Optional<String> text(Cell cell, dev.fanfare.definition.Template template, String what) {
    try {
      String text = Expressions.text(template, RunScope.of(draft, cell, Map.of()));
      if (text.length() <= LONGEST_TEXT) {
        return Optional.of(text);
      }
      flow.endings.failed(
          cell,
          StepStatus.FAILED,
          ErrorInfo.of(
              "text_too_long",
              "the "
                  + what
                  + " has "
                  + text.length()
                  + " characters, the limit is "
                  + LONGEST_TEXT
                  + "; shorten it"),
          null);
    } catch (ExpressionException e) {
      flow.endings.failed(cell, StepStatus.FAILED, e.error(), null);
    }
    return Optional.empty();
  }

  private void begin(
      Cell cell, Decision.Await.Kind kind, String key, Reason reason, Map<String, Object> detail) {
    cell.attempt++;
    cell.mark(StepRow.Marks.AWAITS);
    cell.stamps |= StepRow.Stamps.BEGAN;
    cell.remember(detail);
    cell.reason = reason;
    flow.gates.began(cell);
    draft.waiting++;
    flow.edges.reach(cell, StepStatus.WAITING);
    draft.note(
        "step.waiting",
        "step",
        cell.path,
        "attempt",
        (long) cell.attempt,
        "reason",
        reason.toJson());
    draft.decideShared(new Decision.Await(cell.path, cell.attempt, kind, key));
    limit(cell)
        .ifPresent(limit -> draft.arm(TimerKind.WAIT, cell.path, cell.attempt, limit.after()));
    flow.steps.armTotal(cell);
  }

  /**
   * How long one attempt waits.
   *
   * @param own whether that is the wait's own limit, and not the one on attempts of the step
   */
  private record Limit(Duration after, boolean own) {}

  private Optional<Limit> limit(Cell cell) {
    Node node = draft.node(cell);
    Optional<Limit> attempt =
        node.step().timeouts().attempt().map(after -> new Limit(after, false));
    Optional<Limit> own =
        switch (work(cell)) {
          case Work.Approval approval -> approval.timeout().map(after -> new Limit(after, true));
          case Work.WaitFor wait -> wait.timeout().map(after -> new Limit(after, true));
          case Work ignored -> Optional.empty();
        };
    boolean sooner =
        own.isEmpty()
            || attempt.filter(limit -> limit.after().compareTo(own.get().after()) < 0).isPresent();
    return sooner ? attempt : own;
  }

  private Work work(Cell cell) {
    return ((Shape.Leaf) draft.node(cell).shape()).work();
  }

  private static boolean waits(Cell found) {
    return found.status == StepStatus.WAITING && found.is(StepRow.Marks.AWAITS);
  }

  /** A step ends or begins anew: it waits for nothing any more. */
  void leave(Cell cell) {
    if (cell.is(StepRow.Marks.AWAITS)) {
      letGo(cell, false);
    }
  }

  /**
   * @param happened whether what it waited for came
   */
  private void letGo(Cell cell, boolean happened) {
    cell.unmark(StepRow.Marks.AWAITS);
    cell.forget(TOKEN, UNMATCHED);
    draft.decide(new Decision.Unawait(cell.path, happened));
    if (limit(cell).isPresent()) {
      draft.decide(new Decision.Disarm(TimerKind.WAIT, cell.path));
    }
  }

  private Cell over(Cell found, boolean happened) {
    Cell cell = draft.edit(found.path);
    draft.waiting--;
    cell.reason = null;
    cell.error = null;
    letGo(cell, happened);
    return cell;
  }

  Verdict judged(Event.Judged judged) {
    Cell found = draft.find(judged.step());
    if (found == null || !waits(found) || !(work(found) instanceof Work.Approval)) {
      return Verdict.STALE;
    }
    decided(
        over(found, true),
        judged.approved() ? StepStatus.APPROVED : StepStatus.DENIED,
        judged.by(),
        judged.at(),
        judged.reason(),
        judged.form());
    return Verdict.ACCEPTED;
  }

  /** The end of an approval. Who decided is kept also where a policy replaces the output. */
  private void decided(
      Cell cell, StepStatus status, String by, String at, String why, @Nullable Object form) {
    String decision = status == StepStatus.SUCCEEDED ? "timed_out" : status.id();
    Map<String, Object> output = new LinkedHashMap<>();
    output.put("decision", decision);
    output.put("by", by);
    output.put("at", at);
    output.put("reason", why);
    cell.remember(Map.of(DECIDED, Map.copyOf(output)));
    output.put("form", form);
    if (status == StepStatus.DENIED) {
      ErrorInfo error =
          ErrorInfo.of("denied", "denied by " + by + (why.isEmpty() ? "" : ": " + why))
              .with("by", by)
              .with("reason", why);
      flow.endings.failed(cell, status, error, output);
      return;
    }
    cell.output = output;
    flow.endings.end(
        cell, status, Reason.of("decided", "decision", decision, "by", by, "why", why));
  }

  Verdict happened(Event.Happened happened) {
    Cell found = draft.find(happened.step());
    if (found == null
        || !waits(found)
        || found.attempt != happened.attempt()
        || !(work(found) instanceof Work.WaitFor wait)
        || !matches(found, wait, happened.payload())) {
      return Verdict.STALE;
    }
    Cell cell = over(found, true);
    if (happened.error().isPresent()) {
      flow.endings.attemptFailed(cell, StepStatus.FAILED, happened.error().get(), null);
    } else {
      cell.output = happened.payload();
      flow.endings.end(cell, StepStatus.SUCCEEDED, null);
    }
    return Verdict.ACCEPTED;
  }

  /** Whether an event is the one; one that the condition cannot judge is not. */
  private boolean matches(Cell found, Work.WaitFor wait, @Nullable Object payload) {
    if (wait.match().isEmpty()) {
      return true;
    }
    Map<String, Object> event = new HashMap<>();
    event.put("event", payload);
    try {
      return Expressions.test(wait.match().get(), RunScope.of(draft, found, event));
    } catch (ExpressionException e) {
      unmatched(found, e.error());
      return false;
    }
  }

  /** Says once in an attempt that there are events which the condition cannot judge. */
  private void unmatched(Cell found, ErrorInfo error) {
    if (found.detail != null && found.detail.containsKey(UNMATCHED)) {
      return;
    }
    draft.edit(found.path).remember(Map.of(UNMATCHED, true));
    draft.note(
        "step.match_failed",
        "step",
        found.path,
        "attempt",
        (long) found.attempt,
        "error",
        error.toJson());
  }

  Verdict timeoutDue(Event.Due due) {
    Cell found = draft.find(due.step());
    draft.fired(due, found, StepStatus.WAITING);
    if (found == null || !waits(found) || found.attempt != due.attempt()) {
      return Verdict.STALE;
    }
    Optional<Limit> limit = limit(found);
    String within = limit.map(each -> " within " + Durations.text(each.after())).orElse("");
    boolean own = limit.map(Limit::own).orElse(false);
    Cell cell = over(found, false);
    switch (work(cell)) {
      case Work.Approval approval when own -> undecided(cell, approval, due.at(), within);
      case Work.Approval ignored -> timedOut(cell, "nobody decided" + within);
      case Work.WaitFor wait when wait.callback() ->
          timedOut(cell, "its callback was not called" + within);
      case Work ignored -> timedOut(cell, "the event it waits for did not come" + within);
    }
    return Verdict.ACCEPTED;
  }

  private void undecided(Cell cell, Work.Approval approval, String at, String within) {
    StepStatus status =
        switch (approval.onTimeout()) {
          case APPROVE -> StepStatus.APPROVED;
          case DENY -> StepStatus.DENIED;
          case CONTINUE -> StepStatus.SUCCEEDED;
        };
    decided(cell, status, "timeout", at, "nobody decided" + within, null);
  }

  private void timedOut(Cell cell, String message) {
    flow.endings.attemptFailed(
        cell, StepStatus.TIMED_OUT, ErrorInfo.of("timed_out", message), null);
  }
}
