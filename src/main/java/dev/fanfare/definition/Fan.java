package dev.fanfare.definition;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How one written step becomes many instances. */
public sealed interface Fan {

  SourceSpan span();

  /**
   * One instance per item of a list that is known when the step starts.
   *
   * @param as what expressions call each of them, {@code "item"} when absent
   * @param batch items per instance; the item is then a list
   * @param key text that names an instance instead of its index
   * @param distinct whether equal items share one instance
   * @param collect what each instance contributes to the step's output
   * @param failFast whether the first failed instance stops the others
   * @param empty what a list without items makes of the step
   */
  record ForEach(
      Template items,
      String as,
      Optional<Template> batch,
      Optional<Template> key,
      boolean distinct,
      Optional<Template> collect,
      boolean failFast,
      Empty empty,
      SourceSpan span)
      implements Fan {

    /** What a list without items makes of the step. */
    public enum Empty {
      SUCCEED,
      FAIL
    }
  }

  /**
   * One instance per combination, expanded when the file is compiled.
   *
   * @param axes values by axis, in written order; an element may be an expression over parameters
   * @param exclude combinations to leave out; each names a value for one or more axes
   * @param include combinations to add, or values to add to matching ones
   */
  record Matrix(
      Map<String, Template> axes,
      List<Map<String, Template>> exclude,
      List<Map<String, Template>> include,
      boolean failFast,
      SourceSpan span)
      implements Fan {
    public Matrix {
      axes = Ordered.copyOf(axes);
      exclude = exclude.stream().map(Ordered::copyOf).toList();
      include = include.stream().map(Ordered::copyOf).toList();
    }
  }
}
