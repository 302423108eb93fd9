package dev.fanfare.graph;

import dev.fanfare.definition.Body;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Fan;
import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Work;
import dev.fanfare.expression.Expressions;
import java.util.ArrayList;
import java.util.EnumMap;
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

  /** The hooks of the run. */
  final Map<Hooks.Moment, NodeDraft> hooks = new EnumMap<>(Hooks.Moment.class);

  private final List<Diagnostic> diagnostics;
  private final CompileInputs inputs;
  private final Set<String> workflowNames;

  NodeTree(CompileInputs inputs, Set<String> workflowNames, List<Diagnostic> diagnostics) {
    this.inputs = inputs;
    this.workflowNames = workflowNames;
    this.diagnostics = diagnostics;
  }

  void build(List<Step> steps, Hooks around) {
    addAll(steps, null, Map.of(), Set.of());
    addHooks(around, null, Map.of(), Set.of());
  }

  /** Hooks are nodes of their own beside what is inside their step. */
  private void addHooks(
      Hooks around, @Nullable NodeDraft owner, Map<String, Object> bindings, Set<String> names) {
    for (Hooks.Moment moment : Hooks.Moment.values()) {
      around
          .at(moment)
          .ifPresent(
              step -> {
                Set<String> inner = new HashSet<>(names);
                if (owner != null && moment != Hooks.Moment.BEFORE) {
                  inner.addAll(NodeTemplates.ENDED);
                }
                String suffix = ":" + moment.id();
                String id = owner == null ? suffix : owner.id + suffix;
                NodeDraft hook =
                    addStep(step, Optional.of(moment), id, suffix, owner, bindings, inner);
                (owner == null ? hooks : owner.hooks).put(moment, hook);
              });
    }
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
      String suffix = "." + step.name();
      String id = parent == null ? step.name() : parent.id + suffix;
      addStep(step, Optional.empty(), id, suffix, parent, bindings, names);
    }
  }

  private NodeDraft addStep(
      Step step,
      Optional<Hooks.Moment> moment,
      String id,
      String suffix,
      @Nullable NodeDraft parent,
      Map<String, Object> bindings,
      Set<String> names) {
    Place place = new Place(id, suffix, parent, moment, bindings, names);
    if (step.fan().isEmpty()) {
      NodeDraft node = add(place, shape(step.body()), step, Node.Role.PLAIN);
      node.when = step.when();
      addInside(node);
      return node;
    }
    return switch (step.fan().get()) {
      case Fan.ForEach forEach -> addForEach(step, forEach, place);
      case Fan.Matrix matrix -> addMatrix(step, matrix, place);
    };
  }

  private NodeDraft addForEach(Step step, Fan.ForEach forEach, Place place) {
    NodeDraft fan = add(place, new Shape.ForEach(forEach), step, Node.Role.FAN);
    Set<String> own = new HashSet<>(Set.of("item", "index"));
    own.add(forEach.as());
    Set<String> inner = new HashSet<>(place.names());
    inner.addAll(own);
    boolean perItem = readsAny(step, own, inner);
    NodeDraft instance =
        add(
            new Place(place.id() + "[*]", "", fan, Optional.empty(), place.bindings(), inner),
            shape(step.body()),
            step,
            Node.Role.INSTANCE);
    (perItem ? instance : fan).when = step.when();
    addInside(instance);
    return fan;
  }

  private NodeDraft addMatrix(Step step, Fan.Matrix matrix, Place place) {
    NodeDraft fan = add(place, new Shape.Matrix(matrix), step, Node.Role.FAN);
    Set<String> inner = new HashSet<>(place.names());
    inner.add("matrix");
    boolean perItem = readsAny(step, Set.of("matrix"), inner);
    if (!perItem) {
      fan.when = step.when();
    }
    for (Map<String, Object> values :
        new MatrixExpansion(inputs, workflowNames, diagnostics).expand(matrix)) {
      Map<String, Object> bound = new LinkedHashMap<>(place.bindings());
      bound.put("matrix", values);
      String name = "[" + MatrixExpansion.name(values) + "]";
      NodeDraft instance =
          add(
              new Place(place.id() + name, name, fan, Optional.empty(), bound, inner),
              shape(step.body()),
              step,
              Node.Role.INSTANCE);
      if (perItem) {
        instance.when = step.when();
      }
      addInside(instance);
    }
    return fan;
  }

  private boolean readsAny(Step step, Set<String> items, Set<String> inner) {
    Set<String> all = new HashSet<>(workflowNames);
    all.addAll(inner);
    return step.when()
        .map(when -> Expressions.check(when, all).references().names())
        .filter(read -> read.stream().anyMatch(items::contains))
        .isPresent();
  }

  /** The steps inside a node, and the hooks around it. */
  private void addInside(NodeDraft node) {
    if (node.shape instanceof Shape.Loop loop) {
      addTurn(node, loop.definition());
    } else if (node.step.body() instanceof Structure structure) {
      addAll(childSteps(structure), node, node.bindings, node.names);
    }
    addHooks(node.step.hooks(), node, node.bindings, node.names);
  }

  /** The template of a loop's turns: its steps as a sequence, with nothing around it. */
  private void addTurn(NodeDraft node, Structure.Loop loop) {
    Step turn =
        Step.bare(
            node.step.name(), new Structure.Sequence(loop.steps()), Optional.empty(), loop.span());
    Set<String> inner = new HashSet<>(node.names);
    inner.addAll(Shape.Loop.NAMES);
    addInside(
        add(
            new Place(node.id + "[*]", "", node, Optional.empty(), node.bindings, inner),
            shape(turn.body()),
            turn,
            Node.Role.INSTANCE));
  }

  /**
   * Where a node stands.
   *
   * @param moment when it is called, for a hook
   * @param bindings names that a matrix around it gives
   * @param names root names that its expressions may use besides the workflow's
   */
  private record Place(
      String id,
      String suffix,
      @Nullable NodeDraft parent,
      Optional<Hooks.Moment> moment,
      Map<String, Object> bindings,
      Set<String> names) {}

  private NodeDraft add(Place place, Shape shape, Step step, Node.Role role) {
    NodeDraft parent = place.parent();
    List<NodeDraft> siblings = parent == null ? top : parent.children;
    int ordinal = place.moment().map(Hooks.Moment::ordinal).orElse(siblings.size());
    NodeDraft node =
        new NodeDraft(
            nodes.size(),
            place.id(),
            place.suffix(),
            shape,
            step,
            role,
            parent,
            ordinal,
            place.bindings(),
            place.names());
    node.moment = place.moment();
    if (nodes.size() == MAX_NODES) {
      diagnostics.add(
          Diagnostic.error(
              "graph-too-large",
              "the workflow has more than " + MAX_NODES + " steps",
              step.span(),
              "use forEach over data: its instances are not part of the graph"));
    }
    nodes.add(node);
    if (place.moment().isEmpty()) {
      siblings.add(node);
    }
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
