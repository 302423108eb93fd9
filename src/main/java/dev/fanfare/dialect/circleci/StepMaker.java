package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.Fan;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.definition.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Jobs and groups as steps. */
final class StepMaker {

  /** How long CircleCI waits for a serial group, and for a person. */
  private static final Duration SERIAL_WAIT = Duration.ofHours(5);

  private static final Duration APPROVAL_WAIT = Duration.ofDays(90);

  /** The folder of the workspace that jobs hand on, and one that nothing writes. */
  private static final List<String> HANDED_ON = List.of("workspace");

  private static final List<String> NOTHING = List.of(".nothing");

  private static final Template NEVER = new Template.Expression(new Expr("false", SourceSpan.NONE));
  private static final Template RUN_ID =
      new Template.Expression(new Expr("run.id", SourceSpan.NONE));

  private final PipelineValues pipeline;
  private final Contexts contexts;

  StepMaker(PipelineValues pipeline, Contexts contexts) {
    this.pipeline = pipeline;
    this.contexts = contexts;
  }

  /** The same for jobs that do not run, whose contexts nobody needs. */
  StepMaker shadow() {
    return new StepMaker(pipeline, new Contexts());
  }

  /** A step that is shown and never runs. */
  Step absent(String name, String written, String why, SourceSpan span) {
    return StepDraft.of(name, new Work.Pass(Optional.empty()), span)
        .when(NEVER)
        .title(written + " (" + why + ")")
        .step();
  }

  /** A group of steps. */
  StepDraft group(String name, String title, List<Step> steps, SourceSpan span) {
    Structure body =
        new Structure.Parallel(
            steps, Optional.empty(), Optional.empty(), new Structure.Success.All());
    return StepDraft.of(name, body, span).title(title.equals(name) ? "" : title);
  }

  /** A job in an orb that is not downloaded: work of a Java step that somebody may supply. */
  StepDraft external(String name, String bean, Map<String, Template> arguments, SourceSpan span) {
    return StepDraft.of(name, new Work.Call(bean, new Template.Entries(arguments, span)), span);
  }

  /** A job. */
  StepDraft job(String name, String workflow, Invocation invocation, Job job) {
    SourceSpan span = invocation.span();
    String title = invocation.name().equals(name) ? "" : invocation.name();
    return switch (job.type()) {
      case Job.APPROVAL -> StepDraft.of(name, approval(invocation), span).title(title);
      case Job.NO_OP -> StepDraft.of(name, new Work.Pass(Optional.empty()), span).title(title);
      default -> build(name, workflow, invocation, job).title(title);
    };
  }

  private static Work approval(Invocation invocation) {
    return new Work.Approval(
        Template.literal("Approve " + invocation.name() + "?"),
        Optional.of(APPROVAL_WAIT),
        Work.Approval.OnTimeout.DENY,
        Optional.empty());
  }

  private StepDraft build(String name, String workflow, Invocation invocation, Job job) {
    String script = new JobScript(job, invocation.name(), invocation.contexts().size()).text();
    Work run =
        new Work.Run(
            List.of(script),
            Optional.of("bash"),
            Optional.empty(),
            job.image(),
            Map.of(PipelineValues.RUN_ID, RUN_ID),
            Optional.of("circleci"));
    StepDraft draft =
        StepDraft.of(name, run, invocation.span())
            .env(environment(workflow, invocation, job))
            .timeouts(silence(job))
            .reads(job.attaches() ? HANDED_ON : NOTHING);
    return job.nodes() == 1 ? draft : draft.fan(nodes(job, invocation.span()));
  }

  private static Timeouts silence(Job job) {
    Duration longest =
        job.actions().stream()
            .filter(Action.Run.class::isInstance)
            .map(Action.Run.class::cast)
            .map(run -> max(run.silence(), run.rerunDelay().plusMinutes(1)))
            .reduce(Duration.ZERO, StepMaker::max);
    return new Timeouts(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(longest.isZero() ? BuiltInSteps.SILENCE : longest));
  }

  private static Duration max(Duration one, Duration two) {
    return one.compareTo(two) >= 0 ? one : two;
  }

  private static Fan nodes(Job job, SourceSpan span) {
    List<Template> items =
        IntStream.range(0, job.nodes()).mapToObj(i -> Template.literal((long) i)).toList();
    return new Fan.ForEach(
        new Template.Items(items, span),
        "node",
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        false,
        Fan.ForEach.Empty.SUCCEED,
        span);
  }

  private Map<String, Template> environment(String workflow, Invocation invocation, Job job) {
    Map<String, Template> env = new LinkedHashMap<>();
    env.put("CI", Template.literal("true"));
    env.put("CIRCLECI", Template.literal("true"));
    env.put("CIRCLE_JOB", Template.literal(invocation.name()));
    env.put("CIRCLE_WORKFLOW", Template.literal(workflow));
    for (String id :
        List.of("CIRCLE_WORKFLOW_ID", "CIRCLE_PIPELINE_ID", "CIRCLE_WORKFLOW_WORKSPACE_ID")) {
      env.put(id, RUN_ID);
    }
    pipeline.tag().ifPresent(tag -> env.put("CIRCLE_TAG", Template.literal(tag)));
    pipeline.branch().ifPresent(branch -> env.put("CIRCLE_BRANCH", Template.literal(branch)));
    pipeline.revision().ifPresent(sha -> env.put("CIRCLE_SHA1", Template.literal(sha)));
    pipeline.repository().ifPresent(url -> env.put("CIRCLE_REPOSITORY_URL", Template.literal(url)));
    env.put("CIRCLE_NODE_TOTAL", Template.literal(Integer.toString(job.nodes())));
    env.put(
        "CIRCLE_NODE_INDEX",
        job.nodes() == 1
            ? Template.literal("0")
            : new Template.Expression(new Expr("string(node)", invocation.span())));
    job.environment().forEach((key, value) -> env.put(key, text(value, invocation.span())));
    for (int i = 0; i < invocation.contexts().size(); i++) {
      env.put(JobScript.CONTEXT + i, contexts.secret(invocation.contexts().get(i)));
    }
    return env;
  }

  /** A text in which the run's id may stand. */
  private static Template text(String text, SourceSpan span) {
    if (!text.contains(PipelineValues.RUN_ID)) {
      return new Template.Literal(text, span);
    }
    List<Template> parts = new ArrayList<>();
    String[] around = text.split(PipelineValues.RUN_ID, -1);
    for (int i = 0; i < around.length; i++) {
      if (i > 0) {
        parts.add(RUN_ID);
      }
      if (!around[i].isEmpty()) {
        parts.add(new Template.Literal(around[i], span));
      }
    }
    return parts.size() == 1 ? parts.getFirst() : new Template.Text(parts, span);
  }

  /** A mutex for a job or a group. */
  static Step.Lock lock(String serialGroup, SourceSpan span) {
    return new Step.Lock(text(serialGroup, span), Optional.of(SERIAL_WAIT), true);
  }
}
