package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.Param;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Trigger;
import dev.fanfare.definition.Workflow;
import dev.fanfare.definition.WorkflowDraft;
import dev.fanfare.dialect.SourceFile;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A whole file: its workflows, of which those that this run is for become steps. */
final class Pipeline {

  private static final String IMPLICIT = "build";
  private static final int MAX_RERUNS = 5;

  private final Fields fields;
  private final SourceFile file;
  private final PipelineValues values;
  private final ConfigReader config;
  private final Contexts contexts = new Contexts();
  private final StepMaker maker;
  private final List<Trigger> triggers = new ArrayList<>();
  private int reruns;

  Pipeline(Fields fields, SourceFile file) {
    this.fields = fields;
    this.file = file;
    this.values = new PipelineValues(file.inputs());
    this.config = new ConfigReader(fields, file.inputs(), values);
    this.maker = new StepMaker(values, contexts);
  }

  /** A workflow that was read: its steps, or why it does not run. */
  private record Read(String name, List<Step> steps, Optional<String> objection, SourceSpan span) {}

  Workflow workflow(Mapping map) {
    Section root = fields.ledger().open("root", map);
    boolean templated = config.templated(root);
    config.parameters(root, templated);
    Library library = config.library(root);
    Scope scope = Scope.of(templated, values);
    Optional<Section> workflows = root.section("workflows", "workflows");
    List<Entry> named = workflows.map(Pipeline::named).orElse(List.of());
    List<Read> read = new ArrayList<>();
    if (named.isEmpty()) {
      implicit(library, scope, map.span()).ifPresent(read::add);
    }
    Optional<String> scheduled = scheduled(named);
    for (Entry entry : named) {
      workflows.orElseThrow().read(entry);
      workflows
          .orElseThrow()
          .section(entry.value(), "the workflow '" + entry.key() + "'", "workflow")
          .ifPresent(section -> read.add(read(section, entry, library, scope, scheduled)));
    }
    workflows.ifPresent(Section::close);
    checkVariant(named);
    config.others(root);
    root.close();
    new Unused(fields).check(library, scope);
    return assemble(read, named, map.span());
  }

  private static List<Entry> named(Section workflows) {
    workflows.node("version");
    return workflows.entries().stream().filter(entry -> !entry.key().equals("version")).toList();
  }

  /** The workflow that a schedule has started this run for. */
  private Optional<String> scheduled(List<Entry> named) {
    if (named.stream().noneMatch(Pipeline::hasTriggers)) {
      return Optional.empty();
    }
    config.param(
        ScheduleReader.PARAMETER,
        Param.Type.STRING,
        "",
        "the workflow that a schedule starts; it runs alone");
    return file.inputs()
        .param(ScheduleReader.PARAMETER)
        .map(String::valueOf)
        .filter(name -> !name.isEmpty());
  }

  private static boolean hasTriggers(Entry workflow) {
    return workflow.value() instanceof Mapping map && map.has("triggers");
  }

  private void checkVariant(List<Entry> named) {
    List<String> names = named.stream().map(Entry::key).toList();
    file.variant()
        .filter(name -> !names.contains(name))
        .ifPresent(
            name ->
                fields
                    .problems()
                    .error(
                        "unknown-dialect",
                        "the file has no workflow '" + name + "'",
                        SourceSpan.NONE,
                        Names.suggestion(name, names, "workflows")));
  }

  /** A file without workflows runs the job that is called build. */
  private Optional<Read> implicit(Library library, Scope scope, SourceSpan span) {
    Optional<Entry> job = library.job(IMPLICIT);
    if (job.isEmpty()) {
      fields
          .problems()
          .error(
              "no-steps",
              "the file has no workflow, and no job 'build', which would run without one",
              span,
              "write workflows");
    }
    return job.map(
        entry ->
            new Read(
                IMPLICIT,
                new WorkflowReader(fields, library, maker, IMPLICIT)
                    .steps(InvocationReader.bare(IMPLICIT, entry.keySpan(), scope)),
                Optional.empty(),
                entry.keySpan()));
  }

