package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.graph.Graph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A run that a test moves by hand, one event after another; every decision is checked. */
final class Play {
  final Graph graph;
  final RunState state;
  final List<Decision> decisions = new ArrayList<>();
  final List<Map<String, Object>> notes = new ArrayList<>();
  final Set<Transitions.Change> visited = new HashSet<>();

  /** Delay of each timer that is set, by kind and step. */
  final Map<String, Duration> timers = new HashMap<>();

  Reply.@Nullable Decided last;
  private final Database database = new Database();
  private Context context = Context.REPORT;

  private Play(Graph graph) {
    this(graph, Flows.facts(1));
  }

  private Play(Graph graph, RunRow.Facts facts) {
    this.graph = graph;
    this.state = RunState.fresh(facts);
  }

  /** A run of this workflow with this context, started. */
  static Play in(String yaml, Map<String, Object> context) {
    RunRow.Facts facts = Flows.facts(1);
    Play play =
        new Play(
            Flows.graph(yaml),
            new RunRow.Facts(facts.id(), facts.workflow(), 1, Map.of(), Map.of(), context));
    play.event(new Event.Start());
    return play;
  }

  /** A run of this workflow, started. */
  static Play of(String yaml) {
    Play play = new Play(Flows.graph(yaml));
    play.event(new Event.Start());
    return play;
  }

  /** A run of this workflow whose {@code pass} steps are handed out like work. */
  static Play withoutInline(String yaml) {
    Play play = new Play(Flows.graph(yaml));
    play.context = Context.OUTSIDE;
    play.event(new Event.Start());
    return play;
  }

  static Play queued(String yaml) {
    return new Play(Flows.graph(yaml));
  }

  Play within(Context other) {
    context = other;
    return this;
  }

  Verdict event(Event event) {
    return events(List.of(event)).getFirst();
  }

  List<Verdict> events(List<Event> events) {
    Reply.Decided decided = (Reply.Decided) Engine.decide(graph, state, events, context);
    database.check(graph, state, events, context, decided);
    state.apply(decided);
    database.apply(decided);
    Invariants.hold(graph, state, database.rows());
    visited.addAll(decided.transitions());
    decisions.addAll(decided.decisions());
    notes.addAll(decided.notes());
    for (Decision decision : decided.decisions()) {
      switch (decision) {
        case Decision.Arm arm -> timers.put(arm.kind() + " " + arm.step(), arm.after());
        case Decision.Disarm disarm -> timers.remove(disarm.kind() + " " + disarm.step());
        case Decision.Finish ignored -> timers.clear();
        case Decision.Await ignored -> {}
        case Decision.Unawait ignored -> {}
        case Decision.Acquire ignored -> {}
        case Decision.Release ignored -> {}
        case Decision.Remember ignored -> {}
        case Decision.Tally ignored -> {}
        case Decision.NextAttempt ignored -> {}
        case Decision.Wake ignored -> {}
        case Decision.Invoke ignored -> {}
        case Decision.Continue ignored -> {}
        case Decision.Stop ignored -> {}
        case Decision.Enqueue ignored -> {}
        case Decision.Dequeue ignored -> {}
      }
    }
    last = decided;
    return decided.verdicts();
  }

  Play begin(String... steps) {
    for (String step : steps) {
      event(new Event.Begin(step, row(step).attempt()));
    }
    return this;
  }

  Play succeed(String... steps) {
    for (String step : steps) {
      event(report(step, Outcome.Succeeded.of(step)));
    }
    return this;
  }

  Play yield(String step, @Nullable Object output) {
    event(report(step, Outcome.Succeeded.of(output)));
    return this;
  }

  Play fail(String... steps) {
    for (String step : steps) {
      fail(step, ErrorInfo.of("boom", "it broke"));
    }
    return this;
  }

  Play fail(String step, ErrorInfo error) {
    event(report(step, Outcome.Failed.of(error)));
    return this;
  }

  /** The run that a step starts, or has started. */
  UUID childOf(String step) {
    return Origin.childOf(state.run().facts().id(), step, row(step).origin());
  }

  /** A step has started a run and waits for it. */
  Play child(String step) {
    event(report(step, new Outcome.Child(childOf(step), "child")));
    return this;
  }

  /** The run of a step succeeds. */
  Play childYields(String step, @Nullable Object output) {
    event(new Event.ChildEnded(step, childOf(step), output, null));
    return this;
  }

  /** The run of a step fails. */
  Play childFails(String step) {
    ErrorInfo error = ErrorInfo.of("child_failed", "the run failed");
    event(new Event.ChildEnded(step, childOf(step), null, error));
    return this;
  }

  /** The runs that are told to stop. */
  List<UUID> cancelled() {
    return decisions.stream()
        .filter(Decision.Wake.class::isInstance)
        .map(Decision.Wake.class::cast)
        .filter(wake -> wake.kind() == TimerKind.CANCEL)
        .map(Decision.Wake::run)
        .toList();
  }

  Play due(TimerKind kind, String step) {
    int attempt =
        step.isEmpty() ? 0 : kind == TimerKind.PAUSE ? row(step).losses() : row(step).attempt();
    event(new Event.Due(kind, step, attempt));
    return this;
  }

  Play cancel() {
    event(new Event.Cancel("ann", "enough"));
    return this;
  }

  Event.Report report(String step, Outcome outcome) {
    return report(step, row(step).attempt(), outcome);
  }

  static Event.Report report(String step, int attempt, Outcome outcome) {
    return new Event.Report(step, attempt, outcome, new Event.Cost(1, 128, false), false);
  }

  StepRow row(String path) {
    return state
        .step(path)
        .orElseThrow(() -> new AssertionError("there is no step '" + path + "'"));
  }

  StepStatus status(String path) {
    return state.step(path).map(StepRow::status).orElse(StepStatus.PENDING);
  }

  RunStatus run() {
    return state.run().status();
  }

  @Nullable Object output(String path) {
    return row(path).output();
  }

  /** The code of the reason a step gives for where it is. */
  String reason(String path) {
    Reason reason = row(path).reason();
    return reason == null ? "" : reason.code();
  }

  String error(String path) {
    ErrorInfo error = row(path).error();
    return error == null ? "" : error.code();
  }

  /** Steps at work now, in the order of their paths. */
  List<String> claimed() {
    return database.rows().values().stream()
        .filter(row -> graph.node(row.node()).isLeaf())
        .filter(row -> row.status() == StepStatus.DISPATCHED || row.status() == StepStatus.RUNNING)
        .map(StepRow::path)
        .sorted()
        .toList();
  }

  /** Steps that were handed out or continued with, in order. */
  List<String> started() {
    List<String> started = new ArrayList<>();
    for (Decision decision : decisions) {
      if (decision instanceof Decision.Invoke invoke) {
        started.add(invoke.step());
      } else if (decision instanceof Decision.Continue next) {
        started.add(next.step());
      }
    }
    return started;
  }

  /** What the event log says of steps and of the run, in order: {@code build succeeded}. */
  List<String> log() {
    return notes.stream()
        .map(
            note -> {
              String type = String.valueOf(note.get("type"));
              Object step = type.startsWith("step.") ? note.get("step") : "run";
              return step + " " + type.substring(type.indexOf('.') + 1);
            })
        .toList();
  }

  /** The part of the log that tells of beginnings and ends. */
  List<String> story() {
    return log().stream().filter(line -> !line.endsWith(" dispatched")).toList();
  }

  List<String> stopped() {
    return decisions.stream()
        .filter(Decision.Stop.class::isInstance)
        .map(stop -> ((Decision.Stop) stop).step())
        .toList();
  }
}
