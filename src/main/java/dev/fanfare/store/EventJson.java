package dev.fanfare.store;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.engine.Event;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The two events that many processes have for one run at once, as JSON. */
final class EventJson {

  private EventJson() {}

  static Map<String, @Nullable Object> of(Event event) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    switch (event) {
      case Event.Begin begin -> {
        json.put("begin", begin.step());
        json.put("attempt", (long) begin.attempt());
      }
      case Event.Report report -> {
        json.put("report", report.step());
        json.put("attempt", (long) report.attempt());
        json.put("outcome", outcome(report.outcome()));
        json.put("ms", report.cost().millis());
        json.put("memoryMb", (long) report.cost().memoryMb());
        json.put("continuation", report.cost().continuation());
      }
      case Event other ->
          throw new IllegalArgumentException("not left in an inbox: " + other.getClass());
    }
    return json;
  }

  /** The event. A report asks for no continuation: who sent it may be gone when it is decided. */
  static Event read(Map<String, Object> json) {
    int attempt = (int) number(json, "attempt");
    if (json.get("begin") instanceof String step) {
      return new Event.Begin(step, attempt);
    }
    return new Event.Report(
        text(json, "report"),
        attempt,
        outcome(object(json, "outcome")),
        new Event.Cost(
            number(json, "ms"),
            (int) number(json, "memoryMb"),
            Boolean.TRUE.equals(json.get("continuation"))),
        Duration.ZERO);
  }

  private static Map<String, @Nullable Object> outcome(Outcome outcome) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    switch (outcome) {
      case Outcome.Succeeded done -> {
        json.put("kind", "succeeded");
        json.put("output", done.output());
        done.exitCode().ifPresent(code -> json.put("exitCode", (long) code));
      }
      case Outcome.Failed failed -> {
        json.put("kind", "failed");
        json.put("error", error(failed.error()));
        json.put("output", failed.output());
      }
      case Outcome.TimedOut late -> {
        json.put("kind", "timed_out");
        json.put("error", error(late.error()));
      }
      case Outcome.Skipped skipped -> {
        json.put("kind", "skipped");
        json.put("reason", skipped.reason());
      }
      case Outcome.Stopped stopped -> {
        json.put("kind", "stopped");
        json.put("reason", stopped.reason());
      }
      case Outcome.Child child -> {
        json.put("kind", "child");
        json.put("run", child.run().toString());
        json.put("workflow", child.workflow());
      }
    }
    return json;
  }

  private static Outcome outcome(Map<String, Object> json) {
    return switch (text(json, "kind")) {
      case "succeeded" ->
          new Outcome.Succeeded(
              json.get("output"),
              json.get("exitCode") instanceof Number code
                  ? Optional.of(code.intValue())
                  : Optional.empty());
      case "failed" -> new Outcome.Failed(error(object(json, "error")), json.get("output"));
      case "timed_out" -> new Outcome.TimedOut(error(object(json, "error")));
      case "skipped" -> new Outcome.Skipped(text(json, "reason"));
      case "stopped" -> new Outcome.Stopped(text(json, "reason"));
      case "child" -> new Outcome.Child(UUID.fromString(text(json, "run")), text(json, "workflow"));
      default -> throw new IllegalArgumentException("an outcome of an unknown kind: " + json);
    };
  }

  /** Apart from its details, which may be called like it. */
  private static Map<String, Object> error(ErrorInfo error) {
    return Map.of("code", error.code(), "message", error.message(), "details", error.details());
  }

  private static ErrorInfo error(Map<String, Object> json) {
    return new ErrorInfo(text(json, "code"), text(json, "message"), object(json, "details"));
  }

  private static String text(Map<String, Object> json, String key) {
    return String.valueOf(json.get(key));
  }

  private static long number(Map<String, Object> json, String key) {
    return json.get(key) instanceof Number number ? number.longValue() : 0;
  }

  private static Map<String, Object> object(Map<String, Object> json, String key) {
    Map<String, Object> object = new LinkedHashMap<>();
    if (json.get(key) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> object.put(String.valueOf(name), value));
    }
    return object;
  }
}
