package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.Output;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a script yields: {@code output} and {@code outputs}. */
final class Outputs {

  private final Place place;

  Outputs(Place place) {
    this.place = place;
  }

  Map<String, Output> of(Draft draft) {
    Map<String, Output> outputs = new LinkedHashMap<>();
    draft.variable.ifPresent(
        name -> outputs.put(name, new Output.Stdout(Optional.empty(), draft.span)));
    if (draft.fields.isEmpty()) {
      return outputs;
    }
    Fields fields = draft.fields.get();
    boolean asked =
        draft.stdoutIsRead
            || new Kinds(place.age, place.defaults)
                .policy(fields, "continue_on")
                .filter(policy -> policy instanceof Mapping map && map.has("output"))
                .isPresent();
    if (asked) {
      outputs.put(Shells.STDOUT, new Output.Stdout(Optional.empty(), draft.span));
    }
    if (fields.node("output").orElse(null) instanceof Mapping map) {
      fields.free("output");
      map.entries().forEach(entry -> structured(fields, entry, outputs));
    }
    fields
        .node("outputs")
        .ifPresent(list -> Shells.items(list).forEach(item -> declared(fields, item, outputs)));
    return outputs;
  }

  private static void declared(Fields fields, YamlNode item, Map<String, Output> outputs) {
    Optional<Fields> declared = fields.section(item, "an output", "output");
    if (declared.isEmpty()) {
      return;
    }
    Optional<String> name = declared.get().text("name");
    Optional<String> type = declared.get().text("type");
    Optional<String> path = declared.get().text("path");
    declared.get().close();
    SourceSpan span = item.span();
    if (name.isPresent() && path.isPresent()) {
      outputs.put(name.get(), new Output.File(Cel.literal(path.get(), span), span));
    } else if (name.isPresent() && type.filter("json"::equals).isPresent()) {
      Template parsed = Cel.template("fromJson(output[" + Cel.quoted(name.get()) + "])", span);
      outputs.put(name.get(), new Output.Value(parsed, span));
    }
  }

  private void structured(Fields fields, Entry entry, Map<String, Output> outputs) {
    SourceSpan span = entry.keySpan();
    fields.section().ledger().settleAll(entry.value());
    boolean plain =
        !(entry.value() instanceof Mapping map) || !(map.has("from") || map.has("value"));
    if (plain) {
      outputs.put(entry.key(), value(entry.value(), span));
      return;
    }
    Mapping map = (Mapping) entry.value();
    if (map.has("value")) {
      outputs.put(entry.key(), value(map.get("value").orElseThrow(), span));
      return;
    }
    boolean json = text(map, "decode").equals("json");
    Optional<String> select = json ? Optional.of(jmespath(text(map, "select"))) : Optional.empty();
    switch (text(map, "from")) {
      case "stdout" -> outputs.put(entry.key(), new Output.Stdout(select, span));
      case "file" -> {
        Template path = Cel.literal(text(map, "path"), span);
        outputs.put(
            entry.key(), json ? new Output.Json(path, select, span) : new Output.File(path, span));
      }
      default ->
          place.problems.error(
              "bad-value",
              "an output cannot come from '" + text(map, "from") + "'",
              span,
              "take it from stdout or from a file");
    }
    if (text(map, "decode").equals("yaml")) {
      place.problems.error(
          "bad-value", "an output is decoded as json only", span, "let the step write JSON");
    }
  }

  private static Output value(YamlNode value, SourceSpan span) {
    return new Output.Value(
        Cel.template(Json.expression(value, new Scope(new java.util.HashSet<>())), span), span);
  }

  private static String text(Mapping map, String key) {
    return map.get(key).orElse(null) instanceof Scalar scalar ? scalar.text() : "";
  }

  /** {@code .a.b[0]} as JMESPath. */
  private static String jmespath(String select) {
    String path = select.startsWith(".") ? select.substring(1) : select;
    return path.isEmpty() ? "@" : path;
  }
}
