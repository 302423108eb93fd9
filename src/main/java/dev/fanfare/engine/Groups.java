package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Fan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Structures but for what is special to a race: opening, counting children, closing. */
final class Groups {

  private final Flow flow;
  private final Draft draft;
  private final Items items;

  Groups(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
    this.items = new Items(draft);
  }

  /** Starts what is inside. */
  void open(Cell cell) {
    Node node = draft.node(cell);
    if (!begin(node, cell)) {
      return;
    }
    if (node.shape() instanceof Shape.ForEach) {
      expand(cell);
      return;
    }
    draft.note("step.started", "step", cell.path, "attempt", (long) cell.attempt);
    if (node.shape() instanceof Shape.Loop) {
      flow.loops.next(cell);
    } else {
      openChildren(node, cell);
    }
  }

  private void expand(Cell cell) {
    int total = Items.names(cell).size();
    cell.open = total;
    draft.note("group.expanded", "step", cell.path, "items", (long) total);
    Fan.ForEach forEach = ((Shape.ForEach) draft.node(cell).shape()).definition();
    if (total == 0 && forEach.empty() == Fan.ForEach.Empty.FAIL) {
      ErrorInfo error = ErrorInfo.of("no_items", "its list has no items, and it must have some");
      flow.endings.failed(cell, StepStatus.FAILED, error, List.of());
    } else if (total == 0) {
      close(cell);
    } else {
      instantiate(cell);
    }
  }

  /** One more attempt of a structure; false if it failed at once. */
  boolean begin(Node node, Cell cell) {
    cell.attempt++;
    cell.stamps |= StepRow.Stamps.BEGAN;
    cell.reason = null;
    if (cell.attempt > 1) {
      flow.slots.forget(cell.path);
    }
    try {
      cell.limit = limit(node, cell);
      if (!cell.is(StepRow.Marks.RESUMES)) {
        choose(node, cell);
      }
    } catch (ExpressionException e) {
      flow.endings.failed(cell, StepStatus.FAILED, e.error(), null);
      return false;
    } catch (IllegalArgumentException e) {
      ErrorInfo error = ErrorInfo.of("bad_group_input", String.valueOf(e.getMessage()));
      flow.endings.failed(cell, StepStatus.FAILED, error, null);
      return false;
    }
    flow.edges.reach(cell, StepStatus.RUNNING);
    armTimers(node, cell);
    return true;
  }

  /** What an attempt finds once: the items of a {@code forEach}, the cases of a switch. */
  private void choose(Node node, Cell cell) throws ExpressionException {
    if (node.shape() instanceof Shape.ForEach forEach) {
      cell.remember(items.evaluate(forEach.definition(), cell));
    } else if (node.shape() instanceof Shape.Switch choice) {
      cell.remember(flow.switches.choose(choice.definition(), cell));
    }
  }

  private void openChildren(Node node, Cell cell) {
    cell.open = node.children().size();
    if (node.shape() instanceof Shape.Race) {
      cell.active = cell.open;
    }
    if (cell.attempt > 1) {
      draft.require(cell, flow.hooks.with(childPaths(cell), node.children()));
    }
    if (cell.attempt > 1) {
      node.children().forEach(index -> beginAnew(draft.graph.node(index), cell));
    }
    for (int index : node.children()) {
      Node child = draft.graph.node(index);
      String path = Graph.pathOf(child, cell.path);
      if (child.needs().isEmpty()) {
        flow.steps.enter(child, path, cell.path, child.ordinal());
      }
    }
  }

  private void beginAnew(Node child, Cell group) {
    Cell earlier = draft.find(group, Graph.pathOf(child, group.path));
    if (earlier != null) {
      Cell cell = draft.edit(earlier.path);
      cell.reset(child.needs().size());
      flow.hooks.reset(earlier);
      flow.conditions.reset(cell);
    }
  }

  /** The next attempt of a group: everything inside begins anew. */
  void reopen(Cell cell) {
    cell.open = 0;
    cell.failed = 0;
    cell.active = 0;
    cell.cursor = 0;
    cell.detail = Gates.kept(cell.detail);
    cell.output = null;
    cell.error = null;
    cell.unmark(StepRow.Marks.DECIDED);
    open(cell);
  }

