package dev.fanfare.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.fanfare.json.Json;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The step function: does a claimed step and goes on in place.
 *
 * <p>Event: {@code {run, step, attempt}}. A claim that is no longer current is left alone: a
 * duplicate or late delivery does nothing.
 */
@Named("step")
public class StepFunction implements RequestHandler<Map<String, Object>, Map<String, Object>> {

  /** Lambda's longest invocation. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final EngineRoom room;

  @Inject
  StepFunction(EngineRoom room) {
    this.room = room;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> raw, @Nullable Context context) {
    room.step()
        .perform(DispatcherFunction.invocation(Payloads.object(Json.plain(raw))))
        .await()
        .atMost(PATIENCE);
    return Map.of("done", true);
  }
}
