package dev.fanfare.definition;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One step: its body, what it waits for, and what surrounds it.
 *
 * @param name the key under {@code steps}, unique among its siblings
 * @param body the work it does or the steps it contains
 * @param fan how one step becomes many: {@code forEach} or {@code matrix}
 * @param needs the steps it waits for, in written order
 * @param join whether all needs, any one of them, or {@code when} releases it
 * @param when skipped unless this holds; with {@link Join#WHEN} waited for
 * @param onSkip what a skip of this step means to the steps that need it
 * @param maxParallel for {@code forEach} and {@code matrix}: most instances at once; 0 = no limit
 * @param detached whether its failure never fails the run
 * @param lock a mutex held while the step, or everything in it, is at work
 * @param title for people; empty when absent
 * @param stage for people; empty when absent
 * @param span where the step's name is written
 */
public record Step(
    String name,
    Body body,
    Optional<Fan> fan,
    List<Need> needs,
    Join join,
    Optional<Template> when,
    OnSkip onSkip,
    Optional<Template> maxParallel,
    Retry retry,
    Timeouts timeouts,
    Optional<OnFailure> onFailure,
    Map<String, Output> outputs,
    Map<String, Template> env,
    boolean detached,
    Optional<Lock> lock,
    Optional<Cache> cache,
    Optional<Breaker> breaker,
    Hooks hooks,
    Optional<Template> idempotencyKey,
    String title,
    String stage,
    List<String> reads,
    List<String> writes,
    SourceSpan span) {

  public Step {
    needs = List.copyOf(needs);
    outputs = Ordered.copyOf(outputs);
    env = Ordered.copyOf(env);
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
  }

  /** A step with nothing around it but a condition. */
  public static Step bare(String name, Body body, Optional<Template> when, SourceSpan span) {
    return bare(name, body, List.of(), when, span);
  }

  /** A step with nothing around it but a condition, and what it needs. */
  public static Step bare(
      String name, Body body, List<Need> needs, Optional<Template> when, SourceSpan span) {
    return StepDraft.of(name, body, span).needs(needs).when(when).step();
  }

  /** What releases a step. */
  public enum Join {
    /** Every need holds. */
    ALL,
    /** One need holds. */
    ANY,
    /**
     * {@code when} holds. It is asked when the step could begin and again whenever a step it reads,
     * or the run, changes its status; it may read steps that have not ended. Where it never holds
     * and nothing else can move, the step ends {@code not_run}.
     */
    WHEN
  }

  /** What a step that was skipped means to the steps that need it. */
  public enum OnSkip {
    /** They are skipped too. */
    PROPAGATE,
    /** It counts as succeeded. */
    SATISFY
  }

  /**
   * A step that must end (or begin) before this one.
   *
   * @param step the name of a sibling
   * @param on any of these statuses releases the edge
   * @param inferred whether it was read out of an expression and not written under {@code needs}
   */
  public record Need(String step, List<StepStatus> on, boolean inferred, SourceSpan span) {
    public Need {
      on = List.copyOf(on);
    }
  }

  /**
   * A mutex between steps, also of other runs: first come, first served.
   *
   * @param key steps with the same key exclude each other
   * @param waitMax the step is cancelled when it has waited so long; absent: it waits for ever
   * @param skipOlder whether the step is skipped where a step of a younger run of the same workflow
   *     waits for the key or holds it
   */
  public record Lock(Template key, Optional<Duration> waitMax, boolean skipOlder) {

    /** A mutex with nothing but its key. */
    public static Lock of(Template key) {
      return new Lock(key, Optional.empty(), false);
    }
  }

  /** A materialised result, reused while it is fresh. */
  public record Cache(Template key, Optional<Duration> ttl, SourceSpan span) {}

  /** A circuit breaker shared by every run that names it. */
  public record Breaker(String name, int threshold, Duration recovery, SourceSpan span) {}
}
