package dev.fanfare.dsl;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values that outlive runs and processes: those of a workflow, or those that all workflows share.
 * Each call is a transaction of its own, done when it returns; it is not undone when its step
 * fails.
 */
public interface State {

  /** A value; empty where there is none, or its time is up. */
  Optional<Value> get(String key);

  /** Sets a value for ever. */
  void set(String key, @Nullable Object value);

  /** Sets a value that goes by itself. */
  void set(String key, @Nullable Object value, Duration ttl);

  /** Adds one. */
  default long incr(String key) {
    return incr(key, 1);
  }

  /**
   * Adds to a whole number, which is 0 where there is none. Two steps that do so at once both
   * count. A time to live that the value has stays as it is.
   *
   * @return the sum
   */
  long incr(String key, long by);

  /** Removes a value; false where there was none. */
  boolean delete(String key);

  default <T> Optional<T> get(String key, Class<T> type) {
    return get(key).filter(Value::isPresent).map(value -> value.as(type));
  }
}
