package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.circleci.Filtering.Placed;
import dev.fanfare.dialect.circleci.Library.Found;
import dev.fanfare.dialect.circleci.Library.Kind;
import dev.fanfare.dialect.circleci.Parameters.Argument;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The jobs of a workflow as steps. */
final class WorkflowReader {

  private static final int MAX_DEPTH = 20;
  private static final int MAX_JOBS = 5_000;

  private final Fields fields;
  private final Library library;
  private final StepMaker maker;
  private final String workflow;
  private final int[] read = {0};

  WorkflowReader(Fields fields, Library library, StepMaker maker, String workflow) {
    this.fields = fields;
    this.library = library;
    this.maker = maker;
    this.workflow = workflow;
  }

  /** A job in its place, while the steps of its workflow are made. */
  private record Made(Placed placed, String step, boolean approval) {}

  /** The steps of a section that has a list of jobs. */
  List<Step> steps(Section section, Scope scope) {
    return steps(
        new InvocationReader(fields).read(section, "the workflow '" + workflow + "'", scope),
        scope,
        0);
  }

  /** The steps of a workflow that a file has without writing it. */
  List<Step> steps(Invocation only) {
    return steps(List.of(only), only.scope(), 0);
  }

  private List<Step> steps(List<Invocation> invocations, Scope scope, int depth) {
    read[0] += invocations.size();
    List<Placed> placed = Filtering.of(invocations, scope.pipeline(), fields.problems());
    Names names = new Names();
    Map<Invocation, Made> made = new HashMap<>();
    for (Placed each : placed) {
      Invocation invocation = each.invocation();
      made.put(invocation, new Made(each, names.step(invocation.name()), isApproval(invocation)));
    }
    Sharing sharing = new Sharing(fields.problems());
    List<Step> steps = new ArrayList<>();
    for (Placed each : placed) {
      steps.add(step(Objects.requireNonNull(made.get(each.invocation())), made, sharing, depth));
    }
    sharing.check();
    return steps;
  }

  private boolean isApproval(Invocation invocation) {
    return invocation.type().filter(Job.APPROVAL::equals).isPresent()
        || (library.find(Kind.JOB, invocation.definition()) instanceof Found.Defined job
            && job.entry().value() instanceof Mapping map
            && map.get("type").orElse(null) instanceof Scalar type
            && type.text().equals(Job.APPROVAL));
  }

  private Step step(Made each, Map<Invocation, Made> made, Sharing sharing, int depth) {
    Invocation invocation = each.placed().invocation();
    Optional<String> objection = each.placed().objection();
    if (objection.isPresent()) {
      shadow().draft(each.step(), invocation, Optional.empty(), depth);
      settle(invocation);
      fields
          .problems()
          .info(
              "job-filtered",
              "'" + invocation.name() + "' does not run: " + objection.get(),
              invocation.span(),
              "");
      return maker.absent(each.step(), invocation.name(), objection.get(), invocation.span());
    }
    List<Step.Need> needs = new ArrayList<>();
    each.placed()
        .needs()
        .forEach(
            (on, statuses) -> {
              Made required = Objects.requireNonNull(made.get(on));
              needs.add(
                  new Step.Need(
                      required.step(),
                      Statuses.of(statuses, required.approval()),
                      false,
                      invocation.span()));
            });
    sharing.place(invocation, each.placed().needs().keySet());
    StepDraft draft = draft(each.step(), invocation, Optional.of(sharing), depth).needs(needs);
    invocation.serialGroup().ifPresent(key -> draft.lock(StepMaker.lock(key, invocation.span())));
    return draft.step();
  }

  /** A reader for what does not run. */
  private WorkflowReader shadow() {
    return new WorkflowReader(fields.shadow(), library, maker.shadow(), workflow);
  }

  /** A workflow that does not run, read apart from what does. */
  void look(Mapping workflow, Scope scope) {
    WorkflowReader apart = shadow();
    apart.steps(apart.fields.ledger().open("workflow", workflow), scope);
  }

  /** What is written for a job that does not run is accounted for. */
  private void settle(Invocation invocation) {
    invocation.before().ifPresent(fields.ledger()::settleAll);
    invocation.after().ifPresent(fields.ledger()::settleAll);
    for (Argument argument : invocation.arguments().values()) {
      if (argument instanceof Argument.Written written) {
        fields.ledger().settleAll(written.node());
      }
    }
  }

