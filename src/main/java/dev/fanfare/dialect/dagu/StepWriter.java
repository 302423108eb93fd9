package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.Retry;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.dialect.dagu.Conditions.Condition;
import dev.fanfare.dialect.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Turns the steps of a document into those of a workflow. */
final class StepWriter {

  private static final List<StepStatus> ON_SUCCESS = List.of(StepStatus.SUCCEEDED);

  private final Place place;
  private final Policies policies;

  /** What is called when a step waits for a person. */
  private Optional<YamlNode> onWait = Optional.empty();

  StepWriter(Place place, Policies policies) {
    this.place = place;
    this.policies = policies;
  }

  StepWriter onWait(Optional<YamlNode> handler) {
    onWait = handler;
    return this;
  }

  List<Step> write(List<Draft> drafts, Scope around) {
    List<Step> steps = new ArrayList<>();
    drafts.forEach(draft -> write(draft, around, steps));
    return steps;
  }

  /** The steps of a handler, which needs nothing: what it sees has ended. */
  List<Step> hook(Draft draft, Scope around) {
    List<Step> steps = new ArrayList<>();
    write(draft, around, steps);
    if (steps.size() == 1) {
      return List.of(StepDraft.of(steps.getFirst()).needs(List.of()).step());
    }
    String check = steps.getFirst().name();
    return steps.stream()
        .map(
            step ->
                StepDraft.of(step)
                    .needs(step.needs().stream().filter(need -> need.step().equals(check)).toList())
                    .step())
        .toList();
  }

  /** Makes a step readable by its name and id, and its variables by theirs. */
  static void see(Scope scope, Draft upstream) {
    scope.steps.put(upstream.name, upstream);
    upstream.id.ifPresent(id -> scope.steps.put(id, upstream));
  }

  /** What a step sees: variables of all that is upstream, each from whom wins. */
  private static List<String> inherit(Scope scope, List<Draft> upstream) {
    Map<String, String> found = new LinkedHashMap<>();
    for (Draft step : upstream) {
      see(scope, step);
      step.variable
          .filter(name -> name.matches("[A-Za-z_][A-Za-z0-9_]*"))
          .ifPresent(name -> first(found, name, step.variableValue()));
      for (String name : step.form) {
        String form = Cel.step(step.name + "." + step.inner("approval")) + ".?output.?form";
        first(found, name, form + "[?" + Cel.quoted(name) + "]");
      }
    }
    found.forEach((name, value) -> scope.variables.put(name, value + ".orValue(\"\")"));
    found.keySet().forEach(scope.late::remove);
    return new ArrayList<>(found.keySet());
  }

  private static void first(Map<String, String> found, String name, String value) {
    found.merge(name, value, (earlier, now) -> now + ".or(" + earlier + ")");
  }

  private void write(Draft draft, Scope around, List<Step> steps) {
    Scope scope = around.inner();
    String title = draft.title.isEmpty() ? draft.name : draft.title;
    scope.variables.put("DAG_RUN_STEP_NAME", Cel.quoted(title));
    List<String> inherited = inherit(scope, draft.upstream());
    Kinds.Action action =
        draft
            .fields
            .map(fields -> Kinds.action(fields, place.age))
            .orElse(new Kinds.Action("shell", Optional.empty()));
    List<String> whens = new ArrayList<>(place.gate.stream().toList());
    routes(draft).ifPresent(whens::add);
    List<Condition> checks = new ArrayList<>();
    for (Condition condition : conditions(draft)) {
      condition.expression(scope).ifPresentOrElse(whens::add, () -> checks.add(condition));
    }
    List<Step.Need> needs = needs(draft);
    if (!checks.isEmpty() && !checksItself(draft, action)) {
      String name = draft.inner("precondition");
      Shells.Made made = new Shells(place, scope.inner(), inherited).check(draft, checks);
      steps.add(
          StepDraft.of(name, made.run(), draft.span)
              .env(made.env())
              .needs(needs)
              .when(when(whens, draft.span))
              .step());
      needs = new ArrayList<>(needs);
      needs.add(new Step.Need(name, ON_SUCCESS, false, draft.span));
      checks.clear();
    }
    StepDraft work = work(draft, action, scope, inherited, checks);
    StepDraft step = around(draft, work, scope).name(draft.name);
    draft.fields.ifPresent(fields -> policies.continueOn(draft, fields, step));
    steps.add(
        step.needs(needs).when(when(whens, draft.span)).title(draft.title).span(draft.span).step());
    if (draft.kind == Draft.Kind.HUMAN) {
      handler(draft, draft.name, steps);
    }
    draft.fields.ifPresent(this::close);
  }

  /** Keys that say nothing unless they ask for what is not done. */
  private void close(Fields fields) {
    String key = fields.written("signal_on_stop");
    boolean usual =
        fields.section().entries().stream()
            .anyMatch(
                entry ->
                    entry.key().equals(key)
                        && entry.value() instanceof YamlNode.Scalar signal
                        && signal.text().matches("(SIG)?TERM"));
    if (usual) {
      fields.text("signal_on_stop");
    }
    fields.close();
  }

