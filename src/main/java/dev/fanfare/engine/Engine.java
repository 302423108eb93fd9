package dev.fanfare.engine;

import dev.fanfare.expression.Scope;
import dev.fanfare.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides. See the package's note for what that means. */
public final class Engine {

  private Engine() {}

  /**
   * What becomes of a run when these events happen, one after another.
   *
   * @param graph the run's graph
   * @param state what is known of the run; not changed
   * @param events in the order in which they count
   * @return the decision, or the rows that are missing to take it
   */
  public static Reply decide(Graph graph, RunState state, List<Event> events, Context context) {
    try {
      Flow flow = new Flow(new Draft(graph, state, context));
      List<Verdict> verdicts = new ArrayList<>(events.size());
      for (Event event : events) {
        verdicts.add(accept(flow, event));
        flow.draft.settle();
        flow.runs.endIfOver();
      }
      flow.runs.settle();
      return flow.draft.finish(verdicts);
    } catch (RunState.MissingRows missing) {
      return missing.all()
          ? new Reply.NeedsAll()
          : new Reply.Needs(missing.paths(), missing.values());
    }
  }

  /**
   * What the expressions of a step see, for whoever does its work.
   *
   * @throws RunState.MissingRows if the step, or later a step that an expression reads, is not
   *     loaded
   */
  public static Scope scope(Graph graph, RunState state, String step) {
    RunRow run = state.run();
    return new RunScope(
        graph,
        run.facts(),
        run.shownStatus(graph.workflow().tolerated()),
        state::cell,
        state.values(),
        state.cell(step),
        Map.of());
  }

  /**
   * A step's row, empty if nothing has happened to it.
   *
   * @throws RunState.MissingRows if the step is not loaded
   */
  public static Optional<StepRow> step(RunState state, String path) {
    return Optional.ofNullable(state.cell(path)).map(Cell::row);
  }

  private static Verdict accept(Flow flow, Event event) {
    flow.draft.inline = flow.draft.context.inline() && event instanceof Event.Report;
    if (flow.draft.runStatus.isTerminal()) {
      return switch (event) {
        case Event.Report report -> flow.endings.late(report);
        case Event.Rerun rerun -> flow.reruns.rerun(rerun);
        case Event ignored -> Verdict.STALE;
      };
    }
    return switch (event) {
      case Event.Start ignored -> flow.runs.start();
      case Event.Begin begin -> flow.steps.begin(begin);
      case Event.Report report -> flow.steps.report(report);
      case Event.Due due -> due(flow, due);
      case Event.Lost lost -> flow.steps.lost(lost);
      case Event.Cancel cancel -> flow.runs.cancel(cancel);
      case Event.Exceeded exceeded -> flow.runs.exceeded(exceeded);
      case Event.Judged judged -> flow.waits.judged(judged);
      case Event.Happened happened -> flow.waits.happened(happened);
      case Event.Answered answered -> flow.gates.answered(answered);
      case Event.ChildEnded ended -> flow.children.ended(ended);
      case Event.Rerun rerun ->
          flow.autoReruns.isWaiting() ? flow.reruns.rerun(rerun) : Verdict.STALE;
    };
  }

  private static Verdict due(Flow flow, Event.Due due) {
    return switch (due.kind()) {
      case RETRY -> flow.steps.retryDue(due);
      case SLEEP -> flow.steps.sleepDue(due);
      case TOTAL -> flow.steps.totalDue(due);
      case GROUP -> flow.groups.timeoutDue(due);
      case RUN -> flow.runs.timeoutDue();
      case WAIT ->
          flow.children.isAwaited(due.step())
              ? flow.children.timeoutDue(due)
              : flow.waits.timeoutDue(due);
      case PAUSE -> flow.loops.pauseDue(due);
      case QUEUE -> due.step().isEmpty() ? flow.runs.queueDue(due) : flow.gates.queueDue(due);
      case GRANT -> due.step().isEmpty() ? flow.runs.granted(due) : flow.gates.granted(due);
      case LOCK -> flow.gates.lockDue(due);
      case REFUSE -> due.step().isEmpty() ? flow.runs.refused(due) : flow.gates.refused(due);
      case RERUN -> flow.autoReruns.due(due);
      case CANCEL -> flow.runs.cancelDue(due);
      // Whoever delivers these looks up first what they ask for.
      case ASK, CHILD -> Verdict.STALE;
    };
  }
}
