package dev.fanfare.local.plan;

import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.graph.Edge;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Watch;
import java.util.Set;
import java.util.stream.Collectors;

/** A plan as a Mermaid flowchart, for pages that draw one. */
public final class PlanMermaid {

  private final Graph graph;
  private final StringBuilder text = new StringBuilder("flowchart LR\n");

  private PlanMermaid(Graph graph) {
    this.graph = graph;
  }

  public static String of(Plan plan) {
    return plan.graph().map(graph -> new PlanMermaid(graph).draw()).orElse("");
  }

  private String draw() {
    graph.top().forEach(index -> node(graph.node(index), 1));
    graph.hooks().values().forEach(hook -> node(graph.node(hook), 1));
    for (Node node : graph.nodes()) {
      node.needs().forEach(this::edge);
      graph.watches().by(node.index()).forEach(this::watch);
      node.hooks().forEach((moment, hook) -> hook(node, moment, graph.node(hook)));
    }
    return text.toString();
  }

  private void node(Node node, int depth) {
    String indent = "  ".repeat(depth);
    String label =
        quoted((node.isHook() ? ":" : "") + node.step().name() + " · " + node.shape().kind());
    if (node.children().isEmpty()) {
      text.append(indent).append(name(node)).append('[').append(label).append("]\n");
      hooks(node, depth);
      return;
    }
    text.append(indent)
        .append("subgraph ")
        .append(name(node))
        .append('[')
        .append(label)
        .append("]\n");
    node.children().forEach(child -> node(graph.node(child), depth + 1));
    text.append(indent).append("end\n");
    hooks(node, depth);
  }

  /** Hooks are drawn beside their step: they are not inside it. */
  private void hooks(Node node, int depth) {
    node.hooks().values().forEach(hook -> node(graph.node(hook), depth));
  }

  private void hook(Node step, Hooks.Moment moment, Node hook) {
    Node from = moment == Hooks.Moment.BEFORE ? hook : step;
    Node to = moment == Hooks.Moment.BEFORE ? step : hook;
    text.append("  ").append(name(from)).append(" -.-> ").append(name(to)).append('\n');
  }

  /** A step that is asked about in the condition that another one waits for. */
  private void watch(Watch watch) {
    text.append("  ")
        .append(name(graph.node(watch.step())))
        .append(" -.->|when| ")
        .append(name(graph.node(watch.reader())))
        .append('\n');
  }

  private void edge(Edge edge) {
    String arrow = " --> ";
    if (!edge.on().equals(Set.of(StepStatus.SUCCEEDED)) && edge.origin() != Edge.Origin.ORDER) {
      boolean finished = edge.on().containsAll(StepStatus.terminal());
      String on =
          finished
              ? "finished"
              : edge.on().stream().sorted().map(StepStatus::id).collect(Collectors.joining(", "));
      arrow = " -->|" + on + "| ";
    }
    text.append("  ")
        .append(name(graph.node(edge.from())))
        .append(arrow)
        .append(name(graph.node(edge.to())))
        .append('\n');
  }

  private static String name(Node node) {
    return "n" + node.index();
  }

  private static String quoted(String label) {
    return "\"" + label.replace("\"", "#quot;").replace("\n", " ") + "\"";
  }
}
