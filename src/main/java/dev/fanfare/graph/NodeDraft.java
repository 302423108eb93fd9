package dev.fanfare.graph;

import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Template;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node while the compiler still adds to it. */
final class NodeDraft {
  final int index;
  final String id;
  final String suffix;
  final Shape shape;
  final Step step;
  final Node.Role role;
  final @Nullable NodeDraft parent;
  final int ordinal;
  final Map<String, Object> bindings;

  /** Root names that expressions inside this node may use besides the workflow's. */
  final Set<String> names;

  final List<NodeDraft> children = new ArrayList<>();
  final Map<Hooks.Moment, NodeDraft> hooks = new EnumMap<>(Hooks.Moment.class);

  /** When this is called, for a hook. */
  Optional<Hooks.Moment> moment = Optional.empty();

  /** Edges into this node by the index of where they come from; written needs come first. */
  final Map<Integer, Edge> needs = new LinkedHashMap<>();

  final List<Edge> dependants = new ArrayList<>();
  Optional<Template> when = Optional.empty();

  NodeDraft(
      int index,
      String id,
      String suffix,
      Shape shape,
      Step step,
      Node.Role role,
      @Nullable NodeDraft parent,
      int ordinal,
      Map<String, Object> bindings,
      Set<String> names) {
    this.index = index;
    this.id = id;
    this.suffix = suffix;
    this.shape = shape;
    this.step = step;
    this.role = role;
    this.parent = parent;
    this.ordinal = ordinal;
    this.bindings = bindings;
    this.names = names;
  }

  int depth() {
    int depth = 0;
    for (NodeDraft up = parent; up != null; up = up.parent) {
      depth++;
    }
    return depth;
  }

  boolean isInside(NodeDraft other) {
    for (NodeDraft up = parent; up != null; up = up.parent) {
      if (up == other) {
        return true;
      }
    }
    return false;
  }

  /** The nearest {@code forEach} or loop around it: there is one of this step for each instance. */
  Optional<NodeDraft> repeatedBy() {
    NodeDraft up = this;
    while (up != null && !up.isRepeatedByParent()) {
      up = up.parent;
    }
    return Optional.ofNullable(up).map(repeated -> repeated.parent);
  }

  /** Whether what it is directly in makes many of it; the hook of a loop is called once. */
  boolean isRepeatedByParent() {
    return parent != null && moment.isEmpty() && parent.shape instanceof Shape.Repeated;
  }

  /** Whether a condition releases it: it waits for nothing else. */
  boolean waitsForCondition() {
    return role != Node.Role.INSTANCE && moment.isEmpty() && step.join() == Step.Join.WHEN;
  }

  static Map<Hooks.Moment, Integer> indexes(Map<Hooks.Moment, NodeDraft> hooks) {
    Map<Hooks.Moment, Integer> indexes = new LinkedHashMap<>();
    hooks.forEach((moment, hook) -> indexes.put(moment, hook.index));
    return indexes;
  }

  Node freeze() {
    return new Node(
        index,
        id,
        suffix,
        shape,
        step,
        role,
        when,
        parent == null ? -1 : parent.index,
        ordinal,
        children.stream().map(child -> child.index).toList(),
        indexes(hooks),
        moment,
        List.copyOf(needs.values()),
        dependants,
        bindings);
  }
}
