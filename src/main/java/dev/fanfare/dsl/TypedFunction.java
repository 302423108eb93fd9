package dev.fanfare.dsl;

import org.jspecify.annotations.Nullable;

/**
 * What a step does whose output has a type.
 *
 * @param <T> the type of the output
 */
@FunctionalInterface
public interface TypedFunction<T> {
  @Nullable T apply(Context ctx) throws Exception;
}
