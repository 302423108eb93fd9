package dev.fanfare.dsl;

import dev.fanfare.dsl.Part.Draft;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a workflow in Fanfare's language of the steps of a flow.
 *
 * <p>At the top each step needs the one before it that is no action, so that nobody waits for
 * actions. Inside structures steps are in written order; where there are actions among them, they
 * are children of a group with needs of the same kind, and the structure waits for all of them.
 */
final class Emitter {

  private final String workflow;
  private final Map<String, StepFunction> functions = new LinkedHashMap<>();
  private final Map<String, Object> secrets = new LinkedHashMap<>();
  private final Structures structures;

  Emitter(String workflow, List<String> secrets, Set<String> javaFlows) {
    this.workflow = workflow;
    this.structures = new Structures(this, javaFlows);
    secrets.forEach(name -> this.secrets.put(name, expression("secrets['" + name + "']")));
  }

  /** What may be read at a place of the flow. */
  record Position(
      @Nullable String last, Map<String, String> items, boolean inItem, boolean inTurn) {

    static final Position START = new Position(null, Map.of(), false, false);

    Position after(Draft draft) {
      return draft.yields ? withLast(output(draft.name)) : this;
    }

    Position withLast(@Nullable String expression) {
      return new Position(expression, items, inItem, inTurn);
    }

    Position withItem(String name, String variable) {
      Map<String, String> more = new LinkedHashMap<>(items);
      more.put(name, variable);
      return new Position(last, more, true, inTurn);
    }

    Position inTurn(String expression) {
      return new Position(expression, items, inItem, true);
    }
  }

  Map<String, StepFunction> functions() {
    return functions;
  }

  /** An expression as it stands in a value. */
  static String expression(String text) {
    String trimmed = text.strip();
    return trimmed.startsWith("${{") ? trimmed : "${{ " + trimmed + " }}";
  }

  /** The output of a step that can be seen. */
  static String output(String step) {
    return "steps['" + step + "'].output";
  }

  void workflow(
      List<Draft> steps,
      @Nullable Action onSuccess,
      @Nullable Action onFailure,
      Map<String, Object> text) {
    Map<String, Object> all = new LinkedHashMap<>();
    Position end = inGraph(steps, Position.START, all);
    text.put("steps", all);
    Map<String, Object> hooks = new LinkedHashMap<>();
    if (onSuccess != null) {
      hooks.put("onSuccess", hook(":on-success", onSuccess, end, Map.of()));
    }
    if (onFailure != null) {
      hooks.put(
          "onFailure", hook(":on-failure", onFailure, Position.START, Map.of("failure", true)));
    }
    if (!hooks.isEmpty()) {
      text.put("hooks", hooks);
    }
    if (end.last() != null) {
      text.put("outputs", Map.of("result", expression(end.last())));
    }
  }

  private Map<String, Object> hook(
      String name, Action action, Position at, Map<String, Object> more) {
    return call(
        name,
        ctx -> {
          action.run(ctx);
          return null;
        },
        at,
        more);
  }

  /** Steps of which each needs the one before it that is no action. */
  private Position inGraph(List<Draft> steps, Position start, Map<String, Object> all) {
    Position at = start;
    String previous = null;
    for (Draft draft : steps) {
      Map<String, Object> step = step(draft, at);
      if (previous != null) {
        step.put("needs", previous);
      }
      all.put(draft.name, step);
      at = at.after(draft);
      previous = draft.detached ? previous : draft.name;
    }
    return at;
  }

  /** Steps in written order, of which the last one yields what the flow has yielded last. */
  Map<String, Object> inOrder(List<Draft> steps, Position start) {
    Map<String, Object> all = new LinkedHashMap<>();
    Position at = start;
    if (steps.stream().anyMatch(draft -> draft.detached)) {
      Map<String, Object> children = new LinkedHashMap<>();
      at = inGraph(steps, start, children);
      all.put("the steps", map("parallel", map("steps", children)));
      boolean inside = steps.stream().anyMatch(draft -> draft.yields);
      String last = inside ? ofLast(steps) : start.last();
      all.put("the result", result(last));
      return all;
    }
    for (Draft draft : steps) {
      all.put(draft.name, step(draft, at));
      at = at.after(draft);
    }
    if (steps.isEmpty() || !steps.getLast().yields) {
      all.put("the result", result(at.last()));
    }
    return all;
  }

