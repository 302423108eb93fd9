package dev.fanfare.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.json.Json;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The dispatcher function: hands claimed steps out, and sweeps.
 *
 * <p>Event: {@code {steps: [{run, step, attempt}, ..]}} fans these out as invocations; without
 * {@code steps}, as the minute's tick sends it, expired leases, due timers and schedules whose time
 * has come are looked for. Answer: {@code {invoked}}.
 */
@Named("dispatcher")
public class DispatcherFunction
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {

  private final EngineRoom room;

  @Inject
  DispatcherFunction(EngineRoom room) {
    this.room = room;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> raw, @Nullable Context context) {
    List<Invocation> invocations = new ArrayList<>();
    if (Payloads.object(Json.plain(raw)).get("steps") instanceof List<?> steps) {
      for (Object each : steps) {
        invocations.add(invocation(Payloads.object(each)));
      }
      room.invoker().invoke(invocations);
    } else {
      room.conductor().sweep();
      room.schedules().tick();
    }
    return Map.of("invoked", invocations.size());
  }

  /**
   * A claimed step as payloads name it.
   *
   * @throws IllegalArgumentException if it names none
   */
  static Invocation invocation(Map<String, Object> claim) {
    Optional<String> run = Payloads.text(claim, "run");
    Optional<String> step = Payloads.text(claim, "step");
    if (run.isEmpty() || step.isEmpty() || !(claim.get("attempt") instanceof Long attempt)) {
      throw new IllegalArgumentException(
          "a claimed step is {run, step, attempt}, but this was sent: " + Json.write(claim));
    }
    return new Invocation(
        UUID.fromString(run.get()), step.get(), attempt.intValue(), Optional.empty());
  }
}
