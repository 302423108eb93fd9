package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.Param;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import dev.fanfare.definition.WorkflowDraft;
import dev.fanfare.dialect.ImportInputs;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One document of a file, which becomes one workflow. */
final class Document {

  /** Where values come from that a shell computes when the run begins. */
  private static final String VALUES = "values";

  private static final String GATE = "preconditions";

  private final Fields root;
  private final Age age;
  private final Variant variant;
  private final ImportInputs inputs;
  private final Set<String> free = new LinkedHashSet<>();
  private final Scope scope = new Scope(free);
  private final Parameters parameters;
  private final Place place;
  private final Map<String, Template> env = new LinkedHashMap<>();
  private final List<Step> before = new ArrayList<>();

  /**
   * @param variant how the file is asked for
   */
  Document(Fields root, Age age, Variant variant, ImportInputs inputs) {
    this.root = root;
    this.age = age;
    this.variant = variant;
    this.inputs = inputs;
    this.parameters = new Parameters(root, scope);
    this.place = new Place(age, root, root.section("defaults", "defaults"), scope);
    this.place.variant = variant;
  }

  Workflow workflow(String name, Optional<YamlNode> list) {
    SourceSpan span = root.node("name").map(YamlNode::span).orElse(root.span());
    List<String> secrets = values(name);
    settings();
    Optional<YamlNode> steps = list.or(() -> root.node("steps"));
    Statics statics = new Statics(scope, inputs, parameters.defaults);
    Policies policies = new Policies(place, statics);
    preconditions();
    pause();
    Optional<Fields> handlers = root.section("handler_on", "handler_on");
    List<Draft> drafts =
        steps
            .map(
                node ->
                    new Outline(
                            root.section().ledger(),
                            age,
                            isChain(),
                            list.isPresent(),
                            place.defaults)
                        .read(node))
            .orElse(List.of());
    if (drafts.isEmpty()) {
      root.badValue(root.span(), "there is no step", "write at least one under 'steps'");
    }
    List<Step> written =
        new StepWriter(place, policies)
            .onWait(Handlers.written(handlers, "wait"))
            .write(drafts, scope);
    Hooks hooks = new Handlers(place, policies).hooks(handlers, before, drafts);
    Optional<Template> most = new Limits(place).maxActiveSteps();
    WorkflowDraft workflow =
        WorkflowDraft.of(name, written, span)
            .description(root.text("description").orElse(""))
            .env(env)
            .secrets(secrets)
            .triggers(new Schedules(root).read())
            .concurrency(new Limits(place).concurrency(span))
            .tolerated(Workflow.Tolerated.SOME_MUST_SUCCEED)
            .autoRerun(policies.autoRerun(root))
            .maxParallel(most)
            .timeout(root.seconds("timeout_sec"))
            .hooks(hooks)
            .outputs(outputs(drafts));
    parameters.free(free, span);
    workflow.params(params());
    place.defaults.ifPresent(Fields::close);
    root.close();
    return workflow.workflow();
  }

  private Map<String, Param> params() {
    return parameters.declared;
  }

  private boolean isChain() {
    Optional<String> type = root.text("type").or(variant::type);
    return switch (type.orElse("graph")) {
      case "chain" -> true;
      case "graph" -> false;
      default -> {
        root.badValue(
            root.keySpan("type"),
            "a DAG of the type '"
                + type.orElse("")
                + "' cannot be run: its steps are not written down",
            "write type: graph or type: chain, with steps");
        yield false;
      }
    };
  }

  /** Parameters, secrets and the environment; yields the names of the secrets. */
  private List<String> values(String name) {
    variable("DAG_NAME", Cel.quoted(name));
    variable("DAG_RUN_ID", "run.id");
    if (variant.called()) {
      free.add(Folders.CALLER);
      env.put(Folders.CALLER, Cel.template(Scope.given(Folders.CALLER), root.span()));
    }
    scope.outside(new Outside(inputs, root.problems()));
    constants();
    parameters.read();
    List<String> secrets = secrets();
    List<Env.Entry> computed = new ArrayList<>();
    for (Env.Entry entry : parameters.computed) {
      late(entry, computed);
    }
    for (Env.Entry entry : Env.read(root, "env")) {
      if (scope.params.containsKey(entry.name())) {
        continue;
      }
      if (entry.needsShell(scope) || readsLate(entry)) {
        late(entry, computed);
      } else {
        Template value = Words.template(entry.text(), scope, entry.span());
        scope.variables.put(entry.name(), Words.value(entry.text(), scope));
        env.put(entry.name(), value);
      }
    }
    scope.outside(null);
    scope.params.forEach(
        (param, value) -> {
          if (!place.late.contains(param) && param.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            env.put(param, Cel.template(value, root.span()));
          }
        });
    place.positions = List.copyOf(scope.params.keySet());
    compute(computed);
    return secrets;
  }

  private void variable(String name, String value) {
    scope.variables.put(name, value);
    env.put(name, Cel.template(value, root.span()));
  }

  private boolean readsLate(Env.Entry entry) {
    return Texts.references(entry.text()).stream()
        .anyMatch(reference -> place.late.contains(reference.name()));
  }

  private void late(Env.Entry entry, List<Env.Entry> computed) {
    computed.add(entry);
    place.late.add(entry.name());
    scope.late.add(entry.name());
    String value =
        "steps[\":before."
            + VALUES
            + "\"].?output[?"
            + Cel.quoted(entry.name())
            + "].orValue(\"\")";
    scope.variables.put(entry.name(), value);
    if (scope.params.containsKey(entry.name())) {
      scope.params.put(entry.name(), value);
    }
  }