  private int limit(Node node, Cell cell) throws ExpressionException {
    Optional<Template> limit = node.childLimit();
    if (limit.isEmpty()) {
      return 0;
    }
    Object value = Expressions.evaluate(limit.get(), RunScope.of(draft, cell, Map.of()));
    return Limits.of(value, "maxParallel");
  }

  private void armTimers(Node node, Cell cell) {
    Step step = node.step();
    Optional<Duration> own =
        switch (node.shape()) {
          case Shape.Parallel parallel -> parallel.definition().timeout();
          case Shape.Race race -> race.definition().timeout();
          case Shape.Sequence ignored -> Optional.empty();
          case Shape.Loop ignored -> Optional.empty();
          case Shape.Switch ignored -> Optional.empty();
          case Shape.Matrix ignored -> Optional.empty();
          case Shape.ForEach ignored -> Optional.empty();
          case Shape.Leaf ignored -> Optional.empty();
        };
    Optional<Duration> attempt =
        own.or(() -> node.carriesAttempts() ? step.timeouts().attempt() : Optional.empty());
    attempt.ifPresent(
        limit -> {
          cell.mark(StepRow.Marks.LIMITED);
          draft.arm(TimerKind.GROUP, cell.path, cell.attempt, limit);
        });
    if (node.carriesAttempts() && !cell.is(StepRow.Marks.TIMED)) {
      step.timeouts()
          .total()
          .ifPresent(
              limit -> {
                cell.mark(StepRow.Marks.LIMITED | StepRow.Marks.TIMED);
                // The first attempt of this life, also where its breaker let only a later one open.
                int first = cell.attempt - cell.failures;
                draft.arm(TimerKind.TOTAL, cell.path, first, limit);
              });
    }
  }

  /** Makes instances of a {@code forEach} as far as its limit leaves room. */
  void instantiate(Cell group) {
    List<String> names = Items.names(group);
    Node template = draft.graph.node(draft.node(group).children().getFirst());
    Fan.ForEach forEach = ((Shape.ForEach) draft.node(group).shape()).definition();
    int room = group.limit == 0 ? names.size() : Math.max(0, group.limit - group.active);
    int end = Math.min(names.size(), group.cursor + room);
    List<String> next =
        names.subList(group.cursor, Math.max(group.cursor, end)).stream()
            .map(name -> Items.path(group, name))
            .toList();
    draft.require(
        group, group.attempt > 1 ? flow.hooks.with(next, List.of(template.index())) : next);
    while (group.cursor < names.size() && (group.limit == 0 || group.active < group.limit)) {
      int index = group.cursor++;
      String path = Items.path(group, names.get(index));
      Cell cell = draft.child(template, path, group.path, index);
      if (cell.status.isTerminal()) {
        cell.reset(0);
        flow.hooks.reset(cell);
      }
      Map<String, Object> bindings = new LinkedHashMap<>();
      bindings.put("item", Items.item(group, index));
      bindings.put("index", (long) index);
      bindings.put(forEach.as(), Items.item(group, index));
      cell.bindings = bindings;
      if (group.limit > 0) {
        flow.slots.hold(cell, group);
      }
      flow.steps.enter(template, path, group.path, index);
    }
  }

  /** Everything directly inside a group: all its instances where they are made at run time. */
  List<String> childPaths(Cell group) {
    Node node = draft.node(group);
    if (node.shape() instanceof Shape.ForEach) {
      return Items.paths(group);
    }
    if (node.shape() instanceof Shape.Loop) {
      return Loops.paths(group);
    }
    return node.children().stream()
        .map(index -> Graph.pathOf(draft.graph.node(index), group.path))
        .toList();
  }

  /** A child has ended. */
  void childEnded(Cell group, Cell child) {
    Node node = draft.node(group);
    if (group.status != StepStatus.RUNNING) {
      return;
    }
    group.open--;
    if (node.shape() instanceof Shape.Race) {
      flow.races.branchEnded(group, child);
      return;
    }
    if (failedForGood(child) && isDetached(child) && flow.hooks.counts(child)) {
      draft.marks |= RunRow.Marks.TOLERATED;
    }
    if (node.shape() instanceof Shape.Loop) {
      flow.loops.turnEnded(group, child);
      return;
    }
    if (failedForGood(child) && countsAsFailed(node, child)) {
      group.failed++;
      if (failsFast(node)) {
        Reason reason = Reason.of("fail_fast", "step", child.path);
        flow.stops.stopChildren(group, Stops.Manner.aborted(reason));
      }
    }
    if (group.open <= 0) {
      close(group);
    }
  }

