package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.Work;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The world around the engine, in virtual time: workers, timers, a database, and what goes wrong.
 *
 * <p>Every decision is checked: a second one on the same input is equal, so is one taken on a state
 * that loads rows only when they are asked for, the state itself has not changed, and {@link
 * Invariants} hold.
 */
final class Simulation {

  /** What the world does. */
  record World(boolean faults, boolean losses, boolean checks, boolean inline) {
    static final World CALM = new World(false, false, true, true);
  }

  private record Item(long at, long order, Event event, int timer) {}

  private record Timer(int number, int attempt) {}

  final Graph graph;
  final RunState state;
  final List<Map<String, Object>> notes = new ArrayList<>();
  final List<Decision> decisions = new ArrayList<>();
  final List<Verdict> verdicts = new ArrayList<>();
  final Set<Transitions.Change> visited = new HashSet<>();
  long now;

  /** When the run ended. */
  long endedAt = -1;

  /** When its present attempt began. */
  long restartedAt;

  /** Whether every decision is printed. */
  boolean trace;

  /** Most steps that were claimed at any time. */
  int mostActive;

  private Script script;
  private final World world;
  private final Random random;
  private final PriorityQueue<Item> items =
      new PriorityQueue<>(Comparator.comparingLong(Item::at).thenComparingLong(Item::order));
  private final Map<String, Timer> timers = new HashMap<>();
  private final Map<String, Integer> vanished = new HashMap<>();
  private final Map<String, Integer> earlier = new HashMap<>();
  private final Database database = new Database();
  private long order;
  private int timerNumber;

  Simulation(Graph graph, Script script, World world, long seed) {
    this.graph = graph;
    this.script = script;
    this.world = world;
    this.random = new Random(seed);
    this.state = RunState.fresh(Flows.facts(seed));
  }

  /** Starts the run and lets the world go on until nothing is left to happen. */
  Simulation run() {
    at(0, new Event.Start());
    go();
    return this;
  }

  void at(long time, Event event) {
    items.add(new Item(time, order++, event, 0));
  }

  /** Lets everything happen that is due. */
  void go() {
    while (!items.isEmpty()) {
      step();
    }
    if (!state.run().status().isTerminal()) {
      throw new AssertionError("the run has stalled: " + state.run());
    }
  }

  /** Lets things happen until the run has ended; some that no longer matters may be left. */
  Simulation toTheEnd() {
    at(0, new Event.Start());
    finish();
    return this;
  }

  private void finish() {
    while (!items.isEmpty() && !state.run().status().isTerminal()) {
      step();
    }
    if (!state.run().status().isTerminal()) {
      throw new AssertionError("the run has stalled: " + state.run());
    }
  }

  /** The run goes on, while late reports of its earlier attempts are still to come. */
  Verdict rerun(Event.From from, Script next, long cancelAt) {
    script = next;
    earlier.clear();
    vanished.clear();
    rows().values().forEach(row -> earlier.put(row.path(), row.attempt()));
    items.removeIf(item -> item.event() instanceof Event.Cancel);
    if (cancelAt > 0) {
      at(now + cancelAt, new Event.Cancel("test", "drawn"));
    }
    restartedAt = now;
    endedAt = -1;
    Reply.Decided decided = decide(List.of(new Event.Rerun(from, "ann")));
    finish();
    return decided.verdicts().getFirst();
  }

  /** Attempts of a step before the present one of the run. */
  int earlier(String path) {
    return earlier.getOrDefault(path, 0);
  }

  /** Lets everything happen up to a time. */
  void until(long time) {
    while (!items.isEmpty() && items.peek().at() <= time) {
      step();
    }
    now = Math.max(now, time);
  }

  private void step() {
    List<Event> events = new ArrayList<>();
    now = items.peek().at();
    do {
      Item item = items.remove();
      if (item.timer() == 0 || isCurrent(item)) {
        events.add(item.event());
      }
    } while (world.faults()
        && !items.isEmpty()
        && items.peek().at() == now
        && random.nextInt(3) == 0);
    if (!events.isEmpty()) {
      decide(events);
    }
  }

