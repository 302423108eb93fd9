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
 * @param tolerated what tolerated failures make of the run
 * @param autoRerun whether a run that ended failed is rerun from failed by itself
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
    Tolerated tolerated,
    Optional<AutoRerun> autoRerun,
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
    ABORT,
    /**
     * As soon as a step can never start, because one that it needs has failed, nothing starts that
     * has not begun; what is at work finishes.
     */
    HALT
  }

  /** What tolerated failures make of a run in which nothing else failed. */
  public enum Tolerated {
    /** Partially succeeded, also where nothing succeeded. */
    PARTIAL,
    /** Succeeded: they are forgotten. */
    SUCCEEDED,
    /** Failed, once everything has ended. */
    FAILED,
    /** Partially succeeded where at least one step succeeded, failed where none did. */
    SOME_MUST_SUCCEED
  }

  /**
   * A run that ended failed begins again from what failed, under its own id.
   *
   * @param limit how often
   * @param delay between the end and the first rerun
   * @param backoff how the delay grows from rerun to rerun
   * @param factor growth of an exponential delay
   * @param maxDelay the delay never passes this
   */
  public record AutoRerun(
      int limit, Duration delay, Retry.Backoff backoff, double factor, Duration maxDelay) {

    /** So many reruns with the same delay before each. */
    public static AutoRerun of(int limit, Duration delay) {
      Retry none = Retry.NONE;
      return new AutoRerun(limit, delay, none.backoff(), none.factor(), none.maxDelay());
    }
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
    return WorkflowDraft.of(this).workspace(mode).workflow();
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
