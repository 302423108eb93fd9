package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.Fan;
import dev.fanfare.definition.Output;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Steps that run another DAG, once or for each of many items. */
final class SubDags {

  private static final int MOST = 1000;

  private final Place place;
  private final Scope scope;

  SubDags(Place place, Scope scope) {
    this.place = place;
    this.scope = scope;
  }

  /** What is called, and with what. */
  private record Call(String target, SourceSpan span, Optional<YamlNode> params, boolean waits) {}

  StepDraft step(Draft draft, Fields fields, Kinds.Action action) {
    Call call = call(fields, action);
    if (!fields.has("parallel")) {
      Map<String, String> params = params(fields, call.params(), scope);
      StepDraft step = StepDraft.of(draft.name, sub(call, params, call.target(), ""), draft.span);
      return call.waits() ? step.outputs(outputs(call, params, draft.span)) : step;
    }
    return many(draft, fields, call);
  }

  private Call call(Fields fields, Kinds.Action action) {
    Optional<YamlNode> own = fields.node("call");
    if (own.isEmpty() && place.age == Age.OLD) {
      own = fields.node("run");
    }
    if (own.isPresent()) {
      String target = fields.section().text(own.get(), "the name of a DAG").orElse("");
      return new Call(target, own.get().span(), fields.node("params"), true);
    }
    Optional<Fields> config =
        action.config().flatMap(with -> fields.section(with, "'with'", "dag"));
    Optional<String> target =
        config.flatMap(with -> with.text("dag")).or(() -> fields.text("command"));
    Optional<YamlNode> params =
        config.flatMap(with -> with.node("params")).or(() -> fields.node("params"));
    config.ifPresent(Fields::close);
    if (target.isEmpty()) {
      fields.badValue(fields.span(), "the step does not say which DAG it runs", "add 'dag'");
    }
    return new Call(target.orElse(""), fields.span(), params, !action.type().equals("dag.enqueue"));
  }

  private Work.SubWorkflow sub(Call call, Map<String, String> params, String target, String item) {
    Map<String, Template> values = new LinkedHashMap<>();
    params.forEach(
        (name, source) ->
            values.put(
                name,
                Cel.template(
                    item.isEmpty() ? source : item + ".params[" + Cel.quoted(name) + "]",
                    call.span())));
    Template workflow =
        item.isEmpty()
            ? Words.template(target, scope, call.span())
            : Cel.template(item + ".dag", call.span());
    boolean byPath = place.age == Age.OLD && call.target().matches("[/~].*");
    if (byPath) {
      String folder = new Folders(place).source(Optional.empty(), scope, call.span());
      values.put(Folders.CALLER, Cel.template(folder, call.span()));
    }
    return new Work.SubWorkflow(
        workflow, values, call.waits(), Optional.of(place.variant.dialect(byPath)));
  }

