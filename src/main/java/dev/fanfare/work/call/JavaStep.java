package dev.fanfare.work.call;

import org.jspecify.annotations.Nullable;

/**
 * A blocking Java step: {@code @Named("price") @ApplicationScoped class Price implements JavaStep}.
 */
@FunctionalInterface
public non-sealed interface JavaStep extends CallStep {

  /**
   * Does the work, on a virtual thread that is interrupted when the step is cancelled or times out.
   * May run more than once for one attempt; {@link StepContext#idempotencyKey()} tells the same
   * work from new work.
   *
   * @param input the value of {@code with:}, JSON as Java
   * @return JSON as Java, a record or a bean with getters
   * @throws Exception to fail the attempt; class and message are shown to the user
   */
  @Nullable Object run(StepContext context, @Nullable Object input) throws Exception;

  /** Whether it always ends within about a millisecond; then it gets no thread of its own. */
  default boolean isShort() {
    return false;
  }
}