  private StepDraft draft(
      String name, Invocation invocation, Optional<Sharing> sharing, int depth) {
    if (invocation.type().isPresent()) {
      return special(name, invocation);
    }
    String definition = invocation.definition();
    if (library.find(Kind.GROUP, definition) instanceof Found.Defined group) {
      return group(name, invocation, group, depth);
    }
    return switch (library.find(Kind.JOB, definition)) {
      case Found.Defined job -> {
        JobReader.Around around =
            new JobReader.Around(
                invocation.before(), invocation.after(), invocation.scope(), library);
        Job read =
            new JobReader(fields, false)
                .job(job, invocation.arguments(), around, invocation.scope(), invocation.span());
        sharing.ifPresent(all -> all.job(invocation, read));
        yield maker.job(name, workflow, invocation, read);
      }
      case Found.External external -> external(name, invocation, external);
      case Found.Missing ignored -> {
        fields
            .problems()
            .error(
                "unknown-job",
                "there is no job '" + definition + "'",
                invocation.span(),
                Names.suggestion(definition, library.names(Kind.JOB), "jobs"));
        settle(invocation);
        yield maker.job(name, workflow, invocation, Job.of(Job.NO_OP));
      }
    };
  }

  /** Only approvals say their type in a workflow. */
  private StepDraft special(String name, Invocation invocation) {
    String type = invocation.type().orElse("");
    if (!type.equals(Job.APPROVAL) && !type.equals(Job.NO_OP)) {
      fields
          .problems()
          .error(
              "bad-value",
              "'type' in a workflow is approval, found '" + type + "'",
              invocation.span(),
              "the type of other jobs is written with the job");
    }
    settle(invocation);
    String known = type.equals(Job.APPROVAL) ? Job.APPROVAL : Job.NO_OP;
    return maker.job(name, workflow, invocation, Job.of(known));
  }

  private StepDraft group(String name, Invocation invocation, Found.Defined group, int depth) {
    List<Step> steps = List.of();
    if (depth >= MAX_DEPTH || read[0] > MAX_JOBS) {
      fields
          .problems()
          .error(
              "too-deep",
              "job groups are nested more than "
                  + MAX_DEPTH
                  + " levels deep, or invoke more than "
                  + MAX_JOBS
                  + " jobs",
              invocation.span(),
              "does a group contain itself?");
    } else if (group.entry().value() instanceof Mapping map) {
      Section section = fields.ledger().open("job-group", map);
      section.node("description");
      List<Invocation> inner =
          new InvocationReader(fields)
              .read(section, "the job group '" + invocation.definition() + "'", invocation.scope());
      steps = steps(inner, invocation.scope(), depth + 1);
      section.close();
    }
    return maker.group(name, invocation.name(), steps, invocation.span());
  }

  private StepDraft external(String name, Invocation invocation, Found.External external) {
    String bean = "circleci/" + external.orb() + "/" + external.name();
    fields
        .problems()
        .warning(
            "orb-not-fetched",
            "the job '"
                + invocation.definition()
                + "' is in the orb "
                + external.source()
                + ", which is not downloaded; the Java step '"
                + bean
                + "' is called instead",
            invocation.span(),
            "supply a step of that name, or write the orb out under orbs");
    Map<String, Template> arguments = new LinkedHashMap<>();
    invocation.arguments().forEach((key, argument) -> arguments.put(key, template(argument)));
    settle(invocation);
    return maker.external(name, bean, arguments, invocation.span());
  }

  private Template template(Argument argument) {
    return switch (argument) {
      case Argument.Ready ready -> literal(ready.value(), ready.span());
      case Argument.Written written -> template(written.node(), written.scope());
    };
  }

  private Template template(YamlNode node, Scope scope) {
    return switch (node) {
      case Scalar scalar -> literal(fields.rendering().value(scalar, scope), scalar.span());
      case YamlNode.Sequence list ->
          new Template.Items(
              list.items().stream().map(item -> template(item, scope)).toList(), list.span());
      case Mapping map -> {
        Map<String, Template> entries = new LinkedHashMap<>();
        map.entries().forEach(entry -> entries.put(entry.key(), template(entry.value(), scope)));
        yield new Template.Entries(entries, map.span());
      }
    };
  }

  private static Template literal(Value value, SourceSpan span) {
    return new Template.Literal(
        switch (value) {
          case Value.Flag flag -> flag.flag();
          case Value.Numeric number when number.isWhole() -> (long) number.number();
          case Value.Numeric number -> number.number();
          case Value.Nothing ignored -> null;
          case Value other -> other.shown();
        },
        span);
  }
}
