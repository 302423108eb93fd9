package dev.fanfare.invoke;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Step;
import dev.fanfare.secret.Placeholders;
import dev.fanfare.work.Input;
import dev.fanfare.work.TraceContext;
import dev.fanfare.work.files.View;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One attempt of one step with everything evaluated: ready to be done by anybody who can read the
 * secrets that it names.
 *
 * @param step the step's path
 * @param origin the attempt that first had this work: a claim that repeats a lost one goes on with
 *     that one's run, where the work is a run
 * @param definition what was written, for timeouts and outputs
 * @param idempotencyKey the same on every attempt
 * @param context what is known of the run from outside: {@code trigger}, {@code branch}, {@code
 *     source}
 * @param secrets what stands for the values of secrets in the input
 * @param view what it sees in a layered workspace; empty where the workspace is shared
 * @param preparation the evaluated input, or why there is none
 */
public record WorkOrder(
    UUID run,
    String workflow,
    String step,
    int attempt,
    int origin,
    Step definition,
    String idempotencyKey,
    Map<String, Object> context,
    Placeholders secrets,
    Optional<View> view,
    Preparation preparation) {

  /** The trace of the run, as it came. */
  public TraceContext runTrace() {
    return TraceContext.ofRun(run, context);
  }

  /** The trace of the run, with the span of this attempt. */
  public TraceContext trace() {
    return runTrace().attempt(run, step, attempt);
  }

  /** What evaluating the step's expressions gave. */
  public sealed interface Preparation {}

  /** The input of the work. */
  public record Prepared(Input input) implements Preparation {}

  /** An expression failed: the attempt has failed before it began. */
  public record Broken(ErrorInfo error) implements Preparation {}
}