  private List<Condition> conditions(Draft draft) {
    Conditions conditions = new Conditions(place.age);
    List<Condition> all = new ArrayList<>();
    place.defaults.ifPresent(defaults -> all.addAll(conditions.of(defaults)));
    draft.fields.ifPresent(fields -> all.addAll(conditions.of(fields)));
    return all;
  }

  private boolean checksItself(Draft draft, Kinds.Action action) {
    return draft.kind == Draft.Kind.SHELL
        && !draft.repeats
        && !draft.approves
        && new Scripts(place).of(draft, action).isShell();
  }

  private static Optional<String> routes(Draft draft) {
    return draft.routes.entrySet().stream()
        .map(
            route ->
                "cel.bind(r, %s.output, %s)"
                    .formatted(
                        Cel.step(route.getKey().name),
                        route.getValue().stream()
                            .map(StepWriter::matches)
                            .collect(Collectors.joining(" || "))))
        .reduce((one, other) -> "(" + one + ") || (" + other + ")")
        .map(test -> "(" + test + ")");
  }

  private static String matches(String pattern) {
    return pattern.startsWith("re:")
        ? "r.matches(" + Cel.quoted(pattern.substring(3)) + ")"
        : "r == " + Cel.quoted(pattern);
  }

  private static Optional<Template> when(List<String> whens, SourceSpan span) {
    return whens.isEmpty()
        ? Optional.empty()
        : Optional.of(Cel.template(String.join(" && ", whens), span));
  }

  private static List<Step.Need> needs(Draft draft) {
    return draft.needs.entrySet().stream()
        .map(need -> new Step.Need(need.getKey().name, ON_SUCCESS, false, need.getValue()))
        .toList();
  }

  private StepDraft work(
      Draft draft,
      Kinds.Action action,
      Scope scope,
      List<String> inherited,
      List<Condition> checks) {
    StepDraft work =
        switch (draft.kind) {
          case SHELL -> {
            Shells.Made made = new Shells(place, scope, inherited).of(draft, action, checks);
            yield StepDraft.of(draft.name, made.run(), draft.span)
                .env(made.env())
                .outputs(made.outputs());
          }
          case SUB, PARALLEL ->
              new SubDags(place, scope).step(draft, draft.fields.orElseThrow(), action);
          case FOREACH -> new Foreachs(place, scope, this).step(draft, draft.fields.orElseThrow());
          case HTTP, HUMAN, VALUE, OTHER ->
              new Bodies(place, scope).step(draft, draft.fields.orElseThrow(), action);
        };
    if (draft.fields.isEmpty()) {
      return work;
    }
    Timeouts limits = policies.timeouts(draft.fields.get());
    Retry retry = policies.retry(draft.fields.get());
    boolean fan = draft.kind == Draft.Kind.PARALLEL || draft.kind == Draft.Kind.FOREACH;
    boolean limited = limits.attempt().isPresent() || retry.attempts() > 1;
    if (fan && limited) {
      // Both are about the whole of it, and those of a fan about each instance.
      Structure all = new Structure.Sequence(List.of(work.name(draft.inner("items")).step()));
      work = StepDraft.of(draft.name, all, draft.span);
    }
    if (limits.attempt().isPresent()) {
      work = work.timeouts(limits);
    }
    return work.retry(retry);
  }

  private StepDraft around(Draft draft, StepDraft work, Scope scope) {
    if (draft.fields.isEmpty()) {
      return work;
    }
    Fields fields = draft.fields.get();
    StepDraft step = work;
    if (draft.repeats) {
      Structure loop =
          new Repeats(place, scope, draft).loop(step.name(draft.inner("work")), fields);
      step = StepDraft.of(draft.name, loop, draft.span);
    }
    if (draft.approves) {
      String asked = draft.inner("approval");
      List<Step> children = new ArrayList<>();
      children.add(step.name(draft.inner("work")).step());
      children.add(
          StepDraft.of(asked, new Bodies(place, scope).approval(draft, fields), draft.span)
              .needs(List.of(new Step.Need(draft.inner("work"), ON_SUCCESS, false, draft.span)))
              .step());
      handler(draft, asked, children);
      Structure group =
          new Structure.Parallel(
              children, Optional.empty(), Optional.empty(), new Structure.Success.All());
      step = StepDraft.of(draft.name, group, draft.span);
    }
    return step;
  }

  /** The handler for waiting, beside a step that waits. */
  private void handler(Draft draft, String waits, List<Step> beside) {
    onWait.ifPresent(
        handler ->
            new Handlers(place, policies)
                .waiting(handler, draft.inner("wait handler"), waits)
                .ifPresent(beside::add));
  }
}
