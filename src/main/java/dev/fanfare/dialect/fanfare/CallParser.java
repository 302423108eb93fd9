package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calls of other programs: Lambda functions, Java steps, workflows.
 *
 * <p>Each is a name with its input beside it ({@code call: resize} and {@code with:}; {@code
 * workflow: child} with {@code params:} and {@code wait:}; {@code lambda: name} with {@code
 * payload:} and {@code wait:}), or a mapping that holds all of it ({@code {function, payload,
 * wait}}, {@code {bean, with}}, {@code {name, params, wait}}).
 */
final class CallParser {

  private final Values values;

  CallParser(Values values) {
    this.values = values;
  }

  Work lambda(YamlNode node, Fields step) {
    return opened(node, "lambda", "function", List.of("function", "payload", "wait"), step)
        .map(
            fields ->
                (Work)
                    new Work.Lambda(
                        name(node, fields, "function"),
                        fields.value("payload").orElseGet(() -> nothing(fields.span())),
                        fields.bool("wait", true)))
        .orElseGet(CallParser::broken);
  }

  Work call(YamlNode node, Fields step) {
    return opened(node, "call", "bean", List.of("bean", "with"), step)
        .map(
            fields ->
                (Work)
                    new Work.Call(
                        bean(node, fields),
                        fields.value("with").orElseGet(() -> nothing(fields.span()))))
        .orElseGet(CallParser::broken);
  }

  Work workflow(YamlNode node, Fields step) {
    return opened(node, "workflow", "name", List.of("name", "params", "wait"), step)
        .map(
            fields ->
                (Work)
                    new Work.SubWorkflow(
                        name(node, fields, "name"),
                        fields
                            .node("params")
                            .map(params -> values.values(params, "'params'"))
                            .orElse(Map.of()),
                        fields.bool("wait", true)))
        .orElseGet(CallParser::broken);
  }

  /** The fields that hold the input: the step's own where the body is only a name. */
  private Optional<Fields> opened(
      YamlNode node, String key, String name, List<String> keys, Fields step) {
    if (node instanceof Scalar) {
      return Optional.of(step);
    }
    String what = "'" + key + "'";
    Optional<Fields> fields = Fields.open(node, what, keys, "a name, or a mapping", values);
    fields.filter(f -> !f.has(name)).ifPresent(f -> f.missing(name, "say what to call"));
    return fields;
  }

  private Template name(YamlNode node, Fields fields, String key) {
    Optional<Template> name =
        node instanceof Scalar ? values.text(node, "a name") : fields.text(key);
    return name.orElseGet(() -> Template.literal(""));
  }

  private String bean(YamlNode node, Fields fields) {
    Optional<String> name =
        node instanceof Scalar ? values.literal(node, "'call'") : fields.literal("bean");
    return name.orElse("");
  }

  private static Template nothing(SourceSpan span) {
    return new Template.Entries(Map.of(), span);
  }

  private static Work broken() {
    return new Work.Pass(Optional.empty());
  }
}
