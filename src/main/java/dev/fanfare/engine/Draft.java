package dev.fanfare.engine;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A decision in the making: an overlay over the state, and what is to be done and noted. */
final class Draft {
  final Graph graph;
  final Context context;
  final RunState base;
  RunRow.Facts facts;

  // The run's counters, copied.
  RunStatus runStatus;
  int open;
  int active;
  int waiting;
  int marks;
  int limit;
  long queued;
  @Nullable Map<String, Object> outputs;
  @Nullable Reason reason;

  /** How long one more step may take that the event's sender does, unless one has been chosen. */
  Duration room = Duration.ZERO;

  /** Whether steps without work are completed at once: only whoever reports has time for that. */
  boolean inline;

  int inlined;

  /** Turns of loops begun because the turn before has ended. */
  int turns;

  /** Those that are told of every change of a status. */
  private @Nullable Conditions conditions;

  private long lastEvent;
  private final Map<String, Cell> changed = new LinkedHashMap<>();
  private final List<Decision> decisions = new ArrayList<>();
  private final List<Map<String, Object>> notes = new ArrayList<>();
  private final List<Transitions.Change> transitions = new ArrayList<>();
  private final Deque<Runnable> agenda = new ArrayDeque<>();
  private final Map<String, Long> taken = new HashMap<>();
  private final Map<String, ArrayDeque<Decision.Enqueue>> added = new HashMap<>();

  Draft(Graph graph, RunState base, Context context) {
    this.graph = graph;
    this.base = base;
    this.context = context;
    RunRow run = base.run();
    this.facts = run.facts();
    this.runStatus = run.status();
    this.open = run.open();
    this.active = run.active();
    this.waiting = run.waiting();
    this.marks = run.marks();
    this.limit = run.limit();
    this.queued = run.queued();
    this.outputs = run.outputs();
    this.reason = run.reason();
    this.lastEvent = run.lastEvent();
  }

  void watch(Conditions readers) {
    conditions = readers;
  }

  /** A step's cell for reading, null if it has not come to be. */
  @Nullable Cell find(String path) {
    Cell cell = changed.get(path);
    return cell != null ? cell : base.cell(path);
  }

  /** The cell of something inside a group, for reading. */
  @Nullable Cell find(Cell group, String path) {
    // In a group that has only just come to be nothing can be stored yet.
    Cell cell = changed.get(path);
    return cell != null || !group.stored ? cell : base.cell(path);
  }

  /** A step's cell for changing. */
  Cell edit(String path) {
    Cell cell = changed.get(path);
    if (cell == null) {
      Cell stored = base.cell(path);
      if (stored == null) {
        throw new IllegalStateException("there is no step '" + path + "'");
      }
      cell = stored.copy();
      changed.put(path, cell);
    }
    return cell;
  }

  /** The cell of a node inside a parent's instance, made if it is not there. */
  Cell child(Node node, String path, String parent, int ordinal) {
    Cell around = changed.get(parent);
    if ((around == null ? find(path) : find(around, path)) == null) {
      Cell cell = new Cell(path, node.index(), parent, ordinal);
      cell.pending = node.needs().size();
      changed.put(path, cell);
    }
    return edit(path);
  }

  /** Makes sure that what is stored inside a group is at hand: one round trip fetches all of it. */
  void require(Cell group, List<String> inside) {
    if (group.stored) {
      base.require(inside.stream().filter(path -> !changed.containsKey(path)).toList());
    }
  }

  Node node(Cell cell) {
    return graph.node(cell.node);
  }

  Optional<Cell> parent(Cell cell) {
    return cell.parent.isEmpty() ? Optional.empty() : Optional.of(edit(cell.parent));
  }

  void move(Cell cell, StepStatus to) {
    Transitions.check(cell.status, to, cell.path);
    transitions.add(new Transitions.StepChange(cell.status, to));
    cell.status = to;
    if (conditions != null) {
      conditions.changed(cell);
    }
  }

  void moveRun(RunStatus to) {
    if (runStatus != to) {
      Transitions.check(runStatus, to);
      transitions.add(new Transitions.RunChange(runStatus, to));
      runStatus = to;
      if (conditions != null) {
        conditions.runChanged();
      }
    }
  }

