package dev.fanfare.engine;

import dev.fanfare.definition.StepStatus;
import dev.fanfare.engine.Reruns.Sibling;
import dev.fanfare.graph.Edge;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which steps of a run that has ended begin anew when it goes on.
 *
 * <p>A step that did not succeed begins anew, and with it everything downstream, be it by a need or
 * by a condition that was waited for. A structure in which some steps begin anew and others are
 * kept resumes. A race is never half reopened: one that was won is kept, unless something upstream
 * of it begins anew; one that was not begins anew with all its branches.
 */
final class RerunPlan {

  private enum Fate {
    KEEP,
    RESUME,
    ANEW
  }

  private final Draft draft;
  private final Event.From from;
  private final Set<String> anew = new LinkedHashSet<>();
  private final Set<String> resumed = new LinkedHashSet<>();

  RerunPlan(Draft draft, Event.From from) {
    this.draft = draft;
    this.from = from;
  }

  /** Paths that begin anew, with all that is inside them. */
  Set<String> anew() {
    return anew;
  }

  /** Paths of structures that go on with what is kept in them. */
  Set<String> resumed() {
    return resumed;
  }

  /** Decides about siblings and what is inside them; false if nothing is to run again. */
  boolean of(List<Sibling> siblings) {
    Map<Integer, Fate> fates = new HashMap<>();
    boolean any = false;
    for (Sibling sibling : siblings) {
      Fate fate = fate(sibling);
      apply(sibling, fate);
      any |= fate != Fate.KEEP;
      if (fate != Fate.KEEP) {
        fates.put(sibling.node().index(), fate);
      }
    }
    if (any) {
      siblings.stream().filter(this::readsRun).forEach(each -> beginsAnew(each, fates));
    }
    downstream(siblings, fates);
    return any;
  }

  /** Whether the state of the run, which begins anew, has released a step or something in it. */
  private boolean readsRun(Sibling top) {
    return top.node().isTop()
        && draft.graph.watches().ofRun().stream()
            .map(draft.graph::node)
            .map(Node::id)
            .anyMatch(id -> id.equals(top.node().id()) || isInside(id, top.node().id()));
  }

  private void beginsAnew(Sibling sibling, Map<Integer, Fate> fates) {
    forget(sibling.path());
    anew.add(sibling.path());
    fates.put(sibling.node().index(), Fate.ANEW);
  }

  private void apply(Sibling sibling, Fate fate) {
    switch (fate) {
      case KEEP -> {}
      case RESUME -> resumed.add(sibling.path());
      case ANEW -> anew.add(sibling.path());
    }
  }

  /** What needs a step that runs again, directly or not, begins anew. */
  private void downstream(List<Sibling> siblings, Map<Integer, Fate> fates) {
    Map<Integer, Sibling> byNode = new HashMap<>();
    siblings.forEach(sibling -> byNode.put(sibling.node().index(), sibling));
    Deque<Integer> open = new ArrayDeque<>(fates.keySet());
    Set<Integer> seen = new LinkedHashSet<>();
    while (!open.isEmpty()) {
      Node node = draft.graph.node(open.remove());
      Set<Integer> after = new LinkedHashSet<>(draft.graph.watches().followers(node.index()));
      node.dependants().stream().map(Edge::to).forEach(after::add);
      for (int to : after) {
        Sibling next = byNode.get(to);
        if (next != null && seen.add(to)) {
          beginsAnew(next, fates);
          open.add(to);
        }
      }
    }
  }

  /** Whatever was decided about a step and what is inside it no longer counts. */
  private void forget(String path) {
    anew.removeIf(each -> isInside(each, path));
    resumed.removeIf(each -> each.equals(path) || isInside(each, path));
  }

  static boolean isInside(String path, String group) {
    return path.length() > group.length()
        && path.startsWith(group)
        && (path.charAt(group.length()) == '.' || path.charAt(group.length()) == '[');
  }

  private Fate fate(Sibling sibling) {
    Cell cell = draft.find(sibling.path());
    return switch (from) {
      case Event.From.Start ignored -> Fate.ANEW;
      case Event.From.Failed ignored ->
          cell != null && isKept(cell) && !Reruns.failsRun(draft, cell)
              ? Fate.KEEP
              : again(sibling, cell);
      case Event.From.Of of -> {
        if (of.step().equals(sibling.path())) {
          yield Fate.ANEW;
        }
        boolean kept = cell != null && Reruns.endedByItself(cell.status);
        yield kept && !isInside(of.step(), sibling.path()) ? Fate.KEEP : again(sibling, cell);
      }
    };
  }

  private static boolean isKept(Cell cell) {
    return Reruns.endedByItself(cell.status) && !cell.status.isFailure();
  }

  private Fate again(Sibling sibling, @Nullable Cell cell) {
    if (cell == null || !hasBegun(cell) || !isResumable(sibling.node(), cell)) {
      return Fate.ANEW;
    }
    if (sibling.node().shape() instanceof Shape.Loop && isInOlderTurn(cell)) {
      return Fate.ANEW;
    }
    List<Sibling> children = Reruns.children(draft.graph, sibling.node(), cell);
    boolean begun = children.stream().anyMatch(child -> draft.find(child.path()) != null);
    boolean more = hasMore(sibling.node(), cell);
    boolean again = of(children);
    if (begun && (again || more)) {
      return Fate.RESUME;
    }
    children.forEach(child -> forget(child.path()));
    children.forEach(child -> anew.remove(child.path()));
    return Fate.ANEW;
  }

  /**
   * Whether what is inside is of its present life: one that was put back and then not come to has
   * in it what an earlier life has left.
   */
  private static boolean hasBegun(Cell cell) {
    return cell.is(StepRow.Marks.REACHED_RUNNING) || cell.is(StepRow.Marks.RESUMES);
  }

  /** Whether the run goes on from a step of a turn after which there were others. */
  private boolean isInOlderTurn(Cell loop) {
    return from instanceof Event.From.Of of
        && isInside(of.step(), loop.path)
        && Loops.newest(loop)
            .filter(turn -> of.step().equals(turn) || isInside(of.step(), turn))
            .isEmpty();
  }

  /** Whether a structure would have gone on although all that it has made has ended well. */
  private static boolean hasMore(Node node, Cell cell) {
    return switch (node.shape()) {
      case Shape.ForEach ignored -> cell.cursor < Items.names(cell).size();
      // One that failed by itself has reached its limit, or its condition cannot be evaluated.
      case Shape.Loop ignored -> !cell.status.isSuccess() && cell.status != StepStatus.FAILED;
      case Shape.Leaf ignored -> false;
      case Shape.Race ignored -> false;
      case Shape.Parallel ignored -> false;
      case Shape.Sequence ignored -> false;
      case Shape.Matrix ignored -> false;
      case Shape.Switch ignored -> false;
    };
  }

  private static boolean isResumable(Node node, Cell cell) {
    return switch (node.shape()) {
      case Shape.Leaf ignored -> false;
      case Shape.Race ignored -> false;
      case Shape.Parallel ignored -> true;
      case Shape.Sequence ignored -> true;
      case Shape.Matrix ignored -> true;
      case Shape.Switch ignored -> true;
      case Shape.Loop ignored -> true;
      case Shape.ForEach ignored -> !Items.names(cell).isEmpty();
    };
  }
}
