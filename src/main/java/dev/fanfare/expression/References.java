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
 * @param guarded its reads of {@code secrets} and of {@code env}, which may hold secrets
 */
public record References(
    Set<String> names, List<StepRead> steps, boolean dynamicSteps, List<GuardedRead> guarded) {

  public static final References NONE = new References(Set.of(), List.of(), false, List.of());

  public References {
    names = Set.copyOf(names);
    steps = List.copyOf(steps);
    guarded = List.copyOf(guarded);
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

  /**
   * One read of a value that not everybody may see.
   *
   * @param root {@code secrets} or {@code env}
   * @param name what of it is read; empty where the name is computed or the whole is taken
   * @param span where the read stands
   */
  public record GuardedRead(String root, String name, Use use, SourceSpan span) {}

  /** What becomes of a value that was read. */
  public enum Use {
    /** It is the value of the template, or joined with other text to it. */
    HANDED_ON,
    /** It is handed on inside a list or a map. */
    INSIDE,
    /** It is compared, converted, given to a function or decides something. */
    LOOKED_AT
  }
}
