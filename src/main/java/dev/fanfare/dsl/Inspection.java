package dev.fanfare.dsl;

import java.util.List;
import java.util.UUID;

/**
 * A run as it is now.
 *
 * @param status {@code running}, {@code waiting}, {@code succeeded}, {@code failed}, ...
 * @param output of the last step, once the run has ended well
 * @param steps in the order of the graph, by their paths
 */
public record Inspection(
    UUID run, String workflow, String status, Value output, List<StepResult> steps) {
  public Inspection {
    steps = List.copyOf(steps);
  }

  /** A step by its path, such as {@code load} or {@code each.each item[2].load}. */
  public StepResult step(String path) {
    return steps.stream()
        .filter(step -> step.name().equals(path))
        .findFirst()
        .orElseThrow(() -> new FlowException("nothing has happened to a step '" + path + "' yet"));
  }
}
