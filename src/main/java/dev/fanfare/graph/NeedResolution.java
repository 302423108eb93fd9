package dev.fanfare.graph;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.expression.Expressions;
import dev.fanfare.expression.References;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns written needs, written order and reads of other steps into edges between siblings. */
final class NeedResolution {

  /** A callback's token can be read while its step waits, and only then. */
  private static final Set<StepStatus> WAITING = Set.of(StepStatus.WAITING);

  private static final Set<StepStatus> SUCCEEDED = Set.of(StepStatus.SUCCEEDED);

  /** In a sequence a step that was skipped lets the next one go on, as in every CI system read. */
  private static final Set<StepStatus> IN_ORDER = Set.of(StepStatus.SUCCEEDED, StepStatus.SKIPPED);

  private static final Set<StepStatus> FINISHED = Set.copyOf(StepStatus.terminal());

  /** What can be read of a step however it ended. */
  private static final Set<String> READ_OF_ANY_END = Set.of("status", "error", "exitCode");

  private static final String READ_EARLIER = "read a step that ends before this one starts";

  private final NodeTree tree;
  private final Set<String> workflowNames;
  private final SecretRules secrets;
  private final List<Diagnostic> diagnostics;
  private final Conditions conditions;
  private final Map<String, NodeDraft> byId = new HashMap<>();

  /** Steps inside a {@code forEach} or a loop, by their path without brackets. */
  private final Map<String, NodeDraft> repeated = new HashMap<>();

  NeedResolution(
      NodeTree tree, Set<String> workflowNames, SecretRules secrets, List<Diagnostic> diagnostics) {
    this.tree = tree;
    this.secrets = secrets;
    this.workflowNames = workflowNames;
    this.diagnostics = diagnostics;
    this.conditions = new Conditions(tree, diagnostics);
    for (NodeDraft node : tree.nodes) {
      byId.put(node.id, node);
      node.repeatedBy()
          .ifPresent(ignored -> repeated.putIfAbsent(node.id.replace("[*]", ""), node));
    }
  }

  void resolve(boolean topInOrder) {
    resolveWritten(tree.top, topInOrder);
    for (NodeDraft node : tree.nodes) {
      resolveWritten(node.children, inOrder(node));
    }
    tree.nodes.forEach(this::resolveReads);
    for (NodeDraft node : tree.nodes) {
      node.needs.values().forEach(edge -> tree.nodes.get(edge.from()).dependants.add(edge));
    }
  }

  /** Which steps wait for a condition. */
  Watches watches() {
    return conditions.all();
  }

  private static boolean inOrder(NodeDraft group) {
    return group.shape instanceof Shape.Sequence;
  }

  private void resolveWritten(List<NodeDraft> siblings, boolean inOrder) {
    Map<String, NodeDraft> byName = new HashMap<>();
    siblings.forEach(node -> byName.putIfAbsent(node.step.name(), node));
    NodeDraft previous = null;
    for (NodeDraft node : siblings) {
      if (node.waitsForCondition()) {
        conditions.check(node, inOrder);
        previous = node;
        continue;
      }
      if (node.role != Node.Role.INSTANCE) {
        node.step.needs().forEach(need -> written(node, need, byName));
      }
      if (inOrder && previous != null) {
        NodeDraft before = previous;
        node.needs.computeIfAbsent(
            before.index, from -> new Edge(from, node.index, IN_ORDER, Edge.Origin.ORDER));
      }
      previous = node;
    }
  }

  private void written(NodeDraft node, Step.Need need, Map<String, NodeDraft> byName) {
    NodeDraft target = byName.get(need.step());
    if (target == null) {
      missing(node, need, byName);
    } else if (target == node) {
      error("self-need", "'" + node.id + "' needs itself", need.span(), "remove the need");
    } else if (node.parent != null && node.parent.shape instanceof Shape.Race) {
      error(
          "need-in-race",
          "branches of a race cannot need each other",
          need.span(),
          "put the two steps into one branch, as a sequence");
    } else if (node.needs.containsKey(target.index)) {
      error(
          "duplicate-need",
          "'" + node.id + "' needs '" + need.step() + "' twice",
          need.span(),
          "write one need with all its statuses: {step: " + need.step() + ", on: [..]}");
    } else {
      node.needs.put(
          target.index,
          new Edge(target.index, node.index, Set.copyOf(need.on()), Edge.Origin.WRITTEN));
    }
  }

