package dev.fanfare.invoke.lambda;

import dev.fanfare.invoke.Invocation;
import dev.fanfare.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Claimed steps as functions hand them to each other: {@code {"steps": [{"run", "step", "attempt"},
 * ..], "hops": 3, "trace": "00-.."}}. A lone {@code {"run", "step", "attempt"}} is read as well.
 *
 * <p>They are references: the receiver loads each step when it begins it, so a payload is small
 * whatever the steps were given.
 *
 * @param hops invocations that led to this one, each started by the one before
 * @param trace W3C {@code traceparent} of whoever sent it
 */
public record Claims(List<Invocation> steps, int hops, Optional<String> trace) {

  public Claims {
    steps = List.copyOf(steps);
  }

  /**
   * Claims as a payload names them; none if it has neither {@code steps} nor {@code run}.
   *
   * @throws IllegalArgumentException for a claim that is not one
   */
  public static Claims of(Map<String, Object> payload) {
    List<Invocation> steps = new ArrayList<>();
    if (payload.get("steps") instanceof List<?> list) {
      list.forEach(each -> steps.add(claim(each)));
    } else if (payload.containsKey("run")) {
      steps.add(claim(payload));
    }
    int hops = payload.get("hops") instanceof Number number ? number.intValue() : 0;
    Optional<String> trace =
        payload.get("trace") instanceof String text ? Optional.of(text) : Optional.empty();
    return new Claims(steps, hops, trace);
  }

  private static Invocation claim(@Nullable Object claim) {
    if (claim instanceof Map<?, ?> map
        && map.get("run") instanceof String run
        && map.get("step") instanceof String step
        && map.get("attempt") instanceof Number attempt) {
      return new Invocation(UUID.fromString(run), step, attempt.intValue(), Optional.empty());
    }
    throw new IllegalArgumentException(
        "a claimed step is {run, step, attempt}, but this was sent: " + Json.write(claim));
  }

  public Map<String, Object> toJson() {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put(
        "steps",
        steps.stream()
            .map(
                step ->
                    Map.of(
                        "run", step.run().toString(),
                        "step", step.step(),
                        "attempt", (long) step.attempt()))
            .toList());
    payload.put("hops", (long) hops);
    trace.ifPresent(text -> payload.put("trace", text));
    return payload;
  }

  /** UTF-8. */
  public byte[] bytes() {
    return Json.write(toJson()).getBytes(StandardCharsets.UTF_8);
  }
}
