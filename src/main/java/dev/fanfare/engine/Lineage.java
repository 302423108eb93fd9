package dev.fanfare.engine;

import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Work;
import dev.fanfare.graph.Edge;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The steps upstream of a step whose files it sees, and which of them came before which.
 *
 * <p>Upstream are the steps it needs, what those need, and the same of every structure around it;
 * and of a structure that is upstream everything inside. Of a race only its winners count, of a
 * loop the turns before, and instances of a {@code forEach} are not upstream of each other. A need
 * that is met before its step ends ({@code on: running}) brings no files; of {@code join: any} only
 * the need that released the step does, of {@code join: when} what the condition reads and had
 * ended when it held. A {@code before} hook is upstream of its step and of what is inside it, the
 * other hooks come after both, and whoever needs the step sees them all. Which steps are upstream
 * hangs on the graph and on what is stored, never on when one looks: an attempt after the first
 * sees the same.
 */
public final class Lineage {

  private static final Comparator<int[]> BY_POSITION = Arrays::compare;

  private final Graph graph;
  private final Map<String, Place> places = new HashMap<>();
  private final List<Ancestor> ancestors = new ArrayList<>();

  /** Rows are read while what is upstream is looked up, and never after. */
  private @Nullable RunState rows;

  /**
   * A step that has left files, if it has written any.
   *
   * @param attempt the one that counts
   */
  public record Ancestor(String step, int attempt) {}

  /**
   * Where an instance stands.
   *
   * @param releasedBy the steps beside it that released it, where not all that it needs did
   */
  private record Place(
      Node node, String path, String parent, int ordinal, Collection<?> releasedBy) {}

  private Lineage(Graph graph, RunState rows) {
    this.graph = graph;
    this.rows = rows;
  }

  /**
   * What is upstream of a step that is about to be worked on.
   *
   * @throws RunState.MissingRows if rows are not loaded
   */
  public static Lineage of(Graph graph, RunState state, String step) {
    Lineage lineage = new Lineage(graph, state);
    List<Place> level = new ArrayList<>();
    Cell at = state.cell(step);
    Optional<Place> within = Optional.empty();
    while (at != null) {
      Place place = new Place(graph.node(at.node), at.path, at.parent, at.ordinal, releasers(at));
      lineage.places.put(at.path, place);
      level.addAll(lineage.hooksBefore(place.node().hooks(), place.path(), within));
      if (within.filter(inner -> Phases.isAfter(inner.node())).isPresent()) {
        level.addAll(lineage.content(place, at));
      }
      level.addAll(lineage.before(place));
      within = Optional.of(place);
      at = at.parent.isEmpty() ? null : state.cell(at.parent);
    }
    level.addAll(lineage.hooksBefore(graph.hooks(), "", within));
    if (within.filter(top -> Phases.isAfter(top.node())).isPresent()) {
      graph.top().stream().map(index -> lineage.place(graph.node(index), "")).forEach(level::add);
    }
    while (!level.isEmpty()) {
      level = lineage.inside(level, state);
    }
    lineage.sort();
    lineage.rows = null;
    return lineage;
  }

  /**
   * What a step's lineage has in common with that of other steps: the structure around it, where
   * the step itself adds nothing to what is upstream of that. Steps that give the same text have
   * the same lineage, at any time; empty for a step that has one of its own.
   *
   * @throws RunState.MissingRows if rows are not loaded
   */
  public static Optional<String> sharedBy(Graph graph, RunState state, String step) {
    Cell at = state.cell(step);
    while (at != null) {
      Node node = graph.node(at.node);
      boolean isTurn = isTurn(graph, node);
      if (node.isHook()) {
        return Optional.empty();
      }
      if (!node.needs().isEmpty()
          || node.waitsForCondition()
          || node.hooks().containsKey(Hooks.Moment.BEFORE)
          || isTurn) {
        String name = state.run().facts().attempt() + ":" + at.attempt + ":" + at.path;
        return Optional.of(name).filter(ignored -> !node.isLeaf());
      }
      at = at.parent.isEmpty() ? null : state.cell(at.parent);
    }
    return Optional.of(state.run().facts().attempt() + ":");
  }

  private static boolean isTurn(Graph graph, Node node) {
    return graph.group(node).filter(around -> around.shape() instanceof Shape.Loop).isPresent();
  }

