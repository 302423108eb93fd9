package dev.fanfare.definition;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One workflow: what a file, a dialect's import or the Java API says.
 *
 * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}
 * @param description for people; empty when absent
 * @param params typed inputs, in written order
 * @param env environment of every shell step
 * @param secrets names of secrets the steps may read; never values
 * @param triggers what starts a run besides a call
 * @param concurrency how runs of this workflow share the world
 * @param order whether written order alone orders steps
 * @param onFailure what a failed step does to the rest of the run
 * @param maxParallel most leaf steps of one run at work at once; a number or an expression, 0 = no
 *     limit
 * @param timeout how long a run may take from its start to its end
 * @param steps the top level, in written order
 * @param hooks what surrounds the run
 * @param outputs the run's outputs by name
 * @param workspace how steps share files
 * @param span where the workflow's name is written
 */
public record Workflow(
    String name,
    String description,
    Map<String, Param> params,
    Map<String, Template> env,
    List<String> secrets,
    List<Trigger> triggers,
    Optional<Concurrency> concurrency,
    Order order,
    OnRunFailure onFailure,
    Optional<Template> maxParallel,
    Optional<Duration> timeout,
    List<Step> steps,
    Hooks hooks,
    Map<String, Template> outputs,
    WorkspaceMode workspace,
    SourceSpan span) {

  public Workflow {
    params = Ordered.copyOf(params);
    env = Ordered.copyOf(env);
    secrets = List.copyOf(secrets);
    triggers = List.copyOf(triggers);
    steps = List.copyOf(steps);
    outputs = Ordered.copyOf(outputs);
  }

  /** Whether steps follow each other as written or only as {@code needs} says. */
  public enum Order {
    GRAPH,
    SEQUENCE
  }

  /** What happens to the rest of a run when a step fails and nothing tolerates it. */
  public enum OnRunFailure {
    /** Steps that do not depend on it finish. */
    DRAIN,
    /** Everything is cancelled at once. */
    ABORT
  }

  /** How steps of one run share files. */
  public enum WorkspaceMode {
    /** One folder that every step sees. */
    SHARED,
    /** Each step sees what its upstream steps wrote and adds a layer. */
    LAYERED,
    /** Not written: shared where every step can see the same folder, layered where none can. */
    UNSAID
  }

  /** The same with another way to share files. */
  public Workflow with(WorkspaceMode mode) {
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
        maxParallel,
        timeout,
        steps,
        hooks,
        outputs,
        mode,
        span);
  }

  /** How many runs with the same key may be active, and what happens to one too many. */
  public record Concurrency(
      Template key,
      int limit,
      Policy policy,
      int priority,
      Optional<Duration> waitMax,
      SourceSpan span) {

    /** What happens to a run that finds no free slot. */
    public enum Policy {
      QUEUE,
      REJECT,
      CANCEL_OLDER,
      SKIP
    }
  }
}