  private Read read(
      Section section, Entry entry, Library library, Scope scope, Optional<String> scheduled) {
    String name = entry.key();
    ScheduleReader.Schedules schedules = new ScheduleReader(fields).read(section, name, scope);
    triggers.addAll(schedules.triggers());
    if (scheduled.filter(name::equals).isPresent()) {
      values.scheduled(name, schedules.branch());
    }
    boolean holds = condition(section, scope);
    Optional<String> objection = objection(name, hasTriggers(entry), holds, scheduled);
    Optional<Integer> again = fields.integer(section, "max_auto_reruns", 1, MAX_RERUNS, scope);
    WorkflowReader reader = new WorkflowReader(fields, library, maker, name);
    List<Step> steps = List.of();
    if (objection.isEmpty()) {
      reruns = Math.max(reruns, again.orElse(0));
      steps = reader.steps(section, scope);
    } else {
      reader.look((Mapping) entry.value(), scope);
      section.node("jobs").ifPresent(fields.ledger()::settleAll);
      fields
          .problems()
          .info(
              "workflow-not-run",
              "the workflow '" + name + "' does not run: " + objection.get(),
              entry.keySpan(),
              "");
    }
    section.close();
    return new Read(name, steps, objection, entry.keySpan());
  }

  private boolean condition(Section section, Scope scope) {
    Logic logic = new Logic(fields, scope);
    boolean when = section.node("when").map(node -> logic.holds(node, true)).orElse(true);
    Optional<YamlNode> unless = section.node("unless");
    return when && !unless.map(node -> logic.holds(node, true)).orElse(false);
  }

  private Optional<String> objection(
      String name, boolean hasTriggers, boolean holds, Optional<String> scheduled) {
    if (file.variant().isPresent() && !file.variant().get().equals(name)) {
      return Optional.of("another one was asked for");
    }
    if (scheduled.isPresent() && !scheduled.get().equals(name)) {
      return Optional.of("the schedule is that of '" + scheduled.get() + "'");
    }
    if (hasTriggers && scheduled.isEmpty() && file.variant().isEmpty()) {
      return Optional.of("it runs when its schedule says so, and not otherwise");
    }
    return holds ? Optional.empty() : Optional.of("its condition is false");
  }

  private Workflow assemble(List<Read> read, List<Entry> named, SourceSpan span) {
    List<Read> active = read.stream().filter(each -> each.objection().isEmpty()).toList();
    List<Step> steps = new ArrayList<>();
    Names names = new Names();
    if (active.size() == 1) {
      steps.addAll(active.getFirst().steps());
    } else if (active.isEmpty()) {
      read.forEach(
          each ->
              steps.add(
                  maker.absent(
                      names.step(each.name()),
                      each.name(),
                      each.objection().orElse(""),
                      each.span())));
    } else {
      active.forEach(
          each ->
              steps.add(
                  maker
                      .group(names.step(each.name()), each.name(), each.steps(), each.span())
                      .step()));
    }
    if (active.size() > 1 && reruns > 0) {
      fields
          .problems()
          .warning(
              "reruns-together",
              "max_auto_reruns of one workflow begins again with what failed in any of them",
              span,
              "run one of them: --dialect circleci:NAME");
    }
    values.number().ifPresent(this::numbered);
    WorkflowDraft draft =
        WorkflowDraft.of(name(named), steps, span)
            .params(config.params())
            .secrets(contexts.secrets())
            .triggers(triggers)
            .workspace(Workflow.WorkspaceMode.LAYERED);
    return (reruns == 0 ? draft : draft.autoRerun(Workflow.AutoRerun.of(reruns, Duration.ZERO)))
        .workflow();
  }

  private void numbered(long number) {
    config.param(
        PipelineValues.NUMBER, Param.Type.INTEGER, number, "what << pipeline.number >> stands for");
  }

  private String name(List<Entry> named) {
    if (file.variant().isPresent()) {
      return Names.workflow(file.variant().get());
    }
    String base = file.baseName().equals("config") ? "circleci" : file.baseName();
    return Names.workflow(named.size() == 1 ? named.getFirst().key() : base);
  }
}