  private static String ofLast(List<Draft> steps) {
    Draft last = steps.reversed().stream().filter(draft -> draft.yields).findFirst().orElseThrow();
    return output("the steps." + last.name);
  }

  /** A step that does nothing but yield. */
  static Map<String, Object> result(@Nullable String expression) {
    return map("pass", expression == null ? Map.of() : map("output", expression(expression)));
  }

  /** A step with all that surrounds it. */
  private Map<String, Object> step(Draft draft, Position at) {
    boolean wrapped = draft.onError != null || draft.delay != null || draft.cacheKey != null;
    Map<String, Object> work = structures.work(draft, at);
    around(draft, work);
    Map<String, Object> step = wrapped ? wrapped(draft, work, at) : work;
    if (draft.detached) {
      step.put("detached", true);
    }
    if (!draft.title.isEmpty()) {
      step.put("title", draft.title);
    }
    return step;
  }

  private void around(Draft draft, Map<String, Object> work) {
    if (draft.retry != null) {
      work.put("retry", draft.retry.written());
    }
    if (draft.timeout != null) {
      work.put("timeout", Durations.text(draft.timeout));
    }
    if (draft.breaker != null) {
      Map<String, Object> breaker = new LinkedHashMap<>();
      breaker.put("name", workflow + "/" + draft.name);
      breaker.putAll(draft.breaker);
      work.put("breaker", breaker);
    }
  }

  /** The step as the part of a sequence that prepares it, and says what a failure yields. */
  private Map<String, Object> wrapped(Draft draft, Map<String, Object> work, Position at) {
    Map<String, Object> parts = new LinkedHashMap<>();
    if (draft.delay != null) {
      parts.put("the delay", map("sleep", Durations.text(draft.delay)));
    }
    if (draft.cacheKey != null) {
      parts.put("cache key", call(draft.name + "/cache-key", text(draft.cacheKey), at, Map.of()));
      Map<String, Object> cache = map("key", expression(output("cache key")));
      if (draft.cacheTtl != null) {
        cache.put("ttl", Durations.text(draft.cacheTtl));
      }
      work.put("cache", cache);
    }
    parts.put("the work", work);
    if (draft.onError != null) {
      Map<String, Object> tolerated = map("tolerate", true);
      tolerated.put("status", "succeeded");
      work.put("onFailure", tolerated);
      String error = "steps['the work'].error";
      Map<String, Object> instead =
          call(draft.name + "/on-error", draft.onError, at, Map.of("error", expression(error)));
      Map<String, Object> failed = map("when", expression(error + " != null"));
      failed.put("steps", map("the fallback", instead));
      Map<String, Object> good = map("else", map("the result", result(output("the work"))));
      parts.put("on error", map("switch", List.of(failed, good)));
    }
    return map("sequence", map("steps", parts));
  }

  private static StepFunction text(StepFunction key) {
    return ctx -> {
      Object value = key.apply(ctx);
      if (value == null) {
        throw new FlowException("the key of a cache is nothing");
      }
      return value instanceof String text ? text : String.valueOf(value);
    };
  }

  /**
   * A step that calls a function.
   *
   * @param more what the function gets besides what every function does
   */
  Map<String, Object> call(
      String name, StepFunction function, Position at, Map<String, Object> more) {
    functions.put(name, function);
    Map<String, Object> with = new LinkedHashMap<>();
    with.put("payload", expression("params.?payload.orValue(event)"));
    with.put("run", expression("run"));
    if (at.last() != null) {
      with.put("last", expression(at.last()));
    }
    if (!at.items().isEmpty()) {
      Map<String, Object> items = new LinkedHashMap<>();
      at.items().forEach((each, variable) -> items.put(each, expression(variable)));
      with.put("items", items);
    }
    if (at.inItem()) {
      with.put("index", expression("index"));
    }
    if (at.inTurn()) {
      with.put("iteration", expression("iteration"));
    }
    if (!secrets.isEmpty()) {
      with.put("secrets", secrets);
    }
    with.putAll(more);
    Map<String, Object> call = map("call", workflow + "/" + name);
    call.put("with", with);
    return call;
  }

  /** A mapping that can be added to. */
  static Map<String, Object> map(String key, Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(key, value);
    return map;
  }
}
