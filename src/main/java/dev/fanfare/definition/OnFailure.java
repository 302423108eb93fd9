package dev.fanfare.definition;

import java.util.Optional;

/**
 * What a step's failure means once its retries are used up.
 *
 * @param tolerate whether the run may go on
 * @param when tolerated only if this holds ({@code error}, {@code exitCode} and {@code status} of
 *     the step are in scope)
 * @param output what the step yields instead
 * @param status what the step counts as for the steps that need it: absent, they run as if it had
 *     succeeded; {@code succeeded}, it ends succeeded; {@code failed}, they see a failure; {@code
 *     skipped}, it ends skipped
 * @param failsRun whether the run ends failed all the same once it has gone on; without effect
 *     where nothing is tolerated
 */
public record OnFailure(
    boolean tolerate,
    Optional<Template> when,
    Optional<Template> output,
    Optional<StepStatus> status,
    boolean failsRun,
    SourceSpan span) {

  /** The run goes on, and the steps that need this one run. */
  public static OnFailure tolerated(SourceSpan span) {
    return new OnFailure(true, Optional.empty(), Optional.empty(), Optional.empty(), false, span);
  }
}