  private static String map(Map<String, String> params) {
    return params.entrySet().stream()
        .map(param -> Cel.quoted(param.getKey()) + ": " + param.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private Map<String, Output> outputs(Call call, Map<String, String> params, SourceSpan span) {
    Map<String, Output> outputs = new LinkedHashMap<>();
    outputs.put("name", value(Words.text(call.target(), scope), span));
    outputs.put("params", value(map(params), span));
    outputs.put("status", value("\"succeeded\"", span));
    outputs.put("outputs", value("output", span));
    return outputs;
  }

  private static Output value(String source, SourceSpan span) {
    return new Output.Value(Cel.template(source, span), span);
  }

  /** Parameters by name, as sources of expressions that yield texts. */
  private static Map<String, String> params(
      Fields fields, Optional<YamlNode> written, Scope scope) {
    Map<String, String> params = new LinkedHashMap<>();
    written.ifPresent(
        node -> {
          fields.section().ledger().settleAll(node);
          for (YamlNode item : Section.oneOrMany(node)) {
            switch (item) {
              case Mapping map ->
                  map.entries()
                      .forEach(
                          entry ->
                              params.put(
                                  entry.key(), Cel.textOf(Json.expression(entry.value(), scope))));
              case Scalar scalar ->
                  Texts.params(scalar.text())
                      .forEach(
                          param -> {
                            boolean named = !param.name().matches("[0-9]+");
                            String name =
                                named ? param.name() : Integer.toString(params.size() + 1);
                            params.put(name, Words.text(param.value(), scope));
                          });
              case Sequence list -> fields.wrongType(list, "a parameter", "a text or a mapping");
            }
          }
        });
    return params;
  }

  private StepDraft many(Draft draft, Fields fields, Call call) {
    YamlNode parallel = fields.node("parallel").orElseThrow();
    YamlNode items = parallel;
    int most = 10;
    if (parallel instanceof Mapping) {
      Fields written = fields.section("parallel", "parallel").orElseThrow();
      items = written.node("items").orElse(parallel);
      most = written.integer("max_concurrent", 1, MOST).orElse(most);
      written.close();
      if (items == parallel) {
        fields.badValue(parallel.span(), "'parallel' has no 'items'", "add them");
        return StepDraft.of(draft.name, new Work.Pass(Optional.empty()), draft.span);
      }
    }
    fields.section().ledger().settleAll(items);
    Scope inner = scope.inner();
    inner.item.put("ITEM", "ITEM");
    Map<String, String> params =
        call.params().isPresent() ? params(fields, call.params(), inner) : whole(fields, items);
    String calls =
        "cel.bind(all, %s, size(all) > %d ? \"more than %d items\" : all.map(ITEM, {\"dag\": %s, \"params\": %s}).distinct())"
            .formatted(source(items), MOST, MOST, Words.text(call.target(), inner), map(params));
    Fan fan =
        new Fan.ForEach(
            Cel.template(calls, parallel.span()),
            "item",
            Optional.empty(),
            Optional.empty(),
            true,
            Optional.of(Cel.template(collected(call), parallel.span())),
            false,
            Fan.ForEach.Empty.FAIL,
            parallel.span());
    return StepDraft.of(draft.name, sub(call, params, call.target(), "item"), draft.span)
        .fan(fan)
        .maxParallel(new Template.Literal((long) most, parallel.span()));
  }

  private static String collected(Call call) {
    return call.waits()
        ? "{\"name\": item.dag, \"params\": item.params, \"status\": status == \"succeeded\" ?"
            + " \"succeeded\" : \"failed\", \"outputs\": status == \"succeeded\" && output !="
            + " null ? output : {}}"
        : "{\"name\": item.dag, \"params\": item.params, \"status\": \"queued\", \"outputs\": {}}";
  }

  /** Without params the item is all that the sub-DAG gets: its fields, or itself as {@code $1}. */
  private Map<String, String> whole(Fields fields, YamlNode items) {
    Set<String> names = new LinkedHashSet<>();
    boolean nested = false;
    if (items instanceof Sequence list) {
      for (YamlNode item : list.items()) {
        if (item instanceof Mapping map) {
          for (YamlNode.Entry entry : map.entries()) {
            names.add(entry.key());
            nested |= !(entry.value() instanceof Scalar);
          }
        } else {
          nested |= item instanceof Sequence;
        }
      }
    }
    if (nested) {
      fields.badValue(items.span(), "an item is a text, a number or a flat mapping", "");
    }
    Map<String, String> params = new LinkedHashMap<>();
    names.forEach(
        name -> params.put(name, Cel.textOf("ITEM[?" + Cel.quoted(name) + "].orValue(\"\")")));
    if (names.isEmpty()) {
      params.put("1", Cel.textOf("ITEM"));
    }
    return params;
  }

  /** The list of items: as it is written, or taken out of a text. */
  private String source(YamlNode items) {
    return items instanceof Scalar scalar
        ? split("cel.bind(v, " + Words.value(scalar.text(), scope) + ", type(v) == string ? ", "v")
        : Json.expression(items, scope);
  }

  /** A text is a JSON list, one JSON object, or words between separators; quotes keep words. */
  private static String split(String bound, String name) {
    String words =
        ("cel.bind(p, %s.split(\"\\\"\"), lists.range(size(p)).map(i, i %% 2 == 1 ? [p[i]] :"
                + " p[i].replace(\"\\n"
                + "\", \",\").replace(\" \", \",\").replace(\"\\t\", \",\").replace(\";\","
                + " \",\").replace(\"|\", \",\").split(\",\")).flatten().filter(t, t != \"\"))")
            .formatted(name);
    String list = name + ".matches(\"^\\\\s*\\\\[\") ? fromJson(" + name + ")";
    String object = name + ".matches(\"^\\\\s*\\\\{\") ? [fromJson(" + name + ")]";
    return bound + "(" + list + " : " + object + " : " + words + ") : type(v) == list ? v : [v])";
  }
}
