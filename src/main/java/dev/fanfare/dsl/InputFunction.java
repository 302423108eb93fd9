package dev.fanfare.dsl;

import org.jspecify.annotations.Nullable;

/**
 * What a step does with the output of the step before it.
 *
 * @param <I> the type of that output
 */
@FunctionalInterface
public interface InputFunction<I> {
  @Nullable Object apply(I last, Context ctx) throws Exception;
}
