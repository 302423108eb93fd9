package dev.fanfare.definition;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How one attempt of a leaf step ended. */
public sealed interface Outcome {

  /**
   * The work was done.
   *
   * @param output what it yields, JSON as Java
   * @param exitCode of a shell step
   */
  record Succeeded(@Nullable Object output, Optional<Integer> exitCode) implements Outcome {
    public static Succeeded of(@Nullable Object output) {
      return new Succeeded(output, Optional.empty());
    }
  }

  /**
   * The work failed.
   *
   * @param error why; {@code details.exitCode} of a shell step, {@code details.status} of an HTTP
   *     step
   * @param output what it yielded all the same, null when nothing
   */
  record Failed(ErrorInfo error, @Nullable Object output) implements Outcome {
    public static Failed of(ErrorInfo error) {
      return new Failed(error, null);
    }
  }

  /**
   * The work found that there was nothing to do. The step ends skipped; what it wrote counts for
   * nothing, and it is neither tried nor repeated again.
   *
   * @param reason why, for people; may be empty
   */
  record Skipped(String reason) implements Outcome {}

  /** The work was stopped because its time was up. */
  record TimedOut(ErrorInfo error) implements Outcome {}

  /** The work was stopped because somebody asked for it. */
  record Stopped(String reason) implements Outcome {}

  /**
   * The work goes on in another run, which tells when it has ended.
   *
   * @param workflow the name of that run's workflow
   */
  record Child(UUID run, String workflow) implements Outcome {}
}
