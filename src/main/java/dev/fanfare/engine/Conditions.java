package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import dev.fanfare.graph.Watch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Steps that a condition releases ({@code join: when}).
 *
 * <p>Each is asked when it could begin, and again at every change of status of what it reads, so
 * that a report costs as much as the step it is about has readers. One whose condition can no
 * longer change ends {@code not_run} at once; the others are given up when nothing else of the run
 * can move, one after another, so that how one ended can still release the next.
 */
final class Conditions {

  /** What of those that it reads had ended when its condition held: their files are seen. */
  private static final String SEEN = "seen";

  private final Flow flow;
  private final Draft draft;

  Conditions(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  /** Asks a step that has come to be, before anything beside it begins. */
  void entered(Cell cell) {
    ask(cell, "");
  }

  /** A step's status has changed: whoever reads it is asked. */
  void changed(Cell cell) {
    List<Watch> watches = draft.graph.watches().of(cell.node);
    if (watches.isEmpty()) {
      return;
    }
    if (cell.status.isTerminal()) {
      // Not before all that belongs to its end is decided.
      draft.later(() -> askReaders(watches, cell));
    } else {
      // At once: it may be something else when this decision is over.
      askReaders(watches, cell);
    }
  }

  /** The run's status has changed. */
  void runChanged() {
    Collection<Integer> readers = draft.graph.watches().ofRun();
    if (!readers.isEmpty()) {
      draft.later(() -> askAll(readers));
    }
  }

  private void askAll(Collection<Integer> readers) {
    Set<String> paths = new LinkedHashSet<>();
    readers.forEach(reader -> paths.addAll(instances(draft.graph.node(reader), -1, "")));
    ask(paths, "");
  }

  private void askReaders(List<Watch> watches, Cell changed) {
    Set<String> paths = new LinkedHashSet<>();
    for (Watch watch : watches) {
      String around = parentOf(changed, watch.from());
      paths.addAll(
          instances(
              draft.graph.node(watch.reader()), draft.graph.node(watch.to()).parent(), around));
    }
    ask(paths, changed.path);
  }

  private void ask(Set<String> paths, String because) {
    draft.base.require(paths);
    for (String path : paths) {
      Cell cell = draft.find(path);
      if (cell != null) {
        ask(cell, because);
      }
    }
  }

  /** The path of what is around a node that is, or contains, a step. */
  private String parentOf(Cell inside, int node) {
    Cell at = inside;
    while (at.node != node) {
      at = draft.edit(at.parent);
    }
    return at.parent;
  }

  /**
   * Where a node may have instances at this moment.
   *
   * @param around index of a node around it, -1 for the run
   * @param path of the instance of that node in which they are
   */
  private List<String> instances(Node node, int around, String path) {
    if (node.parent() == around || node.isTop()) {
      return List.of(Graph.pathOf(node, path));
    }
    Node parent = draft.graph.node(node.parent());
    List<String> found = new ArrayList<>();
    for (String group : instances(parent, around, path)) {
      if (!(parent.shape() instanceof Shape.Repeated) || node.isHook()) {
        found.add(Graph.pathOf(node, group));
        continue;
      }
      Cell cell = draft.find(group);
      if (cell != null && cell.status == StepStatus.RUNNING) {
        found.addAll(flow.groups.childPaths(cell));
      }
    }
    return found;
  }

  private void ask(Cell cell, String because) {
    if (!isWaiting(cell)) {
      return;
    }
    prefetch(cell);
    Node node = draft.node(cell);
    try {
      if (Expressions.test(node.when().orElseThrow(), RunScope.of(draft, cell, Map.of()))) {
        release(draft.edit(cell.path), because);
        draft.later(() -> flow.steps.start(draft.edit(cell.path)));
        return;
      }
    } catch (ExpressionException e) {
      if (hasValues(cell)) {
        release(draft.edit(cell.path), because);
        draft.later(() -> fail(draft.edit(cell.path), e.error()));
        return;
      }
    }
    if (cell.reason == null) {
      draft.edit(cell.path).reason = Reason.of("awaiting_condition");
    }
    if (isFinal(cell)) {
      draft.later(() -> giveUp(draft.edit(cell.path)));
    }
  }

  private boolean isWaiting(Cell cell) {
    if (cell.status != StepStatus.PENDING || cell.is(StepRow.Marks.RELEASED)) {
      return false;
    }
    if (cell.parent.isEmpty()) {
      return true;
    }
    Cell group = draft.find(cell.parent);
    return group != null && group.status == StepStatus.RUNNING;
  }

  /** All that the condition reads in one round trip. */
  private void prefetch(Cell cell) {
    List<String> paths = new ArrayList<>();
    for (Watch watch : draft.graph.watches().by(cell.node)) {
      paths.add(pathOf(cell, watch, watch.step()));
      paths.add(pathOf(cell, watch, watch.from()));
    }
    draft.base.require(paths);
  }

  /** The path of something that a step reads, or of what is around that. */
  private String pathOf(Cell reader, Watch watch, int read) {
    Node to = draft.graph.node(watch.to());
    String id = draft.graph.node(read).id();
    return to.isTop()
        ? id
        : parentOf(reader, watch.to()) + id.substring(draft.graph.node(to.parent()).id().length());
  }

  private void release(Cell cell, String because) {
    cell.mark(StepRow.Marks.RELEASED);
    cell.releasedBy = because;
    List<Object> seen = new ArrayList<>();
    for (Watch watch : draft.graph.watches().by(cell.node)) {
      Cell from = watch.to() == cell.node ? draft.find(pathOf(cell, watch, watch.from())) : null;
      if (from != null && from.status.isTerminal() && !seen.contains(from.path)) {
        seen.add(from.path);
      }
    }
    if (!seen.isEmpty()) {
      cell.remember(Map.of(SEEN, seen));
    }
  }

  /** The steps whose files a step sees because it has read that they ended. */
  static Collection<?> seen(Cell cell) {
    return cell.detail != null && cell.detail.get(SEEN) instanceof Collection<?> seen
        ? seen
        : List.of();
  }

  /** What stays of a structure's detail when it begins anew. */
  static Map<String, Object> kept(Map<String, Object> detail) {
    Object seen = detail.get(SEEN);
    return seen == null ? Map.of() : Map.of(SEEN, seen);
  }

  private void fail(Cell cell, ErrorInfo error) {
    if (cell.status == StepStatus.PENDING) {
      cell.stamps |= StepRow.Stamps.READY;
      cell.reason = null;
      draft.move(cell, StepStatus.READY);
      flow.endings.failed(cell, StepStatus.FAILED, error, null);
    }
  }

  /**
   * Whether all that a condition reads the values of has ended: what it then cannot do is wrong.
   */
  private boolean hasValues(Cell cell) {
    return draft.graph.watches().by(cell.node).stream()
        .filter(Watch::value)
        .allMatch(watch -> hasEnded(pathOf(cell, watch, watch.step())));
  }

  /** A step begins anew: what conditions read inside it is of an earlier attempt. */
  void reset(Cell from) {
    String id = draft.node(from).id();
    for (Watch watch : draft.graph.watches().of(from.node)) {
      String read = draft.graph.node(watch.step()).id();
      Cell inside =
          watch.from() == from.node && watch.step() != from.node
              ? draft.find(from.path + read.substring(id.length()))
              : null;
      if (inside != null && inside.status.isTerminal()) {
        draft.edit(inside.path).reset(draft.node(inside).needs().size());
      }
    }
  }

  /** Whether nothing that a condition reads can change any more. */
  private boolean isFinal(Cell cell) {
    return !draft.graph.watches().ofRun().contains(cell.node)
        && draft.graph.watches().by(cell.node).stream()
            .allMatch(watch -> hasEnded(pathOf(cell, watch, watch.from())));
  }

  private boolean hasEnded(String path) {
    Cell cell = draft.find(path);
    return cell != null && cell.status.isTerminal();
  }

  private void giveUp(Cell cell) {
    if (cell.status == StepStatus.PENDING && !cell.is(StepRow.Marks.RELEASED)) {
      flow.endings.end(cell, StepStatus.NOT_RUN, Reason.of("never_elected"));
    }
  }

  /**
   * Nothing of the run moves: steps that wait for a condition are given up until something does.
   *
   * @return whether there were any
   */
  boolean giveUp() {
    if (draft.graph.watches().isEmpty()) {
      return false;
    }
    boolean any = false;
    List<Integer> order = draft.graph.patience();
    draft.base.require(
        order.stream().map(draft.graph::node).filter(Node::isTop).map(Node::id).toList());
    for (int index : order) {
      List<String> paths = instances(draft.graph.node(index), -1, "");
      draft.base.require(paths);
      for (String path : paths) {
        Cell cell = draft.find(path);
        if (cell != null && isWaiting(cell)) {
          any = true;
          giveUp(draft.edit(path));
          draft.settle();
          if (draft.active > 0 || draft.waiting > 0) {
            return true;
          }
        }
      }
    }
    return any;
  }
}
