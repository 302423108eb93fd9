package dev.fanfare.dsl;

import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A workflow that was defined in Java.
 *
 * @param name of the workflow
 * @param source who defined it, for messages
 * @param text the workflow in Fanfare's language
 * @param functions what its {@code call} steps do, by the name of the step, with a slash and a word
 *     behind it for what is asked around a step
 */
public record FlowCode(
    String name, String source, String text, Map<String, StepFunction> functions) {

  public FlowCode {
    functions = Map.copyOf(functions);
  }

  /** Names as {@code call} steps have them. */
  public SortedSet<String> beans() {
    SortedSet<String> beans = new TreeSet<>();
    functions.keySet().forEach(function -> beans.add(name + "/" + function));
    return beans;
  }

  /** One of the functions by its name. */
  public Optional<StepFunction> function(String function) {
    return Optional.ofNullable(functions.get(function));
  }

  /**
   * What a function sees.
   *
   * @param input the step's {@code with}
   */
  public Context context(Place place, @Nullable Object input, Host host) {
    return new RunContext(name, place, input, host);
  }
}
