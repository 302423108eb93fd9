package dev.fanfare.dsl;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The context of one call of a function: its input, and the rest through the host. */
final class RunContext implements Context {

  private final String workflow;
  private final Place place;
  private final Map<?, ?> input;
  private final Host host;

  RunContext(String workflow, Place place, @Nullable Object input, Host host) {
    this.workflow = workflow;
    this.place = place;
    this.input = input instanceof Map<?, ?> map ? map : Map.of();
    this.host = host;
  }

  @Override
  public Value payload() {
    return Value.of(input.get("payload"), "the payload");
  }

  @Override
  public Value last() {
    return Value.of(input.get("last"), "the last output");
  }

  @Override
  public StepResult steps(String name) {
    return host.step(place.run(), place.step(), name);
  }

  @Override
  public Value item() {
    if (!(input.get("items") instanceof Map<?, ?> items) || items.isEmpty()) {
      throw outside("item()", "forEach or batch");
    }
    Object innermost = null;
    for (Object item : items.values()) {
      innermost = item;
    }
    return Value.of(innermost, "the item");
  }

  @Override
  public Value item(String forEach) {
    if (input.get("items") instanceof Map<?, ?> items && items.containsKey(forEach)) {
      return Value.of(items.get(forEach), "the item of '" + forEach + "'");
    }
    throw outside("item(\"" + forEach + "\")", "a forEach or batch of that name");
  }

  @Override
  public int index() {
    return number("index", "index()", "forEach or batch");
  }

  @Override
  public int iteration() {
    return number("iteration", "iteration()", "whileTrue");
  }

  private int number(String name, String method, String where) {
    if (input.get(name) instanceof Number number) {
      return number.intValue();
    }
    throw outside(method, where);
  }

  private FlowException outside(String method, String where) {
    return new FlowException(
        "ctx.%s has a value inside %s only, and '%s' is not"
            .formatted(method, where, place.step()));
  }

  @Override
  public RunInfo run() {
    int attempt = info().get("attempt") instanceof Number number ? number.intValue() : 1;
    return new RunInfo(place.run(), workflow, attempt);
  }

  private Map<?, ?> info() {
    return input.get("run") instanceof Map<?, ?> run ? run : Map.of();
  }

  @Override
  public TriggerInfo trigger() {
    Object kind = info().get("trigger");
    return new TriggerInfo(
        kind == null ? "" : String.valueOf(kind),
        Value.of(info().get("delivery"), "the delivery of the trigger"));
  }

  @Override
  public Optional<FlowError> error() {
    if (input.containsKey("failure")) {
      return host.failure(place.run());
    }
    return Optional.ofNullable(FlowError.of(input.get("error")));
  }

  @Override
  public State state() {
    return host.runs().state(workflow);
  }

  @Override
  public State globalState() {
    return host.runs().state();
  }

  @Override
  public Runs runs() {
    return host.runs();
  }

  @Override
  public <T> T service(Class<T> type) {
    return host.service(type)
        .orElseThrow(
            () ->
                new FlowException(
                    "there is no service %s: give it to cron.service(..), or make it a CDI bean"
                        .formatted(type.getName())));
  }

  @Override
  public String secret(String name) {
    if (input.get("secrets") instanceof Map<?, ?> secrets && secrets.get(name) != null) {
      return String.valueOf(secrets.get(name));
    }
    throw new FlowException(
        "workflow '%s' lists no secret '%s': write .secrets(\"%s\") where it is defined"
            .formatted(workflow, name, name));
  }

  /** What the API itself hands to a function. */
  @Nullable Object input(String name) {
    return input.get(name);
  }

  Host host() {
    return host;
  }

  @Override
  public String step() {
    return place.step();
  }

  @Override
  public int attempt() {
    return place.attempt();
  }

  @Override
  public String idempotencyKey() {
    return place.idempotencyKey();
  }

  @Override
  public Path workspace() {
    return place.workspace();
  }

  @Override
  public void log(String line) {
    place.log().accept(line);
  }

  @Override
  public CancelledException cancel(String reason) {
    host.cancel(place.run(), place.step(), reason);
    throw new CancelledException(reason);
  }

  @Override
  public Map<String, Object> meta() {
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put("run", place.run().toString());
    meta.put("workflow", workflow);
    meta.put("step", place.step());
    meta.put("attempt", place.attempt());
    meta.put("idempotencyKey", place.idempotencyKey());
    return meta;
  }
}