  /** How the run ends if nothing else happens to it. */
  RunStatus outcome() {
    return RunRow.outcome(marks, graph.workflow().tolerated());
  }

  void decide(Decision decision) {
    decisions.add(decision);
  }

  void arm(TimerKind kind, String step, int attempt, Duration after) {
    marks |= RunRow.Marks.HAS_TIMERS;
    decide(new Decision.Arm(kind, step, attempt, after));
  }

  /** Asks for something to be looked up outside the run. */
  void ask(String step, int attempt, Map<String, Object> question) {
    marks |= RunRow.Marks.HAS_TIMERS;
    decide(new Decision.Arm(TimerKind.ASK, step, attempt, Duration.ZERO, question));
  }

  /** A number that nothing else of the run has: what is asked with it is answered with it. */
  int ticket() {
    return Math.toIntExact(queued++);
  }

  /** Asks for a lock or a slot; whoever grants it sets a timer. */
  void acquire(Decision.Acquire acquire) {
    marks |= RunRow.Marks.HAS_TIMERS;
    decideShared(acquire);
  }

  /** Decides something about what the run shares with others, which its end undoes. */
  void decideShared(Decision decision) {
    marks |= RunRow.Marks.HAS_EXTRAS;
    decide(decision);
  }

  /**
   * A timer fired: it is no longer needed, unless it is told of again after its step has set
   * another.
   *
   * @param live the status of a step that has such a timer
   */
  void fired(Event.Due due, @Nullable Cell found, StepStatus live) {
    if (found == null || found.status != live || found.attempt == due.attempt()) {
      decide(new Decision.Disarm(due.kind(), due.step()));
    }
  }

  /** Writes an entry of the run's event log: what happened, then keys and values. */
  void note(String type, Object... keysAndValues) {
    Map<String, Object> note = new LinkedHashMap<>();
    note.put("type", type);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      note.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    notes.add(note);
    lastEvent++;
  }

  /** Writes that a step reached the status it is in. */
  void noteStep(Cell cell, Map<String, Object> values) {
    Map<String, Object> note = new LinkedHashMap<>();
    note.put("type", "step." + cell.status.id());
    note.put("step", cell.path);
    note.putAll(values);
    notes.add(note);
    lastEvent++;
  }

  /** Does something once what is being done is done; keeps long chains off the stack. */
  void later(Runnable task) {
    agenda.add(task);
  }

  void settle() {
    while (!agenda.isEmpty()) {
      agenda.remove().run();
    }
  }

  void enqueue(String scope, String step) {
    marks |= RunRow.Marks.HAS_BACKLOG;
    Decision.Enqueue entry = new Decision.Enqueue(scope, queued++, step);
    added.computeIfAbsent(scope, ignored -> new ArrayDeque<>()).add(entry);
    decide(entry);
  }

  /** The step that has waited longest for a slot of a scope, taken out of its backlog. */
  Optional<String> dequeue(String scope) {
    Map.Entry<Long, String> head =
        base.backlog(scope).higherEntry(taken.getOrDefault(scope, Long.MIN_VALUE));
    if (head != null) {
      taken.put(scope, head.getKey());
      decide(new Decision.Dequeue(scope, head.getKey()));
      return Optional.of(head.getValue());
    }
    ArrayDeque<Decision.Enqueue> fresh = added.get(scope);
    if (fresh == null || fresh.isEmpty()) {
      return Optional.empty();
    }
    Decision.Enqueue entry = fresh.remove();
    decisions.remove(entry);
    return Optional.of(entry.step());
  }

  Reply.Decided finish(List<Verdict> verdicts) {
    RunRow run =
        new RunRow(
            facts,
            runStatus,
            base.run().version() + 1,
            lastEvent,
            open,
            active,
            waiting,
            marks,
            limit,
            queued,
            outputs,
            reason);
    List<StepRow> rows = changed.values().stream().map(Cell::row).toList();
    return new Reply.Decided(run, rows, decisions, notes, verdicts, transitions);
  }
}
