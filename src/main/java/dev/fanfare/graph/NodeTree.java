package dev.fanfare.graph;

import dev.fanfare.definition.Body;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Fan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Work;
import dev.fanfare.expression.Expressions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lays the steps of a workflow out as nodes: fans and structures become nodes of their own. */
final class NodeTree {

  /** A graph above this size is refused: no person wrote it, and its plan could not be read. */
  static final int MAX_NODES = 200_000;

  final List<NodeDraft> nodes = new ArrayList<>();
  final List<NodeDraft> top = new ArrayList<>();
  private final List<Diagnostic> diagnostics;
  private final CompileInputs inputs;
  private final Set<String> workflowNames;

  NodeTree(CompileInputs inputs, Set<String> workflowNames, List<Diagnostic> diagnostics) {
    this.inputs = inputs;
    this.workflowNames = workflowNames;
    this.diagnostics = diagnostics;
  }

  void build(List<Step> steps) {
    addAll(steps, null, Map.of(), Set.of());
  }

  private void addAll(
      List<Step> steps,
      @Nullable NodeDraft parent,
      Map<String, Object> bindings,
      Set<String> names) {
    Map<String, Step> seen = new HashMap<>();
    for (Step step : steps) {
      Step first = seen.putIfAbsent(step.name(), step);
      if (first != null) {
        diagnostics.add(
            Diagnostic.error(
                "duplicate-step",
                "two steps are named '" + step.name() + "'; the first is at " + first.span(),
                step.span(),
                "rename one of them"));
        continue;
      }
      addStep(step, parent, bindings, names);
    }
  }

  private void addStep(
      Step step, @Nullable NodeDraft parent, Map<String, Object> bindings, Set<String> names) {
    String suffix = "." + step.name();
    String id = parent == null ? step.name() : parent.id + suffix;
    if (step.fan().isEmpty()) {
      NodeDraft node =
          add(id, suffix, shape(step.body()), step, Node.Role.PLAIN, parent, bindings, names);
      node.when = step.when();
      addChildren(node);
      return;
    }
    switch (step.fan().get()) {
      case Fan.ForEach forEach -> addForEach(step, forEach, id, suffix, parent, bindings, names);
      case Fan.Matrix matrix -> addMatrix(step, matrix, id, suffix, parent, bindings, names);
    }
  }

  private void addForEach(
      Step step,
      Fan.ForEach forEach,
      String id,
      String suffix,
      @Nullable NodeDraft parent,
      Map<String, Object> bindings,
      Set<String> names) {
    NodeDraft fan =
        add(id, suffix, new Shape.ForEach(forEach), step, Node.Role.FAN, parent, bindings, names);
    Set<String> own = new HashSet<>(Set.of("item", "index"));
    own.add(forEach.as());
    Set<String> inner = new HashSet<>(names);
    inner.addAll(own);
    boolean perItem = readsAny(step, own, inner);
    NodeDraft instance =
        add(id + "[*]", "", shape(step.body()), step, Node.Role.INSTANCE, fan, bindings, inner);
    (perItem ? instance : fan).when = step.when();
    addChildren(instance);
  }

  private void addMatrix(
      Step step,
      Fan.Matrix matrix,
      String id,
      String suffix,
      @Nullable NodeDraft parent,
      Map<String, Object> bindings,
      Set<String> names) {
    NodeDraft fan =
        add(id, suffix, new Shape.Matrix(matrix), step, Node.Role.FAN, parent, bindings, names);
    Set<String> inner = new HashSet<>(names);
    inner.add("matrix");
    boolean perItem = readsAny(step, Set.of("matrix"), inner);
    if (!perItem) {
      fan.when = step.when();
    }
    for (Map<String, Object> values :
        new MatrixExpansion(inputs, workflowNames, diagnostics).expand(matrix)) {
      Map<String, Object> bound = new LinkedHashMap<>(bindings);
      bound.put("matrix", values);
      String name = "[" + MatrixExpansion.name(values) + "]";
      NodeDraft instance =
          add(id + name, name, shape(step.body()), step, Node.Role.INSTANCE, fan, bound, inner);
      if (perItem) {
        instance.when = step.when();
      }
      addChildren(instance);
    }
  }

  private boolean readsAny(Step step, Set<String> items, Set<String> inner) {
    Set<String> all = new HashSet<>(workflowNames);
    all.addAll(inner);
    return step.when()
        .map(when -> Expressions.check(when, all).references().names())
        .filter(read -> read.stream().anyMatch(items::contains))
        .isPresent();
  }

  private void addChildren(NodeDraft node) {
    if (node.shape instanceof Shape.Loop loop) {
      addTurn(node, loop.definition());
      return;
    }
    if (node.step.body() instanceof Structure structure) {
      addAll(childSteps(structure), node, node.bindings, node.names);
    }
  }

  /** The template of a loop's turns: its steps as a sequence, with nothing around it. */
  private void addTurn(NodeDraft node, Structure.Loop loop) {
    Step turn =
        Step.bare(
            node.step.name(), new Structure.Sequence(loop.steps()), Optional.empty(), loop.span());
    Set<String> inner = new HashSet<>(node.names);
    inner.addAll(Shape.Loop.NAMES);
    addChildren(
        add(
            node.id + "[*]",
            "",
            shape(turn.body()),
            turn,
            Node.Role.INSTANCE,
            node,
            node.bindings,
            inner));
  }

  private NodeDraft add(
      String id,
      String suffix,
      Shape shape,
      Step step,
      Node.Role role,
      @Nullable NodeDraft parent,
      Map<String, Object> bindings,
      Set<String> names) {
    List<NodeDraft> siblings = parent == null ? top : parent.children;
    NodeDraft node =
        new NodeDraft(
            nodes.size(), id, suffix, shape, step, role, parent, siblings.size(), bindings, names);
    if (nodes.size() == MAX_NODES) {
      diagnostics.add(
          Diagnostic.error(
              "graph-too-large",
              "the workflow has more than " + MAX_NODES + " steps",
              step.span(),
              "use forEach over data: its instances are not part of the graph"));
    }
    nodes.add(node);
    siblings.add(node);
    return node;
  }

  private static Shape shape(Body body) {
    return switch (body) {
      case Work work -> new Shape.Leaf(work);
      case Structure.Parallel parallel -> new Shape.Parallel(parallel);
      case Structure.Sequence ignored -> new Shape.Sequence();
      case Structure.Race race -> new Shape.Race(race);
      case Structure.Loop loop -> new Shape.Loop(loop);
      case Structure.Switch choice -> new Shape.Switch(choice);
    };
  }

  private static List<Step> childSteps(Structure structure) {
    return switch (structure) {
      case Structure.Parallel parallel -> parallel.steps();
      case Structure.Sequence sequence -> sequence.steps();
      case Structure.Race race -> race.steps();
      case Structure.Loop loop -> loop.steps();
      case Structure.Switch choice -> cases(choice);
    };
  }

  /** The cases of a switch as steps: {@code case1}, {@code case2}, {@code else}. */
  private static List<Step> cases(Structure.Switch choice) {
    List<Step> steps = new ArrayList<>();
    for (Structure.Switch.Case each : choice.cases()) {
      String name = each.when().isPresent() ? "case" + (steps.size() + 1) : "else";
      steps.add(Step.bare(name, new Structure.Sequence(each.steps()), each.when(), each.span()));
    }
    return steps;
  }
}