  private void missing(NodeDraft node, Step.Need need, Map<String, NodeDraft> byName) {
    NodeDraft elsewhere = byId.get(need.step());
    String hint =
        elsewhere != null
            ? "needs names a step of the same 'steps'; put the need on the enclosing step"
            : Suggestion.of(need.step(), byName.keySet());
    error(
        "missing-need",
        "'" + node.id + "' needs '" + need.step() + "', which is no step beside it",
        need.span(),
        hint);
  }

  private void resolveReads(NodeDraft node) {
    for (NodeTemplates.Used used : NodeTemplates.of(node)) {
      Set<String> names = new HashSet<>(workflowNames);
      names.addAll(node.names);
      names.addAll(used.extraNames());
      Expressions.Checked checked = Expressions.check(used.template(), names);
      diagnostics.addAll(checked.diagnostics());
      secrets.check(checked.references(), used.place());
      checked.references().steps().forEach(read -> read(node, used, read));
      if (used.asked()) {
        conditions.readsOf(node, checked.references());
      }
    }
  }

  private void read(NodeDraft reader, NodeTemplates.Used used, References.StepRead read) {
    Optional<NodeDraft> found = find(reader, read.step());
    NodeDraft many = found.isEmpty() ? repeated.get(read.step().replace("[*]", "")) : null;
    if (many != null) {
      notUpstream(reader, read, many);
      return;
    }
    if (found.isEmpty()) {
      error(
          "unknown-step",
          "'" + reader.id + "' reads '" + read.step() + "', which is no step it can see",
          read.span(),
          Suggestion.of(read.step(), byId.keySet()));
      return;
    }
    NodeDraft target = found.get();
    Optional<Hooks.Moment> moment = momentBetween(reader, target);
    if (target == reader || reader.isInside(target) || target.isInside(reader)) {
      boolean ended =
          target.isInside(reader)
              ? moment.map(Hooks.Moment.BEFORE::equals).orElse(!used.early())
              : moment.filter(called -> called != Hooks.Moment.BEFORE).isPresent();
      if (!ended) {
        error(
            "read-of-itself",
            "'" + reader.id + "' reads '" + target.id + "', which has not ended then",
            read.span(),
            READ_EARLIER);
      }
      return;
    }
    NodeDraft from = target;
    NodeDraft to = reader;
    while (from.depth() > to.depth()) {
      from = parentOf(from);
    }
    while (to.depth() > from.depth()) {
      to = parentOf(to);
    }
    while (from.parent != to.parent) {
      from = parentOf(from);
      to = parentOf(to);
    }
    if (from.moment.isPresent() || to.moment.isPresent()) {
      readAround(reader, read, target, from, to);
    } else {
      infer(reader, used, read, target, from, to);
    }
  }

  /** Of which moment the hook is that one of two nodes is in and the other is around. */
  private static Optional<Hooks.Moment> momentBetween(NodeDraft one, NodeDraft other) {
    NodeDraft inner = one.isInside(other) ? one : other;
    NodeDraft outer = inner == one ? other : one;
    if (!inner.isInside(outer)) {
      return Optional.empty();
    }
    NodeDraft at = inner;
    while (parentOf(at) != outer) {
      at = parentOf(at);
    }
    return at.moment;
  }

  /**
   * A read that a hook is part of: what stands around a step orders them already, so no edge.
   *
   * @param from what is read, or what around it is a sibling or hook beside {@code to}
   * @param to who reads, likewise
   */
  private void readAround(
      NodeDraft reader, References.StepRead read, NodeDraft target, NodeDraft from, NodeDraft to) {
    boolean earlier =
        from.moment.isEmpty()
            ? !to.moment.equals(Optional.of(Hooks.Moment.BEFORE))
            : from.moment.get() == Hooks.Moment.BEFORE
                || to.moment.equals(Optional.of(Hooks.Moment.ALWAYS));
    if (!earlier || isRepeated(target, from)) {
      notUpstream(reader, read, target);
    }
  }

  /** Whether there are many of a step inside something around it. */
  private static boolean isRepeated(NodeDraft target, NodeDraft around) {
    boolean repeats = false;
    for (NodeDraft up = target; up != around; up = parentOf(up)) {
      repeats |= up.isRepeatedByParent();
    }
    return repeats;
  }