  /** Whether a step has ended in a failure of its own, tolerated or not. */
  static boolean isFailure(Cell cell) {
    return cell.status.isFailure()
        || (cell.status == StepStatus.CANCELLED && cell.is(StepRow.Marks.GAVE_UP));
  }

  static boolean failedForGood(Cell cell) {
    return isFailure(cell) && !cell.is(StepRow.Marks.TOLERATED) && !cell.is(StepRow.Marks.FORGIVEN);
  }

  /** Whether a failure of this child is a failure of the group. */
  boolean countsAsFailed(Node group, Cell child) {
    Step step = draft.node(child).step();
    if (isDetached(child)) {
      return false;
    }
    if (!(group.shape() instanceof Shape.Parallel parallel)) {
      return true;
    }
    return switch (parallel.definition().success()) {
      case Structure.Success.All ignored -> true;
      case Structure.Success.Only only -> only.steps().contains(step.name());
      case Structure.Success.Ignore ignore -> !ignore.steps().contains(step.name());
      case Structure.Success.When ignored -> false;
    };
  }

  boolean isDetached(Cell cell) {
    return draft.node(cell).step().detached() && draft.node(cell).carriesPolicy();
  }

  private static boolean failsFast(Node node) {
    return switch (node.shape()) {
      case Shape.ForEach forEach -> forEach.definition().failFast();
      case Shape.Matrix matrix -> matrix.definition().failFast();
      case Shape.Parallel ignored -> false;
      case Shape.Sequence ignored -> false;
      case Shape.Loop ignored -> false;
      case Shape.Switch ignored -> false;
      case Shape.Race ignored -> false;
      case Shape.Leaf ignored -> false;
    };
  }

  /** Every child has ended: the group's output and outcome. */
  void close(Cell group) {
    Node node = draft.node(group);
    List<Cell> children = children(node, group);
    try {
      Object output =
          node.shape() instanceof Shape.Switch
              ? flow.switches.output(group, children)
              : items.output(node, group, children);
      boolean failed = group.failed > 0;
      if (node.shape() instanceof Shape.Parallel parallel
          && parallel.definition().success() instanceof Structure.Success.When when) {
        failed = !Expressions.test(when.condition(), RunScope.of(draft, group, Map.of()));
      }
      if (failed) {
        flow.endings.attemptFailed(
            group,
            StepStatus.FAILED,
            Causes.of(children, child -> failedForGood(child) && countsAsFailed(node, child)),
            output);
      } else {
        group.output = output;
        flow.endings.end(group, StepStatus.SUCCEEDED, flow.switches.whyNothing(group));
      }
    } catch (ExpressionException e) {
      flow.endings.attemptFailed(group, StepStatus.FAILED, e.error(), null);
    }
  }

  private List<Cell> children(Node node, Cell group) {
    List<String> paths = childPaths(group);
    draft.require(group, paths);
    List<Cell> children = new ArrayList<>(paths.size());
    // What an earlier attempt has left of instances that this one has not come to does not count.
    int made = node.shape() instanceof Shape.ForEach ? group.cursor : paths.size();
    for (String path : paths) {
      Cell cell = children.size() < made ? draft.find(group, path) : null;
      children.add(cell == null ? new Cell(path, node.index(), group.path, 0) : cell);
    }
    return children;
  }

  Verdict timeoutDue(Event.Due due) {
    Cell found = draft.find(due.step());
    draft.fired(due, found, StepStatus.RUNNING);
    if (found == null || found.attempt != due.attempt() || found.status != StepStatus.RUNNING) {
      return Verdict.STALE;
    }
    Cell group = draft.edit(due.step());
    if (draft.node(group).shape() instanceof Shape.Race race) {
      flow.races.timedOut(group, race.definition());
      return Verdict.ACCEPTED;
    }
    Reason reason = Reason.of("group_timed_out", "group", group.path);
    flow.stops.stopChildren(group, Stops.Manner.aborted(reason));
    flow.endings.attemptFailed(
        group, StepStatus.TIMED_OUT, ErrorInfo.of("timed_out", "the group's time was up"), null);
    return Verdict.ACCEPTED;
  }
}
