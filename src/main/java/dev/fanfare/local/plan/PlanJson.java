package dev.fanfare.local.plan;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.key.KeyUse;
import dev.fanfare.graph.Edge;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A plan as programs read it; the names are fixed by the language. */
public final class PlanJson {

  private PlanJson() {}

  public static Map<String, @Nullable Object> of(Plan plan) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("workflow", plan.workflow().map(workflow -> workflow.name()).orElse(null));
    json.put("dialect", plan.dialect());
    json.put("order", plan.workflow().map(workflow -> lower(workflow.order())).orElse(null));
    json.put("nodes", plan.graph().map(PlanJson::nodes).orElse(List.of()));
    json.put("keys", plan.keys().stream().map(PlanJson::key).toList());
    json.put("diagnostics", plan.diagnostics().stream().map(PlanJson::diagnostic).toList());
    return json;
  }

  private static Map<String, Object> key(KeyUse use) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", use.key());
    json.put("rule", use.rule().id());
    json.put("treatment", use.rule().treatment().id());
    json.put("becomes", use.rule().becomes());
    json.put("line", use.span().line());
    json.put("column", use.span().column());
    return json;
  }

  private static List<Map<String, @Nullable Object>> nodes(Graph graph) {
    List<Map<String, @Nullable Object>> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("id", node.id());
      json.put("kind", node.shape().kind());
      json.put("needs", node.needs().stream().map(edge -> need(graph, edge)).toList());
      json.put("join", lower(node.step().join()));
      json.put("when", node.when().map(PlanJson::text).orElse(null));
      if (node.waitsForCondition()) {
        json.put(
            "reads",
            graph.watches().by(node.index()).stream()
                .map(watch -> graph.node(watch.step()).id())
                .toList());
      }
      json.put("group", graph.parent(node).map(Node::id).orElse(null));
      node.moment().ifPresent(moment -> json.put("hook", moment.id()));
      Map<String, Object> source = new LinkedHashMap<>();
      source.put("line", node.step().span().line());
      source.put("column", node.step().span().column());
      json.put("source", source);
      nodes.add(json);
    }
    return nodes;
  }

  private static Map<String, Object> need(Graph graph, Edge edge) {
    Map<String, Object> need = new LinkedHashMap<>();
    need.put("step", graph.node(edge.from()).id());
    need.put("on", edge.on().stream().sorted().map(StepStatus::id).toList());
    return need;
  }

  private static Map<String, Object> diagnostic(Diagnostic diagnostic) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("severity", lower(diagnostic.severity()));
    json.put("code", diagnostic.code());
    json.put("message", diagnostic.message());
    json.put("line", diagnostic.span().line());
    json.put("column", diagnostic.span().column());
    json.put("hint", diagnostic.hint());
    return json;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** A template as it was written, or near to it. */
  static String text(Template template) {
    return switch (template) {
      case Template.Literal literal -> String.valueOf(literal.value());
      case Template.Expression expression -> expression.expr().source();
      case Template.Text text ->
          text.parts().stream()
              .map(
                  part ->
                      part instanceof Template.Expression expression
                          ? "${{ " + expression.expr().source() + " }}"
                          : text(part))
              .reduce("", String::concat);
      case Template.Items items -> items.items().stream().map(PlanJson::text).toList().toString();
      case Template.Entries entries ->
          Optional.of(entries.entries().keySet()).map(Object::toString).orElse("{}");
    };
  }
}
