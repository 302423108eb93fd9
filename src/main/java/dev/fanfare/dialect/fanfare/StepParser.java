package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Body;
import dev.fanfare.definition.Fan;
import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Steps: the mapping of them, and the keys around each one's body. */
final class StepParser {

  private final Values values;
  private final Names names;
  private final PolicyParser policies;
  private final NeedsParser needs;
  private final OutputParser outputs;
  private final FanParser fans;
  private final EnvParser env;
  private final HookParser hooks;
  private final BodyParser bodies;

  StepParser(Values values) {
    this.values = values;
    this.names = new Names(values.problems());
    this.policies = new PolicyParser(values);
    this.needs = new NeedsParser(values);
    this.outputs = new OutputParser(values);
    this.fans = new FanParser(values);
    this.env = new EnvParser(values);
    this.hooks = new HookParser(values, this);
    this.bodies = new BodyParser(values, this);
  }

  HookParser hooks() {
    return hooks;
  }

  /**
   * A mapping of steps by name, at least one.
   *
   * @param where how messages name the place: {@code 'steps'}, {@code the steps of 'race'}
   */
  List<Step> steps(YamlNode node, String where) {
    if (!(node instanceof Mapping map)) {
      values.wrongType(
          node, where, "a mapping of step names to steps", "write 'name: { run: ... }' lines");
      return List.of();
    }
    if (map.entries().isEmpty()) {
      values
          .problems()
          .error("no-steps", where + " must contain at least one step", map.span(), "");
    }
    List<Step> steps = new ArrayList<>();
    for (Entry entry : map.entries()) {
      names.step(entry.key(), entry.keySpan());
      steps.add(step(entry.key(), entry.keySpan(), entry.value()));
    }
    return steps;
  }

  /** One step under its name. */
  Step step(String name, SourceSpan nameSpan, YamlNode node) {
    String what = "step '" + name + "'";
    if (Values.isNull(node)) {
      nothingToDo(what, nameSpan);
      return empty(name, nameSpan);
    }
    return Fields.open(
            node, what, StepKeys.ALL, "write { run: ... } or another kind of work", values)
        .map(fields -> step(name, what, nameSpan, fields))
        .orElseGet(() -> empty(name, nameSpan));
  }

  private Step step(String name, String what, SourceSpan span, Fields fields) {
    StepKeys.checkCompanions(fields, values.problems());
    Body body = body(what, span, fields);
    Optional<Fan> fan = fans.fan(fields);
    return StepDraft.of(name, body, span)
        .fan(fan)
        .needs(fields.node("needs").map(needs::needs).orElse(List.of()))
        .join(fields.choice("join", Step.Join.values(), Step.Join.ALL))
        .when(fields.condition("when"))
        .onSkip(fields.choice("onSkip", Step.OnSkip.values(), Step.OnSkip.PROPAGATE))
        .maxParallel(fan.isPresent() ? fields.count("maxParallel", 0) : Optional.empty())
        .retry(policies.retry(fields, body instanceof Work.Http))
        .timeouts(policies.timeouts(fields, body instanceof Work))
        .onFailure(policies.onFailure(fields))
        .outputs(fields.node("outputs").map(node -> outputs.outputs(node, body)).orElse(Map.of()))
        .env(fields.node("env").map(env::env).orElse(Map.of()))
        .detached(fields.bool("detached", false))
        .lock(policies.lock(fields))
        .cache(policies.cache(fields))
        .breaker(policies.breaker(fields))
        .hooks(fields.node("hooks").map(hooks::hooks).orElse(Hooks.NONE))
        .idempotencyKey(fields.text("idempotencyKey"))
        .title(fields.note("title"))
        .stage(fields.note("stage"))
        .reads(paths(fields, "reads"))
        .writes(paths(fields, "writes"))
        .step();
  }

  private List<String> paths(Fields fields, String key) {
    List<String> paths = new ArrayList<>();
    for (YamlNode item : fields.node(key).map(Values::oneOrMany).orElse(List.of())) {
      values.literal(item, "'" + key + "'").ifPresent(paths::add);
      Paths.checkInside(item, "'" + key + "'", values);
    }
    return paths;
  }

  private Body body(String what, SourceSpan span, Fields fields) {
    List<Entry> found =
        fields.map().entries().stream()
            .filter(entry -> StepKeys.BODIES.contains(entry.key()))
            .toList();
    if (found.isEmpty()) {
      nothingToDo(what, span);
      return nothing();
    }
    for (Entry second : found.subList(1, found.size())) {
      values
          .problems()
          .error(
              "two-bodies",
              what + " has both '" + found.getFirst().key() + "' and '" + second.key() + "'",
              second.keySpan(),
              "a step does one thing: make two steps, or put both into a 'sequence' or 'parallel'");
    }
    List<Body> all = found.stream().map(entry -> bodies.body(entry, fields)).toList();
    return all.getFirst();
  }

  private void nothingToDo(String what, SourceSpan span) {
    values
        .problems()
        .error(
            "no-body",
            what + " says nothing to do",
            span,
            "give it one of " + String.join(", ", StepKeys.BODIES));
  }

  private static Body nothing() {
    return new Work.Pass(Optional.empty());
  }

  /** A step in place of one that cannot be read. */
  static Step empty(String name, SourceSpan span) {
    return plain(name, nothing(), span);
  }

  /** A step with a body and nothing around it. */
  static Step plain(String name, Body body, SourceSpan span) {
    return StepDraft.of(name, body, span).step();
  }
}