  /** The hooks of a step, or of the run, that come before something within it, or before it. */
  private List<Place> hooksBefore(
      Map<Hooks.Moment, Integer> hooks, String owner, Optional<Place> within) {
    int phase = within.map(inner -> Phases.of(inner.node())).orElse(Phases.CONTENT);
    return hooks.values().stream()
        .map(graph::node)
        .filter(hook -> Phases.of(hook) < phase)
        .map(hook -> place(hook, owner))
        .toList();
  }

  /** The steps upstream, each after those it saw itself. */
  public List<Ancestor> ancestors() {
    return ancestors;
  }

  /** Everything that comes before an instance beside it. */
  private List<Place> before(Place place) {
    return isTurn(graph, place.node()) ? turnsBefore(place) : siblingsBefore(place);
  }

  private List<Place> turnsBefore(Place place) {
    List<Place> found = new ArrayList<>();
    for (int turn = 0; turn < place.ordinal(); turn++) {
      String path = place.parent() + "[" + turn + "]";
      Place earlier = new Place(place.node(), path, place.parent(), turn, Set.of());
      if (rows != null) {
        places.put(path, earlier);
      }
      found.add(earlier);
    }
    return found;
  }

  private List<Place> siblingsBefore(Place place) {
    List<Place> found = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    Deque<Place> open = new ArrayDeque<>(List.of(place));
    while (!open.isEmpty()) {
      for (Node node : carriers(open.remove())) {
        if (seen.add(node.index())) {
          Place sibling = place(node, place.parent());
          found.add(sibling);
          open.add(sibling);
        }
      }
    }
    return found;
  }

  /** The siblings whose files an instance sees because it needs them. */
  private List<Node> carriers(Place place) {
    if (place.node().waitsForCondition()) {
      return graph.watches().by(place.node().index()).stream()
          .map(watch -> graph.node(watch.from()))
          .filter(from -> place.releasedBy().contains(Graph.pathOf(from, place.parent())))
          .toList();
    }
    List<Node> nodes = new ArrayList<>();
    for (Edge edge : place.node().needs()) {
      Node from = graph.node(edge.from());
      boolean releases =
          !isReleasedByOne(place.node())
              || place.releasedBy().contains(Graph.pathOf(from, place.parent()));
      if (releases && !edge.releasesBeforeTheEnd()) {
        nodes.add(from);
      }
    }
    return nodes;
  }

  private static boolean isReleasedByOne(Node node) {
    return node.step().join() == Step.Join.ANY && node.needs().size() > 1;
  }

  /** Whether what a step sees hangs on how it was released. */
  private static boolean isReleasedBySome(Node node) {
    return isReleasedByOne(node) || node.waitsForCondition();
  }

  private static Collection<?> releasers(Cell cell) {
    Collection<?> seen = Conditions.seen(cell);
    return seen.isEmpty() ? Set.of(cell.releasedBy) : seen;
  }

  /** The one instance of a node inside an instance of its parent. */
  private Place place(Node node, String parent) {
    String path = Graph.pathOf(node, parent);
    Place known = places.get(path);
    if (known != null) {
      return known;
    }
    Cell cell = rows != null && isReleasedBySome(node) ? rows.cell(path) : null;
    Collection<?> releasedBy = cell == null ? Set.of() : releasers(cell);
    Place place = new Place(node, path, parent, node.ordinal(), releasedBy);
    if (rows != null) {
      places.put(path, place);
    }
    return place;
  }

  /** Takes the steps of one level, and gives those inside the structures of it. */
  private List<Place> inside(List<Place> level, RunState state) {
    List<Place> wanted =
        level.stream().filter(place -> mayLeaveFiles(graph, place.node())).toList();
    List<String> needed = new ArrayList<>();
    for (Place place : wanted) {
      needed.add(place.path());
      place.node().children().stream()
          .map(graph::node)
          .filter(Lineage::isReleasedBySome)
          .forEach(child -> needed.add(Graph.pathOf(child, place.path())));
    }
    state.require(needed);
    List<Place> next = new ArrayList<>();
    for (Place place : wanted) {
      Cell cell = state.cell(place.path());
      if (cell == null) {
        continue;
      }
      place.node().hooks().values().stream()
          .map(hook -> place(graph.node(hook), place.path()))
          .forEach(next::add);
      next.addAll(content(place, cell));
    }
    return next;
  }