  /** Puts events before the engine and does what it decides. */
  Reply.Decided decide(List<Event> events) {
    Context context = context();
    Reply.Decided decided = (Reply.Decided) Engine.decide(graph, state, events, context);
    if (world.checks()) {
      Reply.Decided again = (Reply.Decided) Engine.decide(graph, state, events, context);
      Invariants.same(decided, again, "the same input gave another output");
      database.check(graph, state, events, context, decided);
    }
    if (trace) {
      System.out.println(now + " " + events + " " + decided.verdicts());
      decided.notes().forEach(note -> System.out.println("    " + note));
    }
    state.apply(decided);
    if (endedAt < 0 && state.run().status().isTerminal()) {
      endedAt = now;
    }
    database.apply(decided);
    notes.addAll(decided.notes());
    decisions.addAll(decided.decisions());
    verdicts.addAll(decided.verdicts());
    visited.addAll(decided.transitions());
    mostActive = Math.max(mostActive, decided.run().active());
    if (world.checks()) {
      Invariants.hold(graph, state, database.rows());
    }
    List<Decision> todo = decided.decisions();
    for (Decision decision : todo) {
      act(decision);
    }
    repeat(events);
    return decided;
  }

  private Context context() {
    if (!world.inline()) {
      return Context.OUTSIDE;
    }
    return switch (world.faults() ? random.nextInt(3) : 0) {
      case 0 -> Context.REPORT;
      case 1 -> Context.OUTSIDE;
      default -> new Context(true, 2, 50);
    };
  }

  private void act(Decision decision) {
    switch (decision) {
      case Decision.Invoke invoke -> work(invoke.step(), invoke.node(), invoke.attempt(), true);
      case Decision.Continue next -> work(next.step(), next.node(), next.attempt(), false);
      case Decision.Stop stop -> stop(stop);
      case Decision.Arm arm -> {
        timers.put(arm.kind() + " " + arm.step(), new Timer(++timerNumber, arm.attempt()));
        Event due = new Event.Due(arm.kind(), arm.step(), arm.attempt());
        items.add(new Item(now + arm.after().toMillis(), order++, due, timerNumber));
      }
      case Decision.Disarm disarm -> timers.remove(disarm.kind() + " " + disarm.step());
      case Decision.Enqueue ignored -> {}
      case Decision.Dequeue ignored -> {}
      case Decision.Finish ignored -> timers.clear();
      case Decision.Await await -> wait(await);
      // A decision names no attempt: whoever sees that the question is gone does not answer it.
      case Decision.Unawait gone ->
          items.removeIf(
              item ->
                  item.event() instanceof Event.Judged judged && judged.step().equals(gone.step()));
      case Decision.Acquire ignored -> {}
      case Decision.Release ignored -> {}
      case Decision.Remember ignored -> {}
      case Decision.Tally ignored -> {}
      case Decision.NextAttempt ignored -> {}
      case Decision.Wake ignored -> {}
    }
  }

  /** A person decides, an event comes, somebody calls back: as scripted, like work. */
  private void wait(Decision.Await await) {
    String step = await.step();
    Script.Attempt scripted =
        script.attempt(step, await.attempt() - vanished(step) - earlier(step));
    long at = now + scripted.millis();
    switch (await.kind()) {
      case APPROVAL ->
          at(at, new Event.Judged(step, scripted.code().isEmpty(), "ann", "", "", null));
      case EVENT, CALLBACK -> {
        if (world.faults() && await.kind() == Decision.Await.Kind.EVENT) {
          at(now + scripted.millis() / 2, new Event.Happened(step, await.attempt(), "noise"));
        }
        Optional<ErrorInfo> error =
            scripted.code().isEmpty()
                ? Optional.empty()
                : Optional.of(ErrorInfo.of(scripted.code(), "scripted"));
        at(at, new Event.Happened(step, await.attempt(), step, error));
      }
    }
  }

