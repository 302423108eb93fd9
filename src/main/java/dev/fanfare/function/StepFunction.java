package dev.fanfare.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.fanfare.invoke.lambda.Claims;
import dev.fanfare.json.Json;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The step function: does claimed steps, several at once, and goes on in place.
 *
 * <p>Event: {@link Claims}. A claim that is no longer current is left alone: a duplicate or late
 * delivery does nothing.
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
    Claims claims = Claims.of(Payloads.object(Json.plain(raw)));
    return room.scope()
        .run(
            context,
            claims.hops(),
            claims.trace(),
            () -> {
              perform(claims);
              return Map.of("done", true);
            });
  }

  private void perform(Claims claims) {
    Multi.createFrom()
        .iterable(claims.steps())
        .onItem()
        .transformToUni(room.step()::perform)
        .merge(Math.max(1, claims.steps().size()))
        .collect()
        .last()
        .await()
        .atMost(PATIENCE);
  }
}
