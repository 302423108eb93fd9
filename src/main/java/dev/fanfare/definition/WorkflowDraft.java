package dev.fanfare.definition;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A workflow being put together by an importer: what is not said has the language's default.
 *
 * <pre>{@code
 * Workflow workflow = WorkflowDraft.of("release", steps, span).env(env).workflow();
 * }</pre>
 */
public final class WorkflowDraft {

  private String name;
  private String description = "";
  private Map<String, Param> params = Map.of();
  private Map<String, Template> env = Map.of();
  private List<String> secrets = List.of();
  private List<Trigger> triggers = List.of();
  private Optional<Workflow.Concurrency> concurrency = Optional.empty();
  private Workflow.Order order = Workflow.Order.GRAPH;
  private Workflow.OnRunFailure onFailure = Workflow.OnRunFailure.DRAIN;
  private Workflow.Tolerated tolerated = Workflow.Tolerated.SOME_MUST_SUCCEED;
  private Optional<Workflow.AutoRerun> autoRerun = Optional.empty();
  private Optional<Template> maxParallel = Optional.empty();
  private Optional<Duration> timeout = Optional.empty();
  private List<Step> steps;
  private Hooks hooks = Hooks.NONE;
  private Map<String, Template> outputs = Map.of();
  private Workflow.WorkspaceMode workspace = Workflow.WorkspaceMode.UNSAID;
  private SourceSpan span;

  private WorkflowDraft(String name, List<Step> steps, SourceSpan span) {
    this.name = name;
    this.steps = steps;
    this.span = span;
  }

  /** A workflow with steps and nothing around them. */
  public static WorkflowDraft of(String name, List<Step> steps, SourceSpan span) {
    return new WorkflowDraft(name, steps, span);
  }

  /** Everything that a workflow says, to say something else. */
  public static WorkflowDraft of(Workflow workflow) {
    WorkflowDraft draft = new WorkflowDraft(workflow.name(), workflow.steps(), workflow.span());
    draft.description = workflow.description();
    draft.params = workflow.params();
    draft.env = workflow.env();
    draft.secrets = workflow.secrets();
    draft.triggers = workflow.triggers();
    draft.concurrency = workflow.concurrency();
    draft.order = workflow.order();
    draft.onFailure = workflow.onFailure();
    draft.tolerated = workflow.tolerated();
    draft.autoRerun = workflow.autoRerun();
    draft.maxParallel = workflow.maxParallel();
    draft.timeout = workflow.timeout();
    draft.hooks = workflow.hooks();
    draft.outputs = workflow.outputs();
    draft.workspace = workflow.workspace();
    return draft;
  }

  public WorkflowDraft name(String name) {
    this.name = name;
    return this;
  }

  public WorkflowDraft description(String description) {
    this.description = description;
    return this;
  }

  public WorkflowDraft params(Map<String, Param> params) {
    this.params = params;
    return this;
  }

  public WorkflowDraft env(Map<String, Template> env) {
    this.env = env;
    return this;
  }

  public WorkflowDraft secrets(List<String> secrets) {
    this.secrets = secrets;
    return this;
  }

  public WorkflowDraft triggers(List<Trigger> triggers) {
    this.triggers = triggers;
    return this;
  }

  public WorkflowDraft concurrency(Optional<Workflow.Concurrency> concurrency) {
    this.concurrency = concurrency;
    return this;
  }

  public WorkflowDraft concurrency(Workflow.Concurrency concurrency) {
    return concurrency(Optional.of(concurrency));
  }

  public WorkflowDraft order(Workflow.Order order) {
    this.order = order;
    return this;
  }

  public WorkflowDraft onFailure(Workflow.OnRunFailure onFailure) {
    this.onFailure = onFailure;
    return this;
  }

  public WorkflowDraft tolerated(Workflow.Tolerated tolerated) {
    this.tolerated = tolerated;
    return this;
  }

  public WorkflowDraft autoRerun(Optional<Workflow.AutoRerun> autoRerun) {
    this.autoRerun = autoRerun;
    return this;
  }

  public WorkflowDraft autoRerun(Workflow.AutoRerun autoRerun) {
    return autoRerun(Optional.of(autoRerun));
  }

  public WorkflowDraft maxParallel(Optional<Template> maxParallel) {
    this.maxParallel = maxParallel;
    return this;
  }

  public WorkflowDraft maxParallel(Template maxParallel) {
    return maxParallel(Optional.of(maxParallel));
  }

  public WorkflowDraft timeout(Optional<Duration> timeout) {
    this.timeout = timeout;
    return this;
  }

  public WorkflowDraft timeout(Duration timeout) {
    return timeout(Optional.of(timeout));
  }

  public WorkflowDraft steps(List<Step> steps) {
    this.steps = steps;
    return this;
  }

  public WorkflowDraft hooks(Hooks hooks) {
    this.hooks = hooks;
    return this;
  }

  public WorkflowDraft outputs(Map<String, Template> outputs) {
    this.outputs = outputs;
    return this;
  }

  public WorkflowDraft workspace(Workflow.WorkspaceMode workspace) {
    this.workspace = workspace;
    return this;
  }

  public WorkflowDraft span(SourceSpan span) {
    this.span = span;
    return this;
  }

  /** The workflow. The draft may go on to be changed. */
  public Workflow workflow() {
    return new Workflow(
        name,
        description,
        params,
        env,
        secrets,
        triggers,
        concurrency,
        order,
        onFailure,
        tolerated,
        autoRerun,
        maxParallel,
        timeout,
        steps,
        hooks,
        outputs,
        workspace,
        span);
  }
}
