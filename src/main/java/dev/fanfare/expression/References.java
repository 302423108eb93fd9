package dev.fanfare.expression;

import dev.fanfare.definition.SourceSpan;
import java.util.List;
import java.util.Set;

/**
 * What an expression or template reads.
 *
 * @param names the root names it uses ({@code params}, {@code steps}, {@code item})
 * @param steps the steps it reads by a constant id: {@code steps.build}, {@code
 *     steps["publish.primary"]}
 * @param dynamicSteps whether it reads {@code steps} in a way that names no constant step
 */
public record References(Set<String> names, List<StepRead> steps, boolean dynamicSteps) {

  public static final References NONE = new References(Set.of(), List.of(), false);

  public References {
    names = Set.copyOf(names);
    steps = List.copyOf(steps);
  }

  /**
   * One read of a step.
   *
   * @param step the constant id
   * @param field what of it is read: {@code output}, {@code status}, {@code error}; empty where the
   *     expression takes the whole step or names the field by a value
   * @param span where the read stands
   */
  public record StepRead(String step, String field, SourceSpan span) {}
}
