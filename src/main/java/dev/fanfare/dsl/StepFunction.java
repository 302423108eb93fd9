package dev.fanfare.dsl;

import org.jspecify.annotations.Nullable;

/** What a step does. */
@FunctionalInterface
public interface StepFunction {

  /**
   * Does the work, on a virtual thread that is interrupted when the step is cancelled or its time
   * is up. It may run again when a process dies before its end is recorded: {@link
   * Context#idempotencyKey()} stays the same then.
   *
   * @return the step's output: null, a record, a bean, a collection, or JSON as Java
   * @throws Exception to fail the attempt
   */
  @Nullable Object apply(Context ctx) throws Exception;
}
