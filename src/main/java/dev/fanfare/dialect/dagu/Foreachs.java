package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.Fan;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code foreach}: steps of this document for each item of a list. */
final class Foreachs {

  private final Place place;
  private final Scope scope;
  private final StepWriter writer;

  Foreachs(Place place, Scope scope, StepWriter writer) {
    this.place = place;
    this.scope = scope;
    this.writer = writer;
  }

  StepDraft step(Draft draft, Fields fields) {
    Optional<Fields> written = fields.section("foreach", "foreach");
    Optional<YamlNode> items = written.flatMap(each -> each.free("items"));
    Optional<YamlNode> steps = written.flatMap(each -> each.node("steps"));
    if (written.isEmpty() || items.isEmpty() || steps.isEmpty()) {
      written.ifPresent(Fields::close);
      fields.badValue(fields.span(), "'foreach' takes 'items' and 'steps'", "add both");
      return StepDraft.of(draft.name, new Work.Pass(Optional.empty()), draft.span);
    }
    Fields each = written.get();
    SourceSpan span = each.span();
    String as = each.text("as").orElse("item");
    Optional<String> key = each.text("key");
    int most = each.integer("max_concurrent", 1, 1000).orElse(10);
    Scope inner = scope.inner();
    inner.item.put("foreach." + as, "item");
    inner.item.put("foreach.index", "index");
    String keySource = key.map(text -> Words.text(text, inner)).orElse("string(index)");
    inner.item.put("foreach.key", keySource);
    Optional<Mapping> collect =
        each.free("collect").filter(Mapping.class::isInstance).map(Mapping.class::cast);
    each.close();
    Fan fan =
        new Fan.ForEach(
            Cel.template(source(items.get()), items.get().span()),
            "item",
            Optional.empty(),
            key.map(ignored -> Cel.template(keySource, span)),
            false,
            Optional.of(Cel.template(collected(keySource), span)),
            false,
            Fan.ForEach.Empty.SUCCEED,
            span);
    return StepDraft.of(draft.name, body(draft, steps.get(), inner, collect), draft.span)
        .fan(fan)
        .maxParallel(new Template.Literal((long) most, span));
  }

  private Structure body(Draft draft, YamlNode steps, Scope inner, Optional<Mapping> collect) {
    List<Draft> drafts =
        new Outline(
                draft.fields.orElseThrow().section().ledger(),
                place.age,
                false,
                false,
                place.defaults)
            .read(steps);
    List<Step> children = new ArrayList<>(writer.write(drafts, inner));
    Scope ended = inner.inner();
    List<Step.Need> needs = new ArrayList<>();
    for (Draft child : drafts) {
      StepWriter.see(ended, child);
      needs.add(
          new Step.Need(
              child.name, List.of(StepStatus.SUCCEEDED, StepStatus.SKIPPED), false, child.span));
    }
    Template values =
        Cel.template(collect.map(map -> Json.expression(map, ended)).orElse("{}"), draft.span);
    children.add(
        StepDraft.of(draft.inner("collect"), new Work.Pass(Optional.of(values)), draft.span)
            .needs(needs)
            .step());
    return new Structure.Parallel(
        children, Optional.empty(), Optional.empty(), new Structure.Success.All());
  }

  private static String collected(String key) {
    return "{\"index\": index, \"key\": "
        + key
        + ", \"status\": status == \"succeeded\" ? \"succeeded\" : \"failed\", \"outputs\": status"
        + " == \"succeeded\" ? output[size(output) - 1] : {}}";
  }

  private String source(YamlNode items) {
    return items instanceof Scalar scalar
        ? "cel.bind(v, "
            + Words.value(scalar.text(), scope)
            + ", type(v) == string ? fromJson(v) : v)"
        : Json.expression(items, scope);
  }
}
