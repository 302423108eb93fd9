package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.key.Section;
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
import org.jspecify.annotations.Nullable;

/** What is done around a step or the run, in every form that Codefresh has for it. */
final class HooksReader {

  private final Context context;
  private final StepReader steps;

  HooksReader(Context context, StepReader steps) {
    this.context = context;
    this.steps = steps;
  }

  Hooks ofStep(Section step, StepNode node) {
    if (step.has("hooks")) {
      step.withoutEffect("on_success", "on_fail", "on_finish");
    }
    return read(step, node);
  }

  /** The hooks of a mapping, and the services that it starts before and stops after. */
  Hooks read(Section around, @Nullable StepNode owner) {
    Optional<Section> hooks = around.section("hooks", "hooks");
    Optional<YamlNode> services = around.free("services");
    Optional<Step> before = hooks.flatMap(each -> hook(each, "on_elected", "before", owner));
    Optional<Step> success = hooks.flatMap(each -> hook(each, "on_success", "onSuccess", owner));
    Optional<Step> failure = hooks.flatMap(each -> hook(each, "on_fail", "onFailure", owner));
    Optional<Step> always = hooks.flatMap(each -> hook(each, "on_finish", "always", owner));
    hooks.ifPresent(Section::close);
    if (services.isPresent()) {
      SourceSpan span = around.keySpan("services");
      JavaSteps.warn("services", span, context);
      before = Optional.of(joined("before", service("start", services.get(), span), before, span));
      Step stop = service("stop", services.get(), span);
      always =
          Optional.of(
              always.map(step -> joined("always", step, Optional.of(stop), span)).orElse(stop));
    }
    return new Hooks(before, success, failure, Optional.empty(), always);
  }

  private Step service(String action, YamlNode services, SourceSpan span) {
    Map<String, Template> with = new LinkedHashMap<>();
    with.put("action", new Template.Literal(action, span));
    with.put("services", context.texts().value(services, Place.of(null, Place.Moment.BEFORE)));
    return StepDraft.of(
            action + "-services",
            new Work.Call(JavaSteps.bean("services"), new Template.Entries(with, span)),
            span)
        .step();
  }

  private static Step joined(String name, Step first, Optional<Step> second, SourceSpan span) {
    List<Step> all = new ArrayList<>();
    all.add(StepDraft.of(first).name("first").step());
    second.ifPresent(step -> all.add(StepDraft.of(step).name("second").step()));
    return StepDraft.of(name, new Structure.Sequence(all), span).step();
  }

  private Optional<Step> hook(Section hooks, String key, String name, @Nullable StepNode owner) {
    Optional<YamlNode> value = hooks.node(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Place.Moment moment = key.equals("on_elected") ? Place.Moment.BEFORE : Place.Moment.AFTER;
    return body(value.get(), hooks, name, Place.of(owner, moment), hooks.keySpan(key));
  }

  private Optional<Step> body(
      YamlNode value, Section hooks, String name, Place place, SourceSpan span) {
    if (value instanceof Sequence || value instanceof Scalar) {
      return commands(value, name, place, span);
    }
    Mapping map = (Mapping) value;
    if (!map.has("exec") && !map.has("steps")) {
      boolean works = map.has("image") || map.has("commands") || map.has("type") || map.has("cmd");
      if (works) {
        return single(map, name, place, span);
      }
    }
    Section hook = context.ledger().open("hook", map);
    Optional<Step> step = hook.node("exec").flatMap(exec -> body(exec, hooks, name, place, span));
    boolean parallel = hook.text("mode").map("parallel"::equals).orElse(false);
    if (hook.node("steps").orElse(null) instanceof Mapping inner) {
      step = Optional.of(several(inner, name, place, parallel, span));
    }
    boolean tolerant = context.flag(hook, "fail_fast").map(flag -> !flag).orElse(false);
    hook.close();
    return step.map(
        found ->
            tolerant ? StepDraft.of(found).onFailure(OnFailure.tolerated(span)).step() : found);
  }

  /** Commands alone: they run in a small image of Codefresh's choice. */
  private Optional<Step> commands(YamlNode value, String name, Place place, SourceSpan span) {
    Optional<Scalar> model =
        Section.oneOrMany(value).stream()
            .filter(Scalar.class::isInstance)
            .map(Scalar.class::cast)
            .filter(scalar -> !scalar.isNull())
            .findFirst();
    if (model.isEmpty()) {
      context
          .problems()
          .error("no-steps", "the hook has nothing to do", value.span(), "leave it out");
      return Optional.empty();
    }
    Scalar like = model.get();
    Scalar alpine = new Scalar("alpine", "alpine", like.style(), span, like.source());
    Entry commands = new Entry("commands", span, value);
    Entry image = new Entry("image", span, alpine);
    return single(new Mapping(List.of(commands, image), value.span()), name, place, span);
  }

  private Optional<Step> single(Mapping map, String name, Place place, SourceSpan span) {
    Entry entry = new Entry(name, span, map);
    List<StepNode> nodes = context.index().apart(new Mapping(List.of(entry), map.span()));
    return nodes.stream().findFirst().map(node -> made(node, place));
  }

  private Step several(Mapping inner, String name, Place place, boolean parallel, SourceSpan span) {
    List<Step> all = context.index().apart(inner).stream().map(node -> made(node, place)).toList();
    Structure body =
        parallel
            ? new Structure.Parallel(
                all, Optional.empty(), Optional.empty(), new Structure.Success.All())
            : new Structure.Sequence(all);
    return StepDraft.of(name, body, span).step();
  }

  /** A hook fails as a whole, whatever the root says of steps. */
  private Step made(StepNode node, Place place) {
    return steps.forHooks().read(node, Optional.empty(), place);
  }
}
