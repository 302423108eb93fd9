package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Body;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Structure.Success;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Groups of steps: {@code parallel} and {@code sequence}. */
final class GroupParser {

  private static final String HINT = "write { steps: { name: { run: ... } } }";

  private final Values values;
  private final StepParser steps;

  GroupParser(Values values, StepParser steps) {
    this.values = values;
    this.steps = steps;
  }

  Body parallel(YamlNode node) {
    List<String> keys = List.of("steps", "maxParallel", "timeout", "success");
    return Fields.open(node, "'parallel'", keys, HINT, values)
        .map(this::parallel)
        .orElseGet(() -> new Work.Pass(Optional.empty()));
  }

  private Body parallel(Fields fields) {
    List<Step> children = children(fields, "parallel");
    Success success =
        fields.node("success").map(node -> success(node, children)).orElseGet(Success.All::new);
    return new Structure.Parallel(
        children, fields.count("maxParallel", 0), fields.duration("timeout"), success);
  }

  Body sequence(YamlNode node) {
    return Fields.open(node, "'sequence'", List.of("steps"), HINT, values)
        .map(fields -> (Body) new Structure.Sequence(children(fields, "sequence")))
        .orElseGet(() -> new Work.Pass(Optional.empty()));
  }

  private List<Step> children(Fields fields, String key) {
    if (!fields.has("steps")) {
      fields.missing("steps", HINT);
    }
    return fields
        .node("steps")
        .map(node -> steps.steps(node, "the steps of '" + key + "'"))
        .orElse(List.of());
  }

  /** {@code all}, {@code {only: [..]}}, {@code {ignore: [..]}} or a condition. */
  private Success success(YamlNode node, List<Step> children) {
    if (node instanceof Scalar scalar && scalar.text().equals("all")) {
      return new Success.All();
    }
    if (!(node instanceof Mapping)) {
      return values
          .condition(node, "'success'")
          .map(condition -> (Success) new Success.When(condition))
          .orElseGet(Success.All::new);
    }
    return Fields.open(node, "'success'", List.of("only", "ignore"), "", values)
        .map(fields -> success(fields, children))
        .orElseGet(Success.All::new);
  }

  private Success success(Fields fields, List<Step> children) {
    if (fields.has("only") == fields.has("ignore")) {
      boolean both = fields.has("only");
      values
          .problems()
          .error(
              both ? "contradiction" : "missing-key",
              both ? "'success' has 'only' and 'ignore'" : "'success' needs 'only' or 'ignore'",
              fields.span(),
              "keep the list of the children that count, or of those that do not");
    }
    return fields.has("only")
        ? new Success.Only(childNames(fields, "only", children), fields.span())
        : new Success.Ignore(childNames(fields, "ignore", children), fields.span());
  }

  private List<String> childNames(Fields fields, String key, List<Step> children) {
    Set<String> known = children.stream().map(Step::name).collect(Collectors.toSet());
    List<String> names = new ArrayList<>();
    List<YamlNode> items = fields.node(key).map(Values::oneOrMany).orElse(List.of());
    if (items.isEmpty() && fields.has(key)) {
      values.wrongType(
          fields.node(key).orElseThrow(), "'" + key + "'", "a list of at least one child", "");
    }
    for (YamlNode item : items) {
      Optional<String> name = values.literal(item, "'" + key + "'");
      name.ifPresent(names::add);
      if (name.isPresent() && !known.contains(name.get())) {
        values
            .problems()
            .error(
                "unknown-child",
                "the group has no child '" + name.get() + "'",
                item.span(),
                () -> Suggestion.forKey(name.get(), known));
      }
    }
    return names;
  }
}
