package dev.fanfare.dsl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Where workflows are defined. */
public final class Cronflow {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private final Map<String, Flow> flows = new LinkedHashMap<>();
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<Class<?>, Object> services = new LinkedHashMap<>();
  private String source = "";

  /**
   * Begins a workflow.
   *
   * @param id its name: letters, digits, '.', '_' and '-'
   * @throws FlowException when the name is taken
   */
  public Flow define(String id) {
    if (!NAME.matcher(id).matches()) {
      throw new FlowException(
          ("a workflow cannot be called '%s': letters, digits, '.', '_' and '-', beginning with a"
                  + " letter or digit, at most 128")
              .formatted(id));
    }
    if (flows.containsKey(id)) {
      throw new FlowException(
          "the workflow '%s' is defined twice: by %s and by %s; rename one of them"
              .formatted(id, sources.get(id), source));
    }
    Flow flow = new Flow(new Book(id));
    flows.put(id, flow);
    sources.put(id, source);
    return flow;
  }

  /** Defines a workflow. */
  public Flow define(String id, Consumer<Flow> steps) {
    Flow flow = define(id);
    steps.accept(flow);
    return flow;
  }

  /** Hands an object to steps, which get it with {@link Context#service}. */
  public <T> Cronflow service(Class<T> type, T object) {
    services.put(type, object);
    return this;
  }

  /**
   * Lets somebody define workflows.
   *
   * @param who for messages
   * @throws FlowException when they are wrong
   */
  public void add(Flows definitions, String who) {
    source = who;
    definitions.define(this);
  }

  /** What was handed to steps. */
  public <T> Optional<T> service(Class<T> type) {
    return Optional.ofNullable(services.get(type)).map(type::cast);
  }

  /**
   * All workflows.
   *
   * @throws FlowException when one is not complete
   */
  public List<FlowCode> finished() {
    List<FlowCode> codes = new ArrayList<>();
    flows.forEach(
        (name, flow) -> {
          String who = sources.getOrDefault(name, "");
          try {
            codes.add(flow.code(who, flows.keySet()));
          } catch (FlowException e) {
            throw who.isEmpty() ? e : new FlowException(who + ": " + e.getMessage(), e);
          }
        });
    return codes;
  }
}
