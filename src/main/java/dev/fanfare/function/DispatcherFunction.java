package dev.fanfare.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.fanfare.invoke.lambda.Claims;
import dev.fanfare.json.Json;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The dispatcher function: hands claimed steps out, and sweeps.
 *
 * <p>Event: {@link Claims} to be handed out; {@code {}} or EventBridge's scheduled event, the
 * minute's tick; {@code {"wake": true}}; messages of SQS whose bodies are one of these, or what
 * Lambda writes of an invocation that failed.
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
    Map<String, Object> event = Payloads.object(Json.plain(raw));
    Optional<DispatcherService> dispatcher = room.dispatcher();
    return dispatcher.isPresent() ? dispatcher.get().handle(event, context) : here(event);
  }

  /** On one machine: steps are done here, and what is due is left to the clocks. */
  private Map<String, Object> here(Map<String, Object> event) {
    Claims claims = Claims.of(event);
    if (claims.steps().isEmpty()) {
      room.conductor().sweep();
      room.schedules().tick();
    } else {
      room.invoker().invoke(claims.steps());
    }
    return Map.of("invoked", claims.steps().size());
  }
}
