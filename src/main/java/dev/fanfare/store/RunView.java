package dev.fanfare.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A run with its steps and times, as people and programs look at it. */
public record RunView(
    UUID id,
    String workflow,
    String graph,
    String status,
    int attempt,
    Map<String, Object> params,
    Map<String, Object> context,
    @Nullable Map<String, Object> outputs,
    @Nullable Map<String, Object> reason,
    Instant createdAt,
    Optional<Instant> restartedAt,
    Optional<Instant> finishedAt,
    long lastEvent,
    List<AttemptView> attempts,
    List<StepView> steps) {

  /** When the present attempt began. */
  public Instant startedAt() {
    return restartedAt.orElse(createdAt);
  }

  /**
   * How an earlier attempt of the run ended.
   *
   * @param nextFrom where the one after it began: {@code start}, {@code failed} or a step
   * @param nextBy who began that
   */
  public record AttemptView(
      int attempt,
      String status,
      @Nullable Map<String, Object> reason,
      Instant startedAt,
      Optional<Instant> finishedAt,
      String nextFrom,
      String nextBy) {}

  /**
   * A step that something has happened to.
   *
   * @param child the run that it started last and waits or waited for
   * @param token of the callback that it waits for
   * @param deadline when what it waits for must have come
   */
  public record StepView(
      String path,
      int node,
      String parent,
      int ordinal,
      String status,
      int attempt,
      @Nullable Map<String, Object> reason,
      Optional<Instant> readyAt,
      Optional<Instant> startedAt,
      Optional<Instant> endedAt,
      long backoffMs,
      String releasedBy,
      @Nullable Integer exitCode,
      @Nullable Object output,
      @Nullable Map<String, Object> error,
      Optional<String> child,
      Optional<String> token,
      Optional<Instant> deadline) {

    /** The same with something else in the place of its output. */
    public StepView withOutput(@Nullable Object other) {
      return new StepView(
          path,
          node,
          parent,
          ordinal,
          status,
          attempt,
          reason,
          readyAt,
          startedAt,
          endedAt,
          backoffMs,
          releasedBy,
          exitCode,
          other,
          error,
          child,
          token,
          deadline);
    }
  }

  /** The same with other steps. */
  public RunView withSteps(List<StepView> others) {
    return new RunView(
        id,
        workflow,
        graph,
        status,
        attempt,
        params,
        context,
        outputs,
        reason,
        createdAt,
        restartedAt,
        finishedAt,
        lastEvent,
        attempts,
        others);
  }
}
