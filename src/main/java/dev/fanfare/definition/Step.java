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
 * @param join whether all needs or any one of them releases it
 * @param when skipped unless this holds
 * @param onSkip what a skip of this step means to the steps that need it
 * @param maxParallel for {@code forEach} and {@code matrix}: most instances at once; 0 = no limit
 * @param detached whether its failure never fails the run
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
    Optional<Template> lockKey,
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
    return new Step(
        name,
        body,
        Optional.empty(),
        needs,
        Join.ALL,
        when,
        OnSkip.PROPAGATE,
        Optional.empty(),
        Retry.NONE,
        Timeouts.NONE,
        Optional.empty(),
        Map.of(),
        Map.of(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Hooks.NONE,
        Optional.empty(),
        "",
        "",
        List.of(),
        List.of(),
        span);
  }

  /** Whether every need must hold or one is enough. */
  public enum Join {
    ALL,
    ANY
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

  /** A materialised result, reused while it is fresh. */
  public record Cache(Template key, Optional<Duration> ttl, SourceSpan span) {}

  /** A circuit breaker shared by every run that names it. */
  public record Breaker(String name, int threshold, Duration recovery, SourceSpan span) {}
}
