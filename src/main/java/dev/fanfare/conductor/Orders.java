package dev.fanfare.conductor;

import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import dev.fanfare.engine.Engine;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Lineage;
import dev.fanfare.engine.RunState;
import dev.fanfare.engine.StepRow;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.expression.Scope;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.secret.Placeholders;
import dev.fanfare.work.Inputs;
import dev.fanfare.work.WorkException;
import dev.fanfare.work.files.LayerName;
import dev.fanfare.work.files.View;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Makes work orders: evaluates what a step was given against what its run knows. */
final class Orders {

  private Orders() {}

  static WorkOrder of(Known known, String path, Node node, int attempt) {
    Graph graph = known.graph();
    RunState state = known.state();
    UUID run = state.run().facts().id();
    String workflow = state.run().facts().workflow();
    Step step = node.step();
    Scope scope = Engine.scope(graph, state, path);
    String key = run + ":" + path;
    Placeholders secrets = secrets(graph);
    WorkOrder.Preparation preparation;
    try {
      Optional<Template> written = step.idempotencyKey();
      if (written.isPresent()) {
        key = Expressions.text(written.get(), scope);
      }
      Work work = ((Shape.Leaf) node.shape()).work();
      Map<String, Template> env = graph.workflow().env();
      Scope seen = mayHandOn(work) ? new OrderScope(scope, env, secrets) : scope;
      preparation = new WorkOrder.Prepared(Inputs.of(work, step, env, seen));
    } catch (ExpressionException e) {
      preparation = new WorkOrder.Broken(e.error());
    } catch (WorkException e) {
      preparation = new WorkOrder.Broken(e.error());
    }
    int origin = Engine.step(state, path).map(StepRow::origin).orElse(attempt);
    return new WorkOrder(
        run,
        workflow,
        path,
        attempt,
        origin,
        step,
        key,
        state.run().facts().context(),
        secrets,
        view(known, path, node),
        preparation);
  }

  /** What a step's run has yielded, with the step's computed outputs in it. */
  static Event.ChildEnded computed(Graph graph, RunState state, Node node, Event.ChildEnded ended) {
    if (ended.error() != null) {
      return ended;
    }
    Outcome outcome = Outcome.Succeeded.of(ended.output());
    return switch (computed(graph, state, ended.step(), node, outcome)) {
      case Outcome.Succeeded done ->
          new Event.ChildEnded(ended.step(), ended.run(), done.output(), null);
      case Outcome.Failed failed ->
          new Event.ChildEnded(ended.step(), ended.run(), failed.output(), failed.error());
      case Outcome.TimedOut ignored -> ended;
      case Outcome.Skipped ignored -> ended;
      case Outcome.Stopped ignored -> ended;
      case Outcome.Child ignored -> ended;
    };
  }

  private static Placeholders secrets(Graph graph) {
    List<String> names = graph.workflow().secrets();
    return names.isEmpty()
        ? Placeholders.NONE
        : Placeholders.of(names, UUID.randomUUID().toString());
  }

  /** Whether the work takes its input away from here; what stays is stored. */
  private static boolean mayHandOn(Work work) {
    return switch (work) {
      case Work.Run ignored -> true;
      case Work.Http ignored -> true;
      case Work.Call ignored -> true;
      case Work.Lambda ignored -> true;
      case Work.Pass ignored -> false;
      case Work.Sleep ignored -> false;
      case Work.SubWorkflow ignored -> false;
      case Work.Approval ignored -> false;
      case Work.WaitFor ignored -> false;
    };
  }

  /** What the step sees of the files of others, where that depends on who they are. */
  private static Optional<View> view(Known known, String path, Node node) {
    Graph graph = known.graph();
    RunState state = known.state();
    if (graph.workflow().workspace() != Workflow.WorkspaceMode.LAYERED) {
      return Optional.empty();
    }
    if (!Lineage.mayLeaveFiles(graph, node) && !readsFiles(node)) {
      return Optional.of(View.EMPTY);
    }
    Optional<String> shared = Lineage.sharedBy(graph, state, path);
    if (shared.isEmpty()) {
      return Optional.of(view(Lineage.of(graph, state, path)));
    }
    View view = known.views().get(shared.get());
    if (view == null) {
      view = view(Lineage.of(graph, state, path));
      known.views().put(shared.get(), view);
    }
    return Optional.of(view);
  }

  /** Whether a step that leaves no files of its own may look into those of others. */
  private static boolean readsFiles(Node node) {
    return node.shape() instanceof Shape.Leaf leaf
        && leaf.work() instanceof Work.SubWorkflow called
        && called.dialect().isPresent();
  }

  private static View view(Lineage lineage) {
    List<LayerName> layers =
        lineage.ancestors().stream()
            .map(ancestor -> new LayerName(ancestor.step(), ancestor.attempt()))
            .toList();
    return new View(layers, lineage::isBefore);
  }

  /** A report with the step's computed outputs in it. */
  static Outcome computed(Graph graph, RunState state, String path, Node node, Outcome outcome) {
    boolean computes = outcome instanceof Outcome.Succeeded && Inputs.isComputed(node.step());
    return computes
        ? Inputs.computed(outcome, node.step(), Engine.scope(graph, state, path))
        : outcome;
  }
}
