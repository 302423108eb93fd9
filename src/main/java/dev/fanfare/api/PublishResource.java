package dev.fanfare.api;

import dev.fanfare.function.CalledTriggers;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.EventService;
import dev.fanfare.function.access.Scope;
import dev.fanfare.work.TraceContext;
import dev.fanfare.work.Yield;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Events from outside, for the steps that wait for them and the workflows that they start. */
@Path("/api/events")
@Tag(name = "waiting", description = "What steps wait for: people, events, callbacks.")
public class PublishResource {

  private final EngineRoom room;

  @Inject
  PublishResource(EngineRoom room) {
    this.room = room;
  }

  /**
   * What became of an event.
   *
   * @param first false where this id was published before
   * @param woken steps that went on with it
   * @param passed steps that waited for its name and whose condition does not match it
   * @param failed steps whose run could not be moved; publish it again with the same id
   * @param runs that it started, now or when it was published before
   * @param skipped triggers that want no run for it
   * @param refused triggers whose parameters cannot be made of it
   */
  public record Answer(
      String name,
      @Nullable String id,
      boolean first,
      long woken,
      long passed,
      long failed,
      List<CalledTriggers.Started> runs,
      List<CalledTriggers.Skipped> skipped,
      List<HookResource.Refused> refused) {

    static Answer of(
        EventService.Publication event,
        EventService.Result result,
        CalledTriggers.Answered started) {
      HookResource.Answer answer = HookResource.Answer.of(started);
      return new Answer(
          event.name(),
          event.id().orElse(null),
          result.first(),
          result.woken(),
          result.passed(),
          result.failed(),
          answer.runs(),
          answer.skipped(),
          answer.refused());
    }
  }

  @POST
  @Needs(Scope.RUN)
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(
      summary = "Publish an event",
      description =
          "{name, id, payload}: wakes the steps that wait for it now, then starts the workflows"
              + " that have it as a trigger. Published again with the same id within seven days, it"
              + " reaches only those it has not reached.")
  @APIResponse(
      responseCode = "200",
      description = "How many steps went on with it, and which runs it started.")
  public Uni<Answer> publish(@Context HttpHeaders headers, byte @Nullable [] body) {
    Optional<TraceContext> trace = TraceHeaders.of(headers);
    Map<String, Object> request =
        Bodies.object(
            Bodies.bounded(body == null ? new byte[0] : body), Set.of("name", "id", "payload"));
    String name =
        Bodies.name(Bodies.text(request, "name"), "name")
            .orElseThrow(() -> ApiException.badRequest("'name' is missing: the event's name"));
    Optional<String> id = Bodies.name(Bodies.text(request, "id"), "id");
    Object payload = request.get("payload");
    if (!Yield.fits(payload)) {
      throw ApiException.tooLarge(
          "the payload is larger than 256 KiB, or too deep; send where it can be found instead");
    }
    EventService.Publication event = new EventService.Publication(name, id, payload);
    return room.waits()
        .events()
        .publish(event)
        // Starting runs compiles files. A run that the event starts does not wait for it yet.
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(result -> Answer.of(event, result, room.called().publish(event, trace)));
  }
}
