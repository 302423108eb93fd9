package dev.fanfare.graph;

import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Template;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One step of the graph, or the template of the instances of a {@code forEach} or a loop.
 *
 * @param index place in {@link Graph#nodes()}
 * @param id static path: {@code publish.primary}, {@code test[21,linux]}, {@code unit[*]}, {@code
 *     build:always}
 * @param suffix what an instance of this node adds to its parent's path: {@code .primary}, {@code
 *     [21,linux]}, {@code :always}; empty for the template of a {@code forEach} or a loop, whose
 *     instances are named by item or turn
 * @param shape what it is
 * @param step the step as written; a fan and its instances share one
 * @param role which of the written step's attributes this node carries
 * @param when the condition that decides whether this node is skipped
 * @param parent index of the enclosing node, for a hook of the step it belongs to; -1 at the top
 *     and for the hooks of the run
 * @param ordinal place among its siblings, from 0
 * @param children indexes of the nodes inside, in written order; without hooks
 * @param hooks indexes of its hooks
 * @param moment when it is called, for a hook
 * @param needs edges into this node
 * @param dependants edges out of this node
 * @param bindings names that a matrix gives to everything inside
 */
public record Node(
    int index,
    String id,
    String suffix,
    Shape shape,
    Step step,
    Role role,
    Optional<Template> when,
    int parent,
    int ordinal,
    List<Integer> children,
    Map<Hooks.Moment, Integer> hooks,
    Optional<Hooks.Moment> moment,
    List<Edge> needs,
    List<Edge> dependants,
    Map<String, Object> bindings) {

  public Node {
    children = List.copyOf(children);
    hooks = ordered(hooks);
    needs = List.copyOf(needs);
    dependants = List.copyOf(dependants);
  }

  /** Hooks in the order of their moments, not to be changed. */
  static Map<Hooks.Moment, Integer> ordered(Map<Hooks.Moment, Integer> hooks) {
    return hooks.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(hooks));
  }

  /** A step with a fan is two nodes; each carries its share of the attributes. */
  public enum Role {
    /** A step without a fan: carries everything. */
    PLAIN,
    /** The fan itself: needs, skip policy, failure policy, {@code maxParallel}. */
    FAN,
    /**
     * One instance: work, retries, timeouts, environment, outputs, hooks. A turn of a loop is one
     * as well; its step has none of these.
     */
    INSTANCE
  }

  /** Whether nothing is around it: a top-level step, or a hook of the run. */
  public boolean isTop() {
    return parent < 0;
  }

  /** Whether it is a hook of a step or of the run. */
  public boolean isHook() {
    return moment.isPresent();
  }

  public boolean isLeaf() {
    return shape instanceof Shape.Leaf;
  }

  /** Whether retries and timeouts of the written step apply to this node. */
  public boolean carriesAttempts() {
    return role != Role.FAN;
  }

  /** Whether needs, skip policy and failure policy of the written step apply to this node. */
  public boolean carriesPolicy() {
    return role != Role.INSTANCE;
  }

  /** Whether a condition releases it: it waits for nothing else. */
  public boolean waitsForCondition() {
    return carriesPolicy() && !isHook() && step.join() == Step.Join.WHEN;
  }

  /** Most children of this node in progress at once, where it says so. */
  public Optional<Template> childLimit() {
    return switch (shape) {
      case Shape.Parallel parallel -> parallel.definition().maxParallel();
      case Shape.ForEach ignored -> step.maxParallel();
      case Shape.Matrix ignored -> step.maxParallel();
      case Shape.Leaf ignored -> Optional.empty();
      case Shape.Sequence ignored -> Optional.empty();
      case Shape.Loop ignored -> Optional.empty();
      case Shape.Switch ignored -> Optional.empty();
      case Shape.Race ignored -> Optional.empty();
    };
  }
}
