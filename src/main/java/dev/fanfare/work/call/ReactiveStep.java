package dev.fanfare.work.call;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/** A Java step that never blocks. */
@FunctionalInterface
public non-sealed interface ReactiveStep extends CallStep {

  /**
   * Does the work; the subscription is cancelled when the step is cancelled or times out.
   *
   * @param input the value of {@code with:}, JSON as Java
   * @return JSON as Java, a record or a bean with getters; null for no output
   */
  Uni<?> run(StepContext context, @Nullable Object input);
}