  /** Takes what a step has done itself, or gives the places of what is inside it. */
  private List<Place> content(Place place, Cell cell) {
    if (!place.node().isLeaf()) {
      return children(place.node(), cell);
    }
    if (isWorkWithFiles(place.node()) && Remains.hasEndedByItself(cell)) {
      ancestors.add(new Ancestor(cell.path, cell.attempt));
    }
    return List.of();
  }

  /** Whether a step, or one inside it, is of a kind that works with files. */
  public static boolean mayLeaveFiles(Graph graph, Node node) {
    return isWorkWithFiles(node)
        || node.children().stream().anyMatch(child -> mayLeaveFiles(graph, graph.node(child)))
        || node.hooks().values().stream().anyMatch(hook -> mayLeaveFiles(graph, graph.node(hook)));
  }

  private static boolean isWorkWithFiles(Node node) {
    return node.shape() instanceof Shape.Leaf leaf
        && (leaf.work() instanceof Work.Run || leaf.work() instanceof Work.Call);
  }

  private List<Place> children(Node node, Cell group) {
    return switch (node.shape()) {
      case Shape.ForEach ignored -> instances(node, group, Items.paths(group));
      case Shape.Race ignored ->
          written(node, group).stream()
              .filter(child -> Races.winners(group).contains(child.node().step().name()))
              .toList();
      case Shape.Parallel ignored -> written(node, group);
      case Shape.Sequence ignored -> written(node, group);
      case Shape.Matrix ignored -> written(node, group);
      case Shape.Switch ignored -> written(node, group);
      case Shape.Loop ignored -> instances(node, group, Loops.paths(group));
      case Shape.Leaf ignored -> List.of();
    };
  }

  private List<Place> written(Node node, Cell group) {
    return node.children().stream().map(child -> place(graph.node(child), group.path)).toList();
  }

  private List<Place> instances(Node node, Cell group, List<String> paths) {
    Node template = graph.node(node.children().getFirst());
    List<Place> made = new ArrayList<>();
    for (String path : paths.subList(0, Math.min(group.cursor, paths.size()))) {
      Place place = new Place(template, path, group.path, made.size(), Set.of());
      places.put(path, place);
      made.add(place);
    }
    return made;
  }

  private void sort() {
    Map<String, int[]> positions = new HashMap<>();
    ancestors.sort(
        Comparator.comparing(
            each -> {
              int[] position = position(each.step(), positions);
              int[] own = Arrays.copyOf(position, position.length + 1);
              own[position.length] = Phases.CONTENT;
              return own;
            },
            BY_POSITION));
  }

  /**
   * Phase, rank and number on each level from the top down: what is less comes before, or beside.
   */
  private int[] position(String path, Map<String, int[]> positions) {
    int[] known = positions.get(path);
    if (known != null) {
      return known;
    }
    Place place = places.get(path);
    if (place == null) {
      return new int[0];
    }
    int[] around = place.parent().isEmpty() ? new int[0] : position(place.parent(), positions);
    int[] position = Arrays.copyOf(around, around.length + 3);
    position[around.length] = Phases.of(place.node());
    position[around.length + 1] = graph.rank(place.node());
    position[around.length + 2] = place.ordinal();
    positions.put(path, position);
    return position;
  }

  /** Whether one ancestor is upstream of another, and so was seen by it. */
  public boolean isBefore(String step, String other) {
    List<Place> one = line(step);
    List<Place> two = line(other);
    int level = 0;
    while (level < Math.min(one.size(), two.size())
        && one.get(level).path().equals(two.get(level).path())) {
      level++;
    }
    boolean isInside = level == one.size() || level == two.size();
    int first = level == one.size() ? Phases.CONTENT : Phases.of(one.get(level).node());
    int second = level == two.size() ? Phases.CONTENT : Phases.of(two.get(level).node());
    if (first != second || isInside) {
      return first < second;
    }
    String wanted = one.get(level).path();
    return before(two.get(level)).stream().anyMatch(place -> place.path().equals(wanted));
  }

  /** An instance and all around it, from the top down. */
  private List<Place> line(String path) {
    Deque<Place> line = new ArrayDeque<>();
    Place at = places.get(path);
    while (at != null) {
      line.addFirst(at);
      at = places.get(at.parent());
    }
    return new ArrayList<>(line);
  }
}
