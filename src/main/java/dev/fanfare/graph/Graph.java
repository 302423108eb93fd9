package dev.fanfare.graph;

import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.Workflow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A compiled workflow. Immutable; shared by every run with the same hash. */
public final class Graph {

  private final Workflow workflow;
  private final List<Node> nodes;
  private final List<Integer> top;
  private final Map<Hooks.Moment, Integer> hooks;
  private final Watches watches;
  private final Map<String, Node> byId = new HashMap<>();
  private @Nullable List<Integer> patience;
  private int @Nullable [] ranks;

  /**
   * @param workflow what was written
   * @param nodes every node, a parent before its children
   * @param top indexes of the top-level nodes, in written order
   * @param hooks indexes of the hooks of the run
   * @param watches which steps wait for a condition
   */
  Graph(
      Workflow workflow,
      List<Node> nodes,
      List<Integer> top,
      Map<Hooks.Moment, Integer> hooks,
      Watches watches) {
    this.workflow = workflow;
    this.nodes = List.copyOf(nodes);
    this.top = List.copyOf(top);
    this.hooks = Node.ordered(hooks);
    this.watches = watches;
    nodes.forEach(node -> byId.put(node.id(), node));
  }

  public Workflow workflow() {
    return workflow;
  }

  public List<Node> nodes() {
    return nodes;
  }

  public List<Integer> top() {
    return top;
  }

  /** The hooks of the run, in the order of their moments. */
  public Map<Hooks.Moment, Integer> hooks() {
    return hooks;
  }

  public Node node(int index) {
    return nodes.get(index);
  }

  /** The node with a static path. */
  public Optional<Node> byId(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Which steps wait for a condition, and what these read. */
  public Watches watches() {
    return watches;
  }

  /** The steps that wait for a condition, in the order in which they are given up. */
  public List<Integer> patience() {
    List<Integer> known = patience;
    if (known == null) {
      known = List.copyOf(Patience.of(this));
      patience = known;
    }
    return known;
  }

  /**
   * A number that is higher than that of every sibling the node needs, directly or over others.
   * Computed when it is first asked for; whoever comes second at the same time computes the same. A
   * step that reads another in {@code join: when} is placed after it like one that needs it, where
   * the two do not read each other.
   */
  public int rank(Node node) {
    int[] known = ranks;
    if (known == null) {
      known = Ranks.of(this);
      ranks = known;
    }
    return known[node.index()];
  }

  /** The structure that a node is inside of, or the step that a hook belongs to. */
  public Optional<Node> parent(Node node) {
    return node.isTop() ? Optional.empty() : Optional.of(nodes.get(node.parent()));
  }

  /** The structure that a node is a child of; a hook is none of its step's. */
  public Optional<Node> group(Node node) {
    return node.isHook() ? Optional.empty() : parent(node);
  }

  /**
   * The path of an instance of a node inside its parent's instance; not for {@code forEach} items,
   * which are named by their key or index.
   */
  public static String pathOf(Node node, String parentPath) {
    return node.isTop() ? node.id() : parentPath + node.suffix();
  }
}
