package dev.fanfare.engine;

import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run that has ended goes on as its next attempt: what is to run again begins anew, a structure
 * with something in it that is kept resumes, and the rest stays as it is.
 *
 * <p>Which step is which says {@link RerunPlan}. Here its choice is carried out, in two strokes:
 * the rows are put back to pending, then the run starts as any other does, and whoever needs only
 * what is kept is released.
 */
final class Reruns {
  private final Flow flow;
  private final Draft draft;

  Reruns(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** One step among its siblings; it may not have come to be. */
  record Sibling(Node node, String path) {}

  /** Somebody wants the run to go on. */
  Verdict rerun(Event.Rerun rerun) {
    Verdict verdict = goOn(rerun);
    if (verdict == Verdict.ACCEPTED) {
      draft.marks |= RunRow.Marks.BY_HAND;
    }
    return verdict;
  }

  /** The run's next attempt begins, unless there is nothing for it to do. */
  Verdict goOn(Event.Rerun rerun) {
    draft.base.requireAll();
    RerunPlan plan = new RerunPlan(draft, rerun.from());
    if (!plan.of(top())) {
      return Verdict.STALE;
    }
    flow.autoReruns.leave();
    Map<String, List<Cell>> inside = byParent();
    plan.resumed().forEach(path -> resetToResume(draft.edit(path)));
    plan.anew().forEach(path -> resetWithAll(path, inside));
    // What is kept is not called again; what goes on is, from its first hook.
    plan.resumed().forEach(path -> resetHooks(path, inside));
    resetHooks("", inside);
    nextAttempt(rerun);
    countExcused();
    flow.runs.start();
    return Verdict.ACCEPTED;
  }

  private void nextAttempt(Event.Rerun rerun) {
    String from =
        switch (rerun.from()) {
          case Event.From.Start ignored -> "start";
          case Event.From.Failed ignored -> "failed";
          case Event.From.Of of -> of.step();
        };
    Map<String, Object> context = new LinkedHashMap<>(draft.facts.context());
    if (rerun.from() instanceof Event.From.Start) {
      // A run from its start finds an empty workspace: the folder has the attempt in its name.
      context.put("workspace", (long) draft.facts.attempt() + 1);
    }
    draft.facts = draft.facts.again(context);
    draft.decide(new Decision.NextAttempt(from, rerun.by()));
    draft.marks &= RunRow.Marks.KEPT_BY_RERUN;
    draft.open = 0;
    draft.active = 0;
    draft.waiting = 0;
    draft.outputs = null;
    draft.reason = null;
    draft.moveRun(RunStatus.QUEUED);
    draft.note(
        "run.rerun", "attempt", (long) draft.facts.attempt(), "from", from, "by", rerun.by());
  }

  private Map<String, List<Cell>> byParent() {
    Map<String, List<Cell>> inside = new HashMap<>();
    for (Cell cell : draft.base.all()) {
      inside.computeIfAbsent(cell.parent, ignored -> new ArrayList<>()).add(cell);
    }
    return inside;
  }

  /** As deep as structures nest. */
  private void resetWithAll(String path, Map<String, List<Cell>> inside) {
    if (draft.find(path) != null) {
      Cell cell = draft.edit(path);
      cell.reset(draft.node(cell).needs().size());
    }
    for (Cell child : inside.getOrDefault(path, List.of())) {
      if (!child.path.equals(path)) {
        resetWithAll(child.path, inside);
      }
    }
  }

  private void resetHooks(String path, Map<String, List<Cell>> inside) {
    for (Cell child : inside.getOrDefault(path, List.of())) {
      if (draft.node(child).isHook()) {
        resetWithAll(child.path, inside);
      }
    }
  }

  private void resetToResume(Cell cell) {
    cell.resetToResume(draft.node(cell).needs().size());
  }

  List<Sibling> top() {
    return draft.graph.top().stream()
        .map(draft.graph::node)
        .map(node -> new Sibling(node, node.id()))
        .toList();
  }

  /** What a structure has made or may make of its children. */
  static List<Sibling> children(Graph graph, Node group, Cell cell) {
    if (group.shape() instanceof Shape.ForEach) {
      Node template = graph.node(group.children().getFirst());
      return Items.paths(cell).stream()
          .limit(cell.cursor)
          .map(path -> new Sibling(template, path))
          .toList();
    }
    if (group.shape() instanceof Shape.Loop) {
      // Of turns that have ended well only the newest counts: a loop goes on from there.
      Node template = graph.node(group.children().getFirst());
      return Loops.newest(cell).map(path -> new Sibling(template, path)).stream().toList();
    }
    return group.children().stream()
        .map(graph::node)
        .map(node -> new Sibling(node, Graph.pathOf(node, cell.path)))
        .toList();
  }

  /** How many of some siblings have not ended. */
  int open(List<Sibling> siblings) {
    draft.base.require(siblings.stream().map(Sibling::path).toList());
    return (int)
        siblings.stream()
            .map(sibling -> draft.find(sibling.path()))
            .filter(found -> found == null || !found.status.isTerminal())
            .count();
  }

  /**
   * Starts those of some siblings that wait for nothing, and releases those that need only what has
   * ended already: nothing on a first attempt, what is kept on a later one.
   *
   * @return how many have not ended
   */
  int begin(List<Sibling> siblings, String parent) {
    draft.base.require(siblings.stream().map(Sibling::path).toList());
    int open = 0;
    for (Sibling sibling : siblings) {
      Cell found = draft.find(sibling.path());
      if (found != null && found.status.isTerminal()) {
        continue;
      }
      open++;
      Node node = sibling.node();
      if (node.needs().isEmpty()) {
        flow.steps.enter(
            node, sibling.path(), parent, found == null ? node.ordinal() : found.ordinal);
      }
    }
    for (Sibling sibling : siblings) {
      Cell found = draft.find(sibling.path());
      if (found != null && found.status.isTerminal()) {
        flow.edges.endedBefore(found);
      }
    }
    return open;
  }

  /** A structure of which something is kept goes on. */
  void resume(Cell group) {
    Node node = draft.node(group);
    if (!flow.groups.begin(node, group)) {
      return;
    }
    group.unmark(StepRow.Marks.RESUMES);
    draft.note("step.resumed", "step", group.path, "attempt", (long) group.attempt);
    List<Sibling> children = children(draft.graph, node, group);
    if (node.shape() instanceof Shape.Loop) {
      flow.loops.resume(group);
      return;
    }
    group.failed = 0;
    for (Sibling child : children) {
      Cell cell = draft.find(child.path());
      if (cell != null
          && cell.status.isTerminal()
          && Groups.failedForGood(cell)
          && flow.groups.countsAsFailed(node, cell)) {
        group.failed++;
      }
    }
    group.open = begin(children, group.path);
    if (node.shape() instanceof Shape.ForEach) {
      group.open += Items.names(group).size() - group.cursor;
      // After those that begin anew: they are the older ones, and the first to get its slots.
      draft.later(() -> flow.slots.fillGroup(draft.edit(group.path)));
    }
    if (group.open == 0) {
      flow.groups.close(group);
    }
  }

  /** What the kept steps at the top mean to the run's outcome. */
  void countKept() {
    for (Sibling sibling : top()) {
      Cell cell = draft.find(sibling.path());
      if (cell != null && cell.status.isTerminal()) {
        flow.runs.count(cell);
      }
    }
  }

  /** What was tolerated inside structures, and is kept. */
  private void countExcused() {
    for (Cell stored : draft.base.all()) {
      Cell cell = draft.find(stored.path);
      if (cell != null
          && Groups.isFailure(cell)
          && (!Groups.failedForGood(cell) || isDetachedInside(cell))
          && flow.hooks.counts(cell)) {
        draft.marks |= RunRow.Marks.TOLERATED;
      }
      if (cell != null && !draft.node(cell).isHook() && failsRun(draft, cell)) {
        draft.marks |= RunRow.Marks.FAILS_RUN;
      }
    }
  }

  /** Whether a step has failed, and that was tolerated and fails the run all the same. */
  static boolean failsRun(Draft draft, Cell cell) {
    boolean excused =
        cell.is(StepRow.Marks.EXCUSED)
            || (cell.reason != null && cell.reason.code().equals("failure_reported_as"));
    return excused && draft.node(cell).step().onFailure().filter(OnFailure::failsRun).isPresent();
  }

  /** A branch of a race fails only the race, detached or not. */
  private boolean isDetachedInside(Cell cell) {
    return flow.groups.isDetached(cell)
        && draft
            .graph
            .parent(draft.node(cell))
            .filter(group -> !(group.shape() instanceof Shape.Race))
            .isPresent();
  }

  /** Whether a step that is kept may be kept although its run goes on: it has ended by itself. */
  static boolean endedByItself(StepStatus status) {
    return status.isSuccess() || status.isFailure() || status == StepStatus.SKIPPED;
  }
}
