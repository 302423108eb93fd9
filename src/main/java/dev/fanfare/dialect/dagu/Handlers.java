package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code handlerOn}: hooks of the run. */
final class Handlers {

  private final Place place;
  private final Policies policies;

  Handlers(Place place, Policies policies) {
    this.place = place;
    this.policies = policies;
  }

  /** The handler of a name, where the document has it. */
  static Optional<YamlNode> written(Optional<Fields> handlers, String... names) {
    Optional<YamlNode> found = Optional.empty();
    for (String name : names) {
      Optional<YamlNode> here = handlers.flatMap(fields -> fields.node(name));
      if (here.isPresent() && found.isPresent()) {
        Fields fields = handlers.orElseThrow();
        fields.section().ledger().settleAll(here.get());
        fields.badValue(
            fields.keySpan(name),
            "'" + name + "' and '" + names[0] + "' are the same handler",
            "remove one of them");
      }
      found = found.or(() -> here);
    }
    return found;
  }

  /**
   * Hooks of the run.
   *
   * @param before what comes before the first step, without the handler for it
   * @param drafts the steps of the document, whose variables handlers after the run see
   */
  Hooks hooks(Optional<Fields> handlers, List<Step> before, List<Draft> drafts) {
    Optional<YamlNode> abort = written(handlers, "cancel", "abort");
    List<Step> first = new ArrayList<>(before);
    written(handlers, "init")
        .ifPresent(node -> first.addAll(steps(node, "init", List.of(), place.gate, false)));
    List<Step> last = new ArrayList<>();
    if (place.gate.isPresent()) {
      // Unmet preconditions end a run as if somebody had stopped it.
      Optional<String> closed = place.gate.map(gate -> "!(" + gate + ")");
      abort.ifPresent(node -> last.addAll(steps(node, "abort", drafts, closed, true)));
    }
    written(handlers, "exit")
        .ifPresent(node -> last.addAll(steps(node, "exit", drafts, Optional.empty(), true)));
    Hooks hooks =
        new Hooks(
            sequence("before", first),
            written(handlers, "success")
                .flatMap(
                    node ->
                        sequence("onSuccess", steps(node, "success", drafts, place.gate, true))),
            written(handlers, "failure")
                .flatMap(
                    node ->
                        sequence("onFailure", steps(node, "failure", drafts, place.gate, true))),
            abort.flatMap(
                node -> sequence("onCancel", steps(node, "abort", drafts, Optional.empty(), true))),
            sequence("always", last));
    handlers.ifPresent(Fields::close);
    return hooks;
  }

  private static Optional<Step> sequence(String name, List<Step> steps) {
    if (steps.isEmpty()) {
      return Optional.empty();
    }
    SourceSpan span = steps.getFirst().span();
    StepDraft all = StepDraft.of(name, new Structure.Sequence(steps), span);
    boolean after = !name.equals("before");
    return Optional.of(after ? all.onFailure(failsRun(span)).step() : all.step());
  }

  /** A handler that fails makes the run fail. */
  private static OnFailure failsRun(SourceSpan span) {
    return new OnFailure(true, Optional.empty(), Optional.empty(), Optional.empty(), true, span);
  }

  private List<Step> steps(
      YamlNode node, String name, List<Draft> drafts, Optional<String> gate, boolean after) {
    Optional<Draft> found = draft(node, name);
    if (found.isEmpty()) {
      return List.of();
    }
    Draft draft = found.get();
    Scope scope = place.scope.inner();
    if (after) {
      scope.variables.put("DAG_RUN_STATUS", Words.RUN_STATUS);
      drafts.forEach(step -> draft.needs.put(step, step.span));
    }
    Place inside = place.withGate(gate).withStatus(after);
    return new StepWriter(inside, policies).hook(draft, scope);
  }

  private Optional<Draft> draft(YamlNode node, String name) {
    if (node instanceof Mapping map) {
      Fields fields = new Fields(place.root.section().ledger().open("step", map));
      Draft draft =
          new Draft(name, fields.text("name").orElse(name), Optional.of(fields), "", map.span());
      new Kinds(place.age, place.defaults).describe(draft, fields);
      fields.text("description");
      if (fields.has("depends")) {
        fields.badValue(
            fields.keySpan("depends"), "a handler depends on no step", "remove 'depends'");
      }
      return Optional.of(draft);
    }
    if (node instanceof Scalar scalar && !scalar.isNull()) {
      return Optional.of(new Draft(name, name, Optional.empty(), scalar.text(), scalar.span()));
    }
    place.root.wrongType(node, "the handler '" + name + "'", "a step");
    return Optional.empty();
  }

  /** The handler for waiting: a step that begins when another one waits. Its failure is nothing. */
  Optional<Step> waiting(YamlNode node, String name, String waits) {
    Optional<Draft> draft = draft(node, "wait");
    if (draft.isEmpty()) {
      return Optional.empty();
    }
    SourceSpan span = draft.get().span;
    List<Step> steps = new StepWriter(place, policies).hook(draft.get(), place.scope.inner());
    Template nothing = new Template.Literal(null, span);
    OnFailure ignored =
        new OnFailure(
            true,
            Optional.empty(),
            Optional.of(nothing),
            Optional.of(StepStatus.SUCCEEDED),
            false,
            span);
    return Optional.of(
        StepDraft.of(name, new Structure.Sequence(steps), span)
            .needs(List.of(new Step.Need(waits, List.of(StepStatus.WAITING), false, span)))
            .onFailure(ignored)
            .step());
  }
}