  private void infer(
      NodeDraft reader,
      NodeTemplates.Used used,
      References.StepRead read,
      NodeDraft target,
      NodeDraft from,
      NodeDraft to) {
    boolean apart =
        to.parent != null
            && (to.parent.shape instanceof Shape.Race
                || to.parent.shape instanceof Shape.Switch
                || (inOrder(to.parent) && from.ordinal > to.ordinal));
    if (apart || isRepeated(target, from)) {
      notUpstream(reader, read, target);
      return;
    }
    if (used.asked()) {
      conditions.read(reader, target, to, from, read.field());
      return;
    }
    if (Conditions.isBetween(reader, to) || isUpstream(from, to)) {
      return;
    }
    Set<StepStatus> on =
        READ_OF_ANY_END.contains(read.field())
            ? FINISHED
            : read.field().equals("token") ? WAITING : SUCCEEDED;
    Edge inferred = new Edge(from.index, to.index, on, Edge.Origin.INFERRED);
    to.needs.merge(from.index, inferred, NeedResolution::stricter);
  }

  private void notUpstream(NodeDraft reader, References.StepRead read, NodeDraft target) {
    error(
        "not-upstream",
        "'" + reader.id + "' reads '" + target.id + "', which is not upstream of it",
        read.span(),
        target.repeatedBy().map(group -> instead(reader, target, group)).orElse(READ_EARLIER));
  }

  /** What to read in place of a step of which there are many. */
  private static String instead(NodeDraft reader, NodeDraft target, NodeDraft group) {
    if (reader == group || reader.isInside(group)) {
      return "inside '" + group.id + "' it is steps." + target.step.name();
    }
    return group.shape instanceof Shape.Loop
        ? "read the output of the loop: its 'last' is what the last turn has yielded"
        : "read the output of the step with forEach: a list in item order";
  }

  /**
   * Two inferred needs of one step: reading its output too demands more than reading its status.
   */
  private static Edge stricter(Edge one, Edge other) {
    boolean replace = one.origin() == Edge.Origin.INFERRED && other.on().size() < one.on().size();
    return replace ? other : one;
  }

  /** Whether {@code to} waits for {@code from} already, through needs that were written. */
  private boolean isUpstream(NodeDraft from, NodeDraft to) {
    Edge direct = to.needs.get(from.index);
    if (direct != null) {
      return direct.origin() != Edge.Origin.INFERRED;
    }
    if (to.needs.isEmpty()) {
      return false;
    }
    Set<Integer> seen = new HashSet<>();
    Deque<NodeDraft> open = new ArrayDeque<>();
    open.add(to);
    while (!open.isEmpty()) {
      for (Edge edge : open.remove().needs.values()) {
        if (edge.origin() == Edge.Origin.INFERRED) {
          continue;
        }
        if (edge.from() == from.index) {
          return true;
        }
        if (seen.add(edge.from())) {
          open.add(tree.nodes.get(edge.from()));
        }
      }
    }
    return false;
  }

  /**
   * A sibling of the reader or of anything around it, the step that a hook belongs to, a hook of
   * anything around the reader as in {@code build:before}, or any step by its whole path. The
   * conditions of a loop see the steps of its newest turn.
   */
  private Optional<NodeDraft> find(NodeDraft reader, String id) {
    NodeDraft ofTurn =
        reader.shape instanceof Shape.Loop ? byId.get(reader.id + "[*]." + id) : null;
    if (ofTurn != null) {
      return Optional.of(ofTurn);
    }
    for (NodeDraft up = reader; up != null; up = up.parent) {
      NodeDraft inside = byId.get(up.id + "." + id);
      if (inside != null) {
        return Optional.of(inside);
      }
      if (up.moment.isPresent() && up.parent != null && up.parent.step.name().equals(id)) {
        return Optional.of(up.parent);
      }
      NodeDraft hook =
          id.startsWith(up.step.name() + ":")
              ? byId.get(up.id + id.substring(up.step.name().length()))
              : null;
      if (hook != null) {
        return Optional.of(hook);
      }
    }
    return Optional.ofNullable(byId.get(id)).filter(node -> node.repeatedBy().isEmpty());
  }

  private static NodeDraft parentOf(NodeDraft node) {
    @Nullable NodeDraft parent = node.parent;
    if (parent == null) {
      throw new IllegalStateException("'" + node.id + "' is at the top");
    }
    return parent;
  }

  private void error(String code, String message, SourceSpan span, String hint) {
    diagnostics.add(Diagnostic.error(code, message, span, hint));
  }
}
