package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Work.Approval.OnTimeout;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Optional;

/**
 * Steps that hold no compute: {@code approval}, {@code waitFor}, {@code sleep}, {@code pass}.
 *
 * <p>Short forms: {@code approval: Ship it?}, {@code waitFor: order.paid}, {@code sleep: 5s},
 * {@code pass:} with or without {@code output} beside it.
 */
final class WaitParser {

  private final Values values;
  private final SchemaParser schemas;

  WaitParser(Values values) {
    this.values = values;
    this.schemas = new SchemaParser(values);
  }

  /** A message or {@code {message, timeout, onTimeout, schema}}; nobody in time means no. */
  Work approval(YamlNode node) {
    if (Values.isNull(node)) {
      return approval(new Template.Literal("", node.span()));
    }
    if (node instanceof Scalar) {
      return approval(values.text(node, "'approval'").orElseGet(() -> Template.literal("")));
    }
    List<String> keys = List.of("message", "timeout", "onTimeout", "schema");
    return Fields.open(node, "'approval'", keys, "a message, or a mapping", values)
        .map(this::approval)
        .orElseGet(() -> new Work.Pass(Optional.empty()));
  }

  private static Work approval(Template message) {
    return new Work.Approval(message, Optional.empty(), OnTimeout.DENY, Optional.empty());
  }

  private Work approval(Fields fields) {
    if (fields.has("onTimeout") && !fields.has("timeout")) {
      fields.missing("timeout", "'onTimeout' needs a time to run out");
    }
    Optional<Object> schema =
        fields.node("schema").flatMap(node -> schemas.schema(node, "a JSON Schema of the form"));
    return new Work.Approval(
        fields.text("message").orElseGet(() -> new Template.Literal("", fields.span())),
        fields.duration("timeout"),
        fields.choice("onTimeout", OnTimeout.values(), OnTimeout.DENY),
        schema);
  }

  /** The name of an event or {@code {event, match, callback, timeout}}. */
  Work waitFor(YamlNode node) {
    if (node instanceof Scalar) {
      return new Work.WaitFor(
          values.text(node, "'waitFor'"), Optional.empty(), false, Optional.empty());
    }
    List<String> keys = List.of("event", "match", "callback", "timeout");
    return Fields.open(node, "'waitFor'", keys, "an event's name, or a mapping", values)
        .map(this::waitFor)
        .orElseGet(() -> new Work.Pass(Optional.empty()));
  }

  private Work waitFor(Fields fields) {
    boolean callback = fields.bool("callback", false);
    if (fields.has("event") == callback) {
      values
          .problems()
          .error(
              callback ? "contradiction" : "missing-key",
              callback
                  ? "'waitFor' waits for an event or for a callback, not for both"
                  : "'waitFor' needs 'event' or 'callback: true'",
              fields.span(),
              "");
    }
    if (callback && fields.has("match")) {
      values
          .problems()
          .error(
              "misplaced-key",
              "'match' stands only beside 'event'",
              fields.keySpan("match"),
              "a callback's token fits one step only");
    }
    return new Work.WaitFor(
        fields.text("event"), fields.condition("match"), callback, fields.duration("timeout"));
  }

  /** A duration, kept as its text, or an expression that yields one. */
  Work sleep(YamlNode node) {
    if (node instanceof Scalar scalar && Values.hasExpression(scalar)) {
      return new Work.Sleep(values.templates().text(scalar));
    }
    values.duration(node, "'sleep'");
    String text = node instanceof Scalar scalar ? scalar.text() : "";
    return new Work.Sleep(new Template.Literal(text, node.span()));
  }

  /** Nothing, {@code {}}, or {@code {output: ...}}; {@code output} may stand beside it. */
  Work pass(YamlNode node, Fields step) {
    Optional<Template> beside = step.value("output");
    if (Values.isNull(node)) {
      return new Work.Pass(beside);
    }
    Optional<Fields> fields =
        Fields.open(node, "'pass'", List.of("output"), "{} or { output: ... }", values);
    if (beside.isPresent() && fields.isPresent() && fields.get().has("output")) {
      values
          .problems()
          .error(
              "contradiction",
              "'output' stands both in 'pass' and beside it",
              step.keySpan("output"),
              "keep one of them");
    }
    return new Work.Pass(beside.or(() -> fields.flatMap(inside -> inside.value("output"))));
  }
}
