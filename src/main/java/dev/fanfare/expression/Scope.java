package dev.fanfare.expression;

import org.jspecify.annotations.Nullable;

/**
 * The values of the names an expression may use: {@code params}, {@code env}, {@code event}, {@code
 * steps}, {@code run} and the rest.
 *
 * <p>Values are JSON as Java. A map may be lazy (an expression reads {@code steps.build} by {@code
 * containsKey} and {@code get}), but must not change while an expression runs.
 */
@FunctionalInterface
public interface Scope {

  /** The value of a name, null where the name has none. */
  @Nullable Object value(String name);
}
