package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Work.Approval.OnTimeout;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import dev.fanfare.form.FormSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Steps that hold no compute: {@code approval}, {@code waitFor}, {@code sleep}, {@code pass}.
 *
 * <p>Short forms: {@code approval: Ship it?}, {@code waitFor: order.paid}, {@code sleep: 5s},
 * {@code pass:} with or without {@code output} beside it.
 */
final class WaitParser {

  private final Values values;

  WaitParser(Values values) {
    this.values = values;
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
        fields
            .node("schema")
            .filter(this::isSchema)
            .flatMap(node -> Optional.ofNullable(values.plain(node, "'schema'")));
    return new Work.Approval(
        fields.text("message").orElseGet(() -> new Template.Literal("", fields.span())),
        fields.duration("timeout"),
        fields.choice("onTimeout", OnTimeout.values(), OnTimeout.DENY),
        schema);
  }

  private boolean isSchema(YamlNode node) {
    if (!(node instanceof Mapping)) {
      values.wrongType(node, "'schema'", "a mapping", "a JSON Schema of the form");
      return false;
    }
    if (values.plain(node, "'schema'") instanceof Map<?, ?> schema) {
      Map<String, Object> typed = new LinkedHashMap<>();
      schema.forEach((key, value) -> typed.put(String.valueOf(key), value));
      for (FormSchema.Finding finding : FormSchema.check(typed)) {
        values
            .problems()
            .error(
                "bad-schema",
                "'schema' is no JSON Schema that can be used: " + finding.message(),
                place(node, finding.path()),
                "forms are described in JSON Schema, draft 2020-12 unless $schema says otherwise;"
                    + " nothing is fetched from elsewhere");
      }
    }
    return true;
  }

  /** Where a JSON Pointer leads, or the last thing on its way that there is. */
  private static SourceSpan place(YamlNode root, String pointer) {
    YamlNode at = root;
    for (String token : pointer.split("/", -1)) {
      String key = token.replace("~1", "/").replace("~0", "~");
      at =
          switch (at) {
            case Mapping map -> map.get(key).orElse(map);
            case Sequence list when key.matches("[0-9]{1,6}") && inside(list, key) ->
                list.items().get(Integer.parseInt(key));
            case Sequence list -> list;
            case Scalar scalar -> scalar;
          };
    }
    return at.span();
  }

  private static boolean inside(Sequence list, String index) {
    return Integer.parseInt(index) < list.items().size();
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
