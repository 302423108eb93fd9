package dev.fanfare.local.plan;

import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.key.KeyRule;
import dev.fanfare.dialect.key.KeyUse;
import dev.fanfare.graph.Edge;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import dev.fanfare.local.view.Style;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A plan for people: the steps as a tree, each with what it waits for. */
public final class PlanText {

  private static final int SHOWN_LINES = 8;

  private final Graph graph;
  private final Style style;
  private final StringBuilder text = new StringBuilder();

  private PlanText(Graph graph, Style style) {
    this.graph = graph;
    this.style = style;
  }

  public static String of(Plan plan, Style style) {
    if (plan.graph().isEmpty()) {
      return "";
    }
    PlanText printed = new PlanText(plan.graph().get(), style);
    return printed.print(plan);
  }

  private String print(Plan plan) {
    text.append(style.bold(graph.workflow().name()))
        .append("  ")
        .append(
            style.dim(
                plan.dialect()
                    + ", order: "
                    + graph.workflow().order().name().toLowerCase(Locale.ROOT)
                    + ", onFailure: "
                    + graph.workflow().onFailure().name().toLowerCase(Locale.ROOT)))
        .append('\n');
    for (int index : graph.top()) {
      print(graph.node(index), 1);
    }
    graph.hooks().values().forEach(hook -> print(graph.node(hook), 1));
    Map<String, Long> kinds =
        graph.nodes().stream()
            .collect(
                Collectors.groupingBy(
                    node -> node.shape().kind(), TreeMap::new, Collectors.counting()));
    text.append(graph.nodes().size())
        .append(graph.nodes().size() == 1 ? " node: " : " nodes: ")
        .append(
            kinds.entrySet().stream()
                .map(kind -> kind.getValue() + " " + kind.getKey())
                .collect(Collectors.joining(", ")))
        .append('\n');
    keys(plan.keys());
    return text.toString();
  }

  /** What became of the keys of a foreign file: a line for each rule, with the lines it is at. */
  private void keys(List<KeyUse> uses) {
    Map<KeyRule, List<KeyUse>> byRule = new LinkedHashMap<>();
    uses.forEach(use -> byRule.computeIfAbsent(use.rule(), ignored -> new ArrayList<>()).add(use));
    if (!byRule.isEmpty()) {
      text.append(style.bold("keys")).append('\n');
    }
    byRule.forEach(
        (rule, at) ->
            text.append("  ")
                .append(Style.harmless(rule.id()))
                .append("  ")
                .append(style.cyan(rule.treatment().id()))
                .append(rule.becomes().isEmpty() ? "" : ": " + rule.becomes())
                .append(style.dim(lines(at)))
                .append('\n'));
  }

  private static String lines(List<KeyUse> at) {
    String shown =
        at.stream()
            .limit(SHOWN_LINES)
            .map(use -> Integer.toString(use.span().line()))
            .distinct()
            .collect(Collectors.joining(", "));
    int more = at.size() - SHOWN_LINES;
    return "  line " + shown + (more > 0 ? " and " + more + " more" : "");
  }

  private void print(Node node, int depth) {
    String name = Style.harmless(node.id().substring(node.id().length() - shown(node)));
    text.append("  ".repeat(depth))
        .append(name)
        .append("  ")
        .append(style.cyan(node.shape().kind()));
    if (!node.needs().isEmpty()) {
      String join = node.step().join() == Step.Join.ANY ? "any of " : "";
      text.append("  after ")
          .append(join)
          .append(node.needs().stream().map(this::need).collect(Collectors.joining(", ")));
    }
    condition(node.waitsForCondition() ? "as soon as" : "when", node.when());
    if (node.shape() instanceof Shape.Loop loop) {
      condition("while", loop.definition().doWhile());
      condition("until", loop.definition().until());
    }
    text.append('\n');
    node.children().forEach(child -> print(graph.node(child), depth + 1));
    node.hooks().values().forEach(hook -> print(graph.node(hook), depth + 1));
  }

  private void condition(String word, Optional<Template> condition) {
    condition.ifPresent(
        value -> text.append(style.dim("  " + word + " " + Style.harmless(PlanJson.text(value)))));
  }

  private int shown(Node node) {
    int hidden = graph.parent(node).map(parent -> parent.id().length()).orElse(0);
    boolean dot = hidden > 0 && node.id().charAt(hidden) == '.';
    return node.id().length() - hidden - (dot ? 1 : 0);
  }

  private String need(Edge edge) {
    String name = Style.harmless(graph.node(edge.from()).step().name());
    Set<StepStatus> on = edge.on();
    String mark = edge.origin() == Edge.Origin.INFERRED ? style.dim(" (read)") : "";
    if (edge.origin() == Edge.Origin.ORDER || on.equals(Set.of(StepStatus.SUCCEEDED))) {
      return name + mark;
    }
    List<StepStatus> all = StepStatus.terminal();
    if (on.size() == all.size() && on.containsAll(all)) {
      return name + " finished" + mark;
    }
    return name
        + " "
        + on.stream().sorted().map(StepStatus::id).collect(Collectors.joining("|"))
        + mark;
  }
}
