package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Fan;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How one step becomes many.
 *
 * <p>{@code forEach} takes a list or an expression, with or without braces. {@code exclude} and
 * {@code include} stand beside {@code matrix} or, as GitHub Actions has them, inside it.
 */
final class FanParser {

  private final Values values;
  private final Names names;

  FanParser(Values values) {
    this.values = values;
    this.names = new Names(values.problems());
  }

  Optional<Fan> fan(Fields step) {
    if (step.has("forEach") && step.has("matrix")) {
      values
          .problems()
          .error(
              "two-fans",
              "a step has 'forEach' or 'matrix', not both",
              step.keySpan("matrix"),
              "put the list as one more axis into 'matrix', or nest the step in a 'sequence'");
    }
    Optional<Fan> each = step.node("forEach").map(node -> forEach(node, step));
    Optional<Fan> matrix = step.node("matrix").map(node -> matrix(node, step));
    return each.or(() -> matrix);
  }

  private Fan forEach(YamlNode node, Fields step) {
    Template items =
        switch (node) {
          case Sequence list -> values.templates().value(list);
          case Scalar scalar ->
              values
                  .expression(scalar, "'forEach'", "a list or an expression that yields one")
                  .orElseGet(() -> Template.literal(null));
          case Mapping map -> {
            values.wrongType(map, "'forEach'", "a list or an expression that yields one", "");
            yield Template.literal(null);
          }
        };
    Optional<String> as = step.literal("as");
    as.ifPresent(name -> names.item(name, step.node("as").orElse(node).span()));
    return new Fan.ForEach(
        items,
        as.orElse("item"),
        step.count("batch", 1),
        step.text("key"),
        step.bool("distinct", false),
        step.node("collect").flatMap(this::collect),
        step.bool("failFast", false),
        step.choice("empty", Fan.ForEach.Empty.values(), Fan.ForEach.Empty.SUCCEED),
        step.keySpan("forEach"));
  }

  /** An expression per item, or a list or mapping with expressions in it. */
  private Optional<Template> collect(YamlNode node) {
    return node instanceof Scalar
        ? values.expression(node, "'collect'", "an expression")
        : Optional.of(values.templates().value(node));
  }

  private Fan matrix(YamlNode node, Fields step) {
    Map<String, Template> axes = new LinkedHashMap<>();
    List<Map<String, Template>> exclude = new ArrayList<>(combinations(step.node("exclude")));
    List<Map<String, Template>> include = new ArrayList<>(combinations(step.node("include")));
    for (Entry entry : values.entries(node, "'matrix'")) {
      switch (entry.key()) {
        case "exclude" -> exclude.addAll(combinations(Optional.of(entry.value())));
        case "include" -> include.addAll(combinations(Optional.of(entry.value())));
        default -> axes.put(entry.key(), axis(entry));
      }
    }
    if (axes.isEmpty() && include.isEmpty()) {
      values.wrongType(node, "'matrix'", "a mapping of axes to lists", "such as { os: [a, b] }");
    }
    return new Fan.Matrix(
        axes, exclude, include, step.bool("failFast", false), step.keySpan("matrix"));
  }

  private Template axis(Entry entry) {
    names.item(entry.key(), entry.keySpan());
    YamlNode node = entry.value();
    String what = "the axis '" + entry.key() + "'";
    boolean empty = node instanceof Sequence list && list.items().isEmpty();
    if (empty
        || node instanceof Mapping
        || (node instanceof Scalar && !Values.hasExpression(node))) {
      values.wrongType(node, what, "a list with at least one value", "");
      return Template.literal(null);
    }
    return node instanceof Scalar
        ? values.expression(node, what, "a list").orElseGet(() -> Template.literal(null))
        : values.templates().value(node);
  }

  private List<Map<String, Template>> combinations(Optional<YamlNode> node) {
    List<Map<String, Template>> combinations = new ArrayList<>();
    for (YamlNode item : node.map(Values::oneOrMany).orElse(List.of())) {
      if (item instanceof Mapping map && !map.entries().isEmpty()) {
        Map<String, Template> combination = new LinkedHashMap<>();
        map.entries().forEach(e -> combination.put(e.key(), values.templates().value(e.value())));
        combinations.add(combination);
      } else {
        values.wrongType(item, "a combination", "a mapping of axes to values", "");
      }
    }
    return combinations;
  }
}