  /** A script before the first step computes what only a shell can tell, once for the run. */
  private void compute(List<Env.Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    Map<String, Template> given = new LinkedHashMap<>();
    for (Env.Entry entry : entries) {
      String set = entry.name() + "=" + Texts.live(entry.text()) + "; export " + entry.name();
      if (parameters.declared.containsKey(entry.name())) {
        given.put(entry.name(), Cel.template(Scope.given(entry.name()), entry.span()));
        set = "test -n \"$" + entry.name() + "\" || { " + set + "; }";
      }
      lines.add(set);
      lines.add(
          "printf '%s<<DAGU_END\\n%s\\nDAGU_END\\n' "
              + entry.name()
              + " \"$"
              + entry.name()
              + "\" >> \"$FANFARE_OUTPUT\"");
    }
    before.add(StepDraft.of(VALUES, script(lines), entries.getFirst().span()).env(given).step());
  }

  private Work.Run script(List<String> lines) {
    return new Work.Run(
        lines,
        Optional.empty(),
        Optional.of(new Folders(place).workdir(Optional.empty(), scope, root.span())),
        Optional.empty());
  }

  private void constants() {
    root.free("consts")
        .ifPresent(
            node ->
                Section.oneOrMany(node).stream()
                    .filter(Mapping.class::isInstance)
                    .flatMap(map -> ((Mapping) map).entries().stream())
                    .forEach(
                        (Entry entry) ->
                            scope.consts.put(
                                entry.key(), Json.expression(entry.value(), new Scope(free)))));
  }

  private List<String> secrets() {
    List<String> names = new ArrayList<>();
    for (YamlNode item : root.section().items("secrets")) {
      Optional<Fields> fields = root.section(item, "a secret", "secret");
      Optional<String> name = fields.flatMap(secret -> secret.text("name"));
      Optional<String> key =
          fields
              .flatMap(secret -> secret.text("key"))
              .filter(written -> written.matches("[A-Za-z_][A-Za-z0-9_]*"));
      fields.ifPresent(Fields::close);
      name.ifPresent(
          variable -> {
            String secret = key.orElse(variable);
            if (!names.contains(secret)) {
              names.add(secret);
            }
            variable(variable, "secrets." + secret);
          });
    }
    return names;
  }

  private void settings() {
    place.shell = Scripts.words(root);
    place.workdir = Folders.written(root);
    Optional<YamlNode> container = root.node("container");
    if (container.isPresent() && container.get() instanceof Scalar image) {
      place.image = Optional.of(image.text());
    } else {
      root.section("container", "container")
          .ifPresent(
              fields -> {
                place.image = fields.text("image");
                Env.read(fields, "env")
                    .forEach(
                        entry ->
                            place.imageEnv.put(
                                entry.name(), Words.template(entry.text(), scope, entry.span())));
                fields.close();
              });
    }
    if (root.isWritten("dotenv")) {
      List<String> files = new ArrayList<>(root.texts("dotenv"));
      java.util.Collections.reverse(files);
      place.dotenv = files.stream().filter(file -> !file.isEmpty()).toList();
    }
  }

  private void preconditions() {
    List<Conditions.Condition> conditions = new Conditions(age).of(root);
    if (conditions.isEmpty()) {
      return;
    }
    Draft draft = new Draft(GATE, GATE, Optional.empty(), "true", conditions.getFirst().span());
    List<String> whens = new ArrayList<>();
    List<Conditions.Condition> checks = new ArrayList<>();
    for (Conditions.Condition condition : conditions) {
      condition.expression(scope).ifPresentOrElse(whens::add, () -> checks.add(condition));
    }
    Shells.Made made = new Shells(place, scope.inner(), List.of()).check(draft, checks);
    Optional<Template> when =
        whens.isEmpty()
            ? Optional.empty()
            : Optional.of(Cel.template(String.join(" && ", whens), draft.span));
    before.add(
        StepDraft.of(
                GATE, checks.isEmpty() ? new Work.Pass(Optional.empty()) : made.run(), draft.span)
            .env(checks.isEmpty() ? Map.of() : made.env())
            .when(when)
            .step());
    place.gate = Optional.of("steps[\":before." + GATE + "\"].status != \"skipped\"");
  }

  private void pause() {
    root.seconds("delay_sec")
        .ifPresent(
            delay ->
                before.add(
                    StepDraft.of(
                            "delay",
                            new Work.Sleep(
                                Cel.literal(delay.toMillis() + "ms", root.keySpan("delay_sec"))),
                            root.keySpan("delay_sec"))
                        .when(place.gate.map(gate -> Cel.template(gate, root.keySpan("delay_sec"))))
                        .step()));
  }

  /** Every variable that a step sets is an output of the run. */
  private static Map<String, Template> outputs(List<Draft> drafts) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Draft draft : drafts) {
      draft.variable.ifPresent(
          name ->
              values.merge(
                  name, draft.variableValue(), (earlier, now) -> now + ".or(" + earlier + ")"));
    }
    Map<String, Template> outputs = new LinkedHashMap<>();
    values.forEach(
        (name, value) ->
            outputs.put(name, Cel.template(value + ".orValue(null)", drafts.getFirst().span)));
    return outputs;
  }
}
