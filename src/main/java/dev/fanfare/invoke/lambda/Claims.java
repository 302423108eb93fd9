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
 * @param trace W3C {@code traceparent} of the run, where all steps are of one
 * @param handling how a dispatcher is to hand them out
 */
public record Claims(List<Invocation> steps, int hops, Optional<String> trace, Handling handling) {

  /**
   * How a dispatcher hands steps out.
   *
   * @param pack most of them in one invocation, 0 = each alone
   * @param function which gets them, if not the step function
   * @param tries how often they could not be handed out before
   */
  public record Handling(int pack, Optional<String> function, int tries) {
    public static final Handling NONE = new Handling(0, Optional.empty(), 0);
  }

  public Claims(List<Invocation> steps, int hops, Optional<String> trace) {
    this(steps, hops, trace, Handling.NONE);
  }

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
    return new Claims(steps, hops, trace, handling(payload));
  }

  private static Handling handling(Map<String, Object> payload) {
    int pack = payload.get("pack") instanceof Number number ? number.intValue() : 0;
    Optional<String> function =
        payload.get("function") instanceof String text ? Optional.of(text) : Optional.empty();
    int tries = payload.get("tries") instanceof Number number ? number.intValue() : 0;
    return new Handling(pack, function, tries);
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
    payload.put("steps", steps.stream().map(Claims::toJson).toList());
    payload.put("hops", (long) hops);
    trace.ifPresent(text -> payload.put("trace", text));
    if (handling.pack() > 0) {
      payload.put("pack", (long) handling.pack());
    }
    handling.function().ifPresent(function -> payload.put("function", function));
    if (handling.tries() > 0) {
      payload.put("tries", (long) handling.tries());
    }
    return payload;
  }

  private static Map<String, Object> toJson(Invocation step) {
    Map<String, Object> claim = new LinkedHashMap<>();
    claim.put("run", step.run().toString());
    claim.put("step", step.step());
    claim.put("attempt", (long) step.attempt());
    return claim;
  }

  /** Bytes that a claim takes in a payload. */
  static int size(Invocation step) {
    return Json.write(toJson(step)).getBytes(StandardCharsets.UTF_8).length + 1;
  }

  /** UTF-8. */
  public byte[] bytes() {
    return Json.write(toJson()).getBytes(StandardCharsets.UTF_8);
  }
}
