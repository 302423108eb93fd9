package dev.fanfare.dsl;

import java.util.Optional;

/**
 * A step of a run, as far as it has come.
 *
 * @param status {@code pending}, {@code running}, {@code succeeded}, {@code failed}, ...
 * @param output null until it has ended
 */
public record StepResult(String name, String status, Value output, Optional<FlowError> error) {

  public <T> T output(Class<T> type) {
    return output.as(type);
  }
}