  private boolean isCurrent(Item item) {
    Event.Due due = (Event.Due) item.event();
    Timer timer = timers.get(due.kind() + " " + due.step());
    return timer != null && timer.number() == item.timer();
  }

  private void work(String step, int node, int attempt, boolean begins) {
    boolean done =
        state
            .step(step)
            .map(row -> row.attempt() != attempt || row.status().isTerminal())
            .orElse(true);
    if (done) {
      return;
    }
    if (world.losses() && random.nextInt(12) == 0) {
      vanished.merge(step, 1, Integer::sum);
      boolean stops = random.nextBoolean();
      at(
          now,
          stops
              ? report(step, attempt, new Outcome.Stopped("shutdown"))
              : new Event.Lost(step, attempt));
      at(now + random.nextInt(1_000_000), report(step, attempt, Outcome.Succeeded.of("late")));
      return;
    }
    if (begins && !(world.losses() && random.nextInt(4) == 0)) {
      at(now, new Event.Begin(step, attempt));
    }
    Work work = ((Shape.Leaf) graph.node(node).shape()).work();
    if (work instanceof Work.Pass pass) {
      at(now, report(step, attempt, pass(step, pass)));
      return;
    }
    Script.Attempt scripted = script.attempt(step, attempt - vanished(step) - earlier(step));
    long limit =
        graph.node(node).step().timeouts().attempt().map(java.time.Duration::toMillis).orElse(0L);
    if (limit > 0 && scripted.millis() >= limit) {
      ErrorInfo error = ErrorInfo.of("timed_out", "took longer than " + limit + " ms");
      at(now + limit, report(step, attempt, new Outcome.TimedOut(error)));
    } else {
      at(now + scripted.millis(), report(step, attempt, outcome(step, scripted)));
    }
  }

  static Outcome outcome(String step, Script.Attempt scripted) {
    if (scripted.code().equals(Script.SKIPPED)) {
      return new Outcome.Skipped("");
    }
    return scripted.code().isEmpty()
        ? Outcome.Succeeded.of(step)
        : Outcome.Failed.of(ErrorInfo.of(scripted.code(), "scripted"));
  }

  private Outcome pass(String step, Work.Pass pass) {
    try {
      @Nullable Object output =
          pass.output().isEmpty()
              ? null
              : Expressions.evaluate(pass.output().get(), Engine.scope(graph, state, step));
      return Outcome.Succeeded.of(output);
    } catch (ExpressionException e) {
      return Outcome.Failed.of(e.error());
    }
  }

  private Event.Report report(String step, int attempt, Outcome outcome) {
    return new Event.Report(
        step, attempt, outcome, new Event.Cost(1, 128, false), random.nextBoolean());
  }

  private void stop(Decision.Stop stop) {
    items.removeIf(
        item ->
            item.event() instanceof Event.Report report
                && report.step().equals(stop.step())
                && report.attempt() == stop.attempt()
                && !world.faults());
  }

  /** At-least-once delivery: now and then what has happened is told again, later. */
  private void repeat(List<Event> events) {
    if (!world.faults()) {
      return;
    }
    for (Event event : events) {
      // What people ask for is asked once: a run that has ended would begin again.
      boolean once =
          event instanceof Event.Cancel
              || event instanceof Event.Judged
              || event instanceof Event.Rerun;
      if (!once && random.nextInt(10) == 0) {
        boolean again = !(event instanceof Event.Due due) || due.kind() != TimerKind.RUN;
        if (again) {
          at(now + (random.nextBoolean() ? 0 : random.nextInt(1_000_000_000)), event);
        }
      }
    }
  }

  /** A step's row; it must exist. */
  StepRow row(String path) {
    return state
        .step(path)
        .orElseThrow(() -> new AssertionError("there is no step '" + path + "'"));
  }

  /** How often a worker of this step vanished. */
  int vanished(String path) {
    return vanished.getOrDefault(path, 0);
  }

  Map<String, StepRow> rows() {
    return database.rows();
  }

  Node node(StepRow row) {
    return graph.node(row.node());
  }
}
