package dev.fanfare.api;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RerunService;
import dev.fanfare.function.RunJson;
import dev.fanfare.function.access.Scope;
import dev.fanfare.store.RunViews;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Attempts of runs: another one is begun, earlier ones are read. */
@Path("/api/runs/{id}")
@Tag(name = "runs", description = "Runs of workflows.")
public class RerunResource {

  private final EngineRoom room;
  private final Access access;

  @Inject
  RerunResource(EngineRoom room, Access access) {
    this.room = room;
    this.access = access;
  }

  @POST
  @Needs(Scope.RUN)
  @Path("/rerun")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
  @NonBlocking
  @Operation(
      summary = "Go on with a run that has ended",
      description = "The body: {from, by}; from is start (the default), failed or a step's id.")
  @APIResponse(responseCode = "202", description = "The run goes on as its next attempt.")
  @APIResponse(responseCode = "200", description = "The run is at work; nothing has changed.")
  @APIResponse(responseCode = "409", description = "There is nothing to go on from.")
  public Uni<Response> rerun(@PathParam("id") String id, byte @Nullable [] body) {
    Map<String, Object> request =
        Bodies.object(Bodies.bounded(body == null ? new byte[0] : body), Set.of("from", "by"));
    String from = Bodies.text(request, "from").orElse("start");
    String by = Bodies.name(Bodies.text(request, "by"), "by").orElse(access.caller().name());
    return RunLookup.id(id)
        .chain(
            run ->
                room.rerun()
                    .rerun(run, RerunService.from(from), by)
                    .map(result -> answer(run, result)));
  }

  private static Response answer(UUID run, RerunService.Result result) {
    return switch (result) {
      case RerunService.Restarted restarted ->
          answer(202, run, "running", restarted.attempt(), true);
      case RerunService.NotOver atWork ->
          answer(200, run, atWork.status(), atWork.attempt(), false);
      case RerunService.Refused refused -> throw ApiException.conflict(refused.sentence());
      case RerunService.Unknown ignored -> throw ApiException.notFound("there is no run " + run);
    };
  }

  private static Response answer(
      int code, UUID run, String status, int attempt, boolean restarted) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("id", run.toString());
    answer.put("status", status);
    answer.put("attempt", (long) attempt);
    answer.put("restarted", restarted);
    return Response.status(code).entity(answer).build();
  }

  @GET
  @Needs(Scope.READ)
  @Path("/attempts/{attempt}")
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(
      summary = "Read an earlier attempt of a run",
      description = "Its steps as they were at its end, without their outputs.")
  @APIResponse(responseCode = "200", description = "The attempt.")
  @APIResponse(responseCode = "404", description = "There is no such run, or no such attempt.")
  public Uni<Map<String, @Nullable Object>> attempt(
      @PathParam("id") String id, @PathParam("attempt") String attempt) {
    int number = (int) Queries.number("attempt", attempt, 1, 1, Integer.MAX_VALUE);
    return RunLookup.id(id)
        .chain(run -> room.views().attempt(run, number).map(found -> attempt(run, number, found)));
  }

  private static Map<String, @Nullable Object> attempt(
      UUID run, int number, Optional<RunViews.PastAttempt> found) {
    RunViews.PastAttempt past =
        found.orElseThrow(
            () ->
                ApiException.notFound(
                    "attempt " + number + " of the run " + run + " is not in the past"));
    Map<String, @Nullable Object> json = RunJson.attempt(past.attempt());
    json.put("outputs", past.outputs());
    json.put("steps", past.steps());
    return json;
  }
}
