package dev.fanfare.graph;

import java.util.Map;
import java.util.Set;

/**
 * What a run brings that can shape its graph: the axes of a matrix may read parameters.
 *
 * @param params checked values of the workflow's parameters
 * @param event the trigger's payload; an empty mapping where there is none
 * @param run what is known of the run before it starts: {@code branch}, {@code tag}, {@code
 *     trigger}
 * @param images that a function carries the tools of; they shape no graph, but a step that asks for
 *     another one is warned of
 */
public record CompileInputs(
    Map<String, Object> params,
    Map<String, Object> event,
    Map<String, Object> run,
    Set<String> images) {

  public static final CompileInputs NONE = new CompileInputs(Map.of(), Map.of(), Map.of());

  public CompileInputs(
      Map<String, Object> params, Map<String, Object> event, Map<String, Object> run) {
    this(params, event, run, Set.of());
  }

  /** The value of a root name that exists before a run starts, null for any other. */
  Object value(String name) {
    return switch (name) {
      case "params" -> params;
      case "event" -> event;
      case "run" -> run;
      default -> Map.of();
    };
  }
}
