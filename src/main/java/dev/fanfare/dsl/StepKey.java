package dev.fanfare.dsl;

/**
 * The name of a step and the type of its output, for steps that others read.
 *
 * @param <T> the type of the output
 */
public record StepKey<T>(String name, Class<T> type) {

  public static <T> StepKey<T> of(String name, Class<T> type) {
    return new StepKey<>(name, type);
  }
}
