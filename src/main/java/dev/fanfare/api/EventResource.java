package dev.fanfare.api;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.access.Scope;
import dev.fanfare.json.Json;
import dev.fanfare.store.browse.EventEntity;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The event log of a run: in pieces, or as a stream that ends with the run. */
@Path("/api/runs/{id}/events")
@Tag(name = "events", description = "What happens in a run, entry by entry, without a gap.")
public class EventResource {

  private static final int MOST = 1_000;

  private final EngineRoom room;
  private final Access access;

  @Inject
  EventResource(EngineRoom room, Access access) {
    this.room = room;
    this.access = access;
  }

  /**
   * A piece of the log.
   *
   * @param events each {@code {seq, at, type, ...}}
   * @param last what to ask for next with {@code after}
   */
  public record Page(List<Map<String, Object>> events, long last) {}

  @GET
  @Needs(Scope.READ)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(
      summary = "Read a run's events",
      description =
          "Those after a sequence number, at most about 1,000. Ask again with after=last until the"
              + " type run.finished comes. Accept: text/event-stream streams them instead.")
  public Uni<Page> read(
      @PathParam("id") String id,
      @Parameter(description = "The last sequence number that was seen; 0 to begin.")
          @QueryParam("after")
          @Nullable String after,
      @Parameter(description = "Wait this long for the first one; at most 60s.") @QueryParam("wait")
          @Nullable String wait,
      @Parameter(description = "Only events about this step.") @QueryParam("step")
          @Nullable String step) {
    long from = Queries.number("after", after, 0, 0, Long.MAX_VALUE);
    Duration patience = access.shorter(Queries.patience(wait));
    Optional<String> only = Bodies.name(Optional.ofNullable(step), "step");
    return RunLookup.id(id)
        .call(run -> RunLookup.status(room, run))
        .chain(
            run ->
                only.isPresent()
                    ? ofStep(run, only.get(), from)
                    : new Waiting(room).events(run, from, patience).map(Waiting.Events::list))
        .map(events -> new Page(events, events.isEmpty() ? from : seq(events.getLast())));
  }

  @GET
  @Needs(Scope.READ)
  @Produces(MediaType.TEXT_PLAIN)
  @NonBlocking
  @Operation(
      summary = "Read a run's events as lines",
      description = "The last line is 'next SEQ', or 'over SEQ STATUS' where no more will come.")
  public Uni<String> text(
      @PathParam("id") String id,
      @QueryParam("after") @Nullable String after,
      @QueryParam("wait") @Nullable String wait) {
    long from = Queries.number("after", after, 0, 0, Long.MAX_VALUE);
    Duration patience = access.shorter(Queries.patience(wait));
    return RunLookup.id(id)
        .call(run -> RunLookup.status(room, run))
        .chain(run -> new Waiting(room).events(run, from, patience))
        .map(
            found ->
                PlainText.events(
                    found.list(),
                    found.list().isEmpty() ? from : seq(found.list().getLast()),
                    found.status(),
                    found.over()));
  }

  private static Uni<List<Map<String, Object>>> ofStep(UUID run, String step, long after) {
    return EventEntity.ofStep(run, step, after, MOST)
        .map(
            entries ->
                entries.stream()
                    .map(
                        entry -> {
                          Map<String, Object> full = new LinkedHashMap<>();
                          full.put("seq", entry.seq);
                          full.put("at", entry.at.toString());
                          full.putAll(Json.parseOwnObject(entry.json));
                          return full;
                        })
                    .toList());
  }

  @GET
  @Needs(Scope.READ)
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Blocking // a stream that has begun can no longer be a 404
  @Operation(
      summary = "Stream a run's events",
      description = "Ends after run.finished. The id of each is its sequence number.")
  public Multi<OutboundSseEvent> stream(
      @PathParam("id") String id,
      @QueryParam("after") @Nullable String after,
      @Parameter(description = "Where a stream that broke goes on.") @HeaderParam("Last-Event-ID")
          @Nullable String lastSeen,
      @Context Sse sse) {
    String start = lastSeen == null || lastSeen.isBlank() ? after : lastSeen.strip();
    long from = Queries.number("after", start, 0, 0, Long.MAX_VALUE);
    UUID run = RunLookup.required(room, id);
    Multi<Map<String, Object>> events =
        access.isBuffered()
            ? new Waiting(room).piece(run, from, access.shorter(Queries.LONGEST_WAIT))
            : new Waiting(room).stream(run, from);
    return events.map(event -> event(sse, event));
  }

  private static OutboundSseEvent event(Sse sse, Map<String, Object> event) {
    return sse.newEventBuilder()
        .id(String.valueOf(event.get("seq")))
        .name(String.valueOf(event.get("type")))
        .data(String.class, Json.write(event))
        .build();
  }

  private static long seq(Map<String, Object> event) {
    return event.get("seq") instanceof Long seq ? seq : 0;
  }
}
