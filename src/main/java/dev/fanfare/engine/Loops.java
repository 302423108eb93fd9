package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Retry;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The turns of a loop, one after another.
 *
 * <p>Turn n is the instance {@code poll[n]}, a sequence. What is decided about a loop looks at its
 * newest turn only, however many there were. Between two turns a loop may pause: a timer is set and
 * nothing else is there of it.
 */
final class Loops {

  /** Turns begun in one decision at most; those of a body without work could go on for ever. */
  private static final int MIN_TURNS = 100;

  private final Flow flow;
  private final Draft draft;

  Loops(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  static String path(Cell loop, int turn) {
    return loop.path + "[" + turn + "]";
  }

  /** The turn that has begun last; empty before the first. */
  static Optional<String> newest(Cell loop) {
    return loop.cursor == 0 ? Optional.empty() : Optional.of(path(loop, loop.cursor - 1));
  }

  /** Every turn so far. */
  static List<String> paths(Cell loop) {
    return paths(loop, 0, loop.cursor);
  }

  private static List<String> paths(Cell loop, int from, int to) {
    return IntStream.range(from, to).mapToObj(turn -> path(loop, turn)).toList();
  }

  /**
   * What an instance of a loop's template calls {@code last}: read, so that no row keeps it too.
   */
  static String before(Cell turn) {
    return turn.parent + "[" + (turn.ordinal - 1) + "]";
  }

  private Structure.Loop rules(Cell loop) {
    return ((Shape.Loop) draft.node(loop).shape()).definition();
  }

  /** The next turn, unless the condition before it or the limit ends the loop. */
  void next(Cell loop) {
    Structure.Loop rules = rules(loop);
    try {
      if (rules.doWhile().isPresent() && !holds(rules.doWhile().get(), loop, loop.cursor)) {
        finish(loop);
        return;
      }
    } catch (ExpressionException e) {
      flow.endings.attemptFailed(loop, StepStatus.FAILED, e.error(), output(loop));
      return;
    }
    if (loop.cursor >= rules.limit()) {
      exceeded(loop, rules);
      return;
    }
    Duration delay = loop.cursor == 0 ? Duration.ZERO : delay(rules, loop.cursor);
    boolean begins =
        loop.cursor == 0 || draft.turns++ < Math.max(MIN_TURNS, draft.context.maxInline());
    if (delay.isZero() && begins) {
      turn(loop);
    } else {
      pause(loop, delay);
    }
  }

  private static Duration delay(Structure.Loop rules, int turns) {
    Duration base = rules.delay().orElse(Duration.ZERO);
    Duration hour = Retry.NONE.maxDelay();
    Duration most = rules.maxDelay().orElse(base.compareTo(hour) > 0 ? base : hour);
    Retry growth = Retry.of(1, base).growing(rules.backoff(), rules.factor(), most);
    return Backoff.delay(growth, turns, 0);
  }

  private boolean holds(Template condition, Cell loop, int turn) throws ExpressionException {
    Map<String, Object> extra = new LinkedHashMap<>();
    extra.put(Shape.Loop.ITERATION, (long) turn);
    extra.put(Shape.Loop.LAST, last(loop));
    return Expressions.test(condition, RunScope.of(draft, loop, extra));
  }

  private @Nullable Object last(Cell loop) {
    Cell turn = newest(loop).map(draft::find).orElse(null);
    return turn == null ? null : turn.output;
  }

  private Map<String, Object> output(Cell loop) {
    Map<String, Object> output = new LinkedHashMap<>();
    output.put("iterations", (long) loop.cursor);
    output.put("last", last(loop));
    return output;
  }

  private void finish(Cell loop) {
    loop.output = output(loop);
    flow.endings.end(loop, StepStatus.SUCCEEDED, null);
  }

  private void exceeded(Cell loop, Structure.Loop rules) {
    String condition = rules.until().isPresent() ? "'until' does not hold" : "'while' still holds";
    ErrorInfo error =
        ErrorInfo.of(
                "loop_limit",
                condition + " after " + rules.limit() + " turns, the limit of the loop")
            .with("limit", (long) rules.limit());
    flow.endings.attemptFailed(loop, StepStatus.FAILED, error, output(loop));
  }

  private void turn(Cell loop) {
    Node template = draft.graph.node(draft.node(loop).children().getFirst());
    int number = loop.cursor++;
    String path = path(loop, number);
    // Where turns follow each other in one decision, rows are asked for in ever larger lots.
    int lot = Integer.highestOneBit(draft.turns + 1);
    draft.require(loop, paths(loop, number, (number / lot + 1) * lot));
    Cell turn = draft.child(template, path, loop.path, number);
    if (turn.status.isTerminal()) {
      turn.reset(0);
    }
    turn.bindings = Map.of(Shape.Loop.ITERATION, (long) number);
    loop.open = 1;
    flow.steps.enter(template, path, loop.path, number);
  }

  /** A loop goes on in a later attempt of the run: with its newest turn, or after that. */
  void resume(Cell loop) {
    Cell turn = draft.edit(path(loop, loop.cursor - 1));
    if (turn.status.isTerminal()) {
      turnEnded(loop, turn);
    } else {
      loop.open = 1;
      flow.steps.enter(draft.node(turn), turn.path, loop.path, turn.ordinal);
    }
  }

  /** A turn has ended: the loop fails with it, or its condition says whether it goes on. */
  void turnEnded(Cell loop, Cell turn) {
    if (Groups.failedForGood(turn)) {
      ErrorInfo error = turn.error == null ? Causes.of(turn) : turn.error;
      flow.endings.attemptFailed(loop, StepStatus.FAILED, error, output(loop));
      return;
    }
    Optional<Template> until = rules(loop).until();
    try {
      if (until.isPresent() && holds(until.get(), loop, loop.cursor - 1)) {
        finish(loop);
        return;
      }
    } catch (ExpressionException e) {
      flow.endings.attemptFailed(loop, StepStatus.FAILED, e.error(), output(loop));
      return;
    }
    next(loop);
  }

  private void pause(Cell loop, Duration delay) {
    loop.mark(StepRow.Marks.PAUSED);
    loop.losses++;
    draft.waiting++;
    loop.reason =
        Reason.of("loop_pause", "iteration", (long) loop.cursor, "delayMs", delay.toMillis());
    if (!delay.isZero()) {
      draft.note("loop.paused", "step", loop.path, "reason", loop.reason.toJson());
    }
    draft.arm(TimerKind.PAUSE, loop.path, loop.losses, delay);
  }

  /** The pause before the next turn is over. */
  Verdict pauseDue(Event.Due due) {
    Cell found = draft.find(due.step());
    boolean paused = found != null && found.is(StepRow.Marks.PAUSED);
    if (found == null || !paused || found.losses == due.attempt()) {
      draft.decide(new Decision.Disarm(TimerKind.PAUSE, due.step()));
    }
    if (found == null || !paused || found.losses != due.attempt()) {
      return Verdict.STALE;
    }
    Cell loop = draft.edit(due.step());
    loop.unmark(StepRow.Marks.PAUSED);
    loop.reason = null;
    draft.waiting--;
    turn(loop);
    return Verdict.ACCEPTED;
  }

  /** A loop that pauses is stopped. */
  void leave(Cell loop) {
    if (loop.is(StepRow.Marks.PAUSED)) {
      loop.unmark(StepRow.Marks.PAUSED);
      draft.waiting--;
      draft.decide(new Decision.Disarm(TimerKind.PAUSE, loop.path));
    }
  }
}
