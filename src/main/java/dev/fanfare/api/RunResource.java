package dev.fanfare.api;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RunJson;
import dev.fanfare.function.access.Scope;
import dev.fanfare.store.browse.RunEntity;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Runs: started, listed, read, cancelled. */
@Path("/api/runs")
@Tag(name = "runs", description = "Runs of workflows.")
public class RunResource {

  private static final int MOST = 200;
  private static final int USUAL = 50;

  private final EngineRoom room;
  private final Access access;

  @Inject
  RunResource(EngineRoom room, Access access) {
    this.room = room;
    this.access = access;
  }

  /** A run in a list. Times are RFC 3339 with milliseconds. */
  public record Summary(
      String id,
      String workflow,
      String status,
      String startedAt,
      @Nullable String finishedAt,
      @Nullable Long durationMs) {

    static Summary of(RunEntity run) {
      Instant end = run.finishedAt;
      return new Summary(
          run.id.toString(),
          run.workflow,
          run.status,
          RunJson.time(run.createdAt),
          end == null ? null : RunJson.time(end),
          end == null ? null : end.toEpochMilli() - run.createdAt.toEpochMilli());
    }
  }

  /** A page of runs; {@code next} is the value of {@code before} for the next one. */
  public record Page(List<Summary> runs, @Nullable String next) {}

  @POST
  @Needs(Scope.RUN)
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
  @RunOnVirtualThread
  @Operation(
      summary = "Start a run",
      description =
          "Of a registered workflow {workflow} or a file {file: {name, text, dialect}}, with"
              + " params, event, branch, tag, maxParallel and wait.")
  @APIResponse(responseCode = "201", description = "The run was stored and works.")
  @APIResponse(responseCode = "200", description = "The Idempotency-Key has this run already.")
  @APIResponse(responseCode = "422", description = "The file or a parameter is wrong.")
  public Response start(
      @Parameter(description = "At most one run of a workflow has a key.")
          @HeaderParam("Idempotency-Key")
          @Nullable String key,
      @Parameter(description = "Answer when the run has ended, or after this time; at most 60s.")
          @QueryParam("wait")
          @Nullable String wait,
      @Context HttpHeaders headers,
      @Context UriInfo uri,
      InputStream body) {
    StartRequest request = StartRequest.json(Bodies.read(body), Queries.patience(wait));
    return new RunStarts(room, access).start(request, key(key), headers, uri);
  }

  @POST
  @Needs(Scope.RUN)
  @Consumes({"text/yaml", "application/yaml", "application/x-yaml"})
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
  @RunOnVirtualThread
  @Operation(
      summary = "Start a run of the file in the body",
      description = "The query has name, dialect, branch, tag, wait and param.NAME=VALUE.")
  public Response startFile(
      @HeaderParam("Idempotency-Key") @Nullable String key,
      @Context HttpHeaders headers,
      @Context UriInfo uri,
      InputStream body) {
    StartRequest request = StartRequest.file(Bodies.read(body), uri.getQueryParameters());
    return new RunStarts(room, access).start(request, key(key), headers, uri);
  }

  @POST
  @Needs(Scope.RUN)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
  @RunOnVirtualThread
  @Operation(
      summary = "Start a run by a form",
      description =
          "The fields are workflow, or file with name and dialect; param.NAME, event (JSON),"
              + " branch, tag, maxParallel and wait.")
  public Response startForm(
      @HeaderParam("Idempotency-Key") @Nullable String key,
      @Context HttpHeaders headers,
      @Context UriInfo uri,
      InputStream body) {
    StartRequest request = StartForm.read(Bodies.read(body));
    return new RunStarts(room, access).start(request, key(key), headers, uri);
  }

  private static Optional<String> key(@Nullable String key) {
    return Bodies.name(Optional.ofNullable(key), "Idempotency-Key");
  }

  @GET
  @Needs(Scope.READ)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(summary = "List runs, newest first")
  public Uni<Page> list(
      @QueryParam("workflow") @Nullable String workflow,
      @QueryParam("status") @Nullable String status,
      @Parameter(description = "The id of the last run of the page before.") @QueryParam("before")
          @Nullable String before,
      @QueryParam("limit") @Nullable String limit) {
    int size = (int) Queries.number("limit", limit, USUAL, 1, MOST);
    Optional<String> named = Bodies.name(Optional.ofNullable(workflow), "workflow");
    Set<String> statuses =
        Arrays.stream(RunStatus.values()).map(RunStatus::id).collect(Collectors.toSet());
    RunEntity.Filter filter =
        new RunEntity.Filter(named, Queries.known("status", status, statuses));
    return older(before)
        .chain(run -> RunEntity.newest(filter, run, size + 1))
        .map(
            runs ->
                new Page(
                    runs.stream().limit(size).map(Summary::of).toList(),
                    runs.size() > size ? runs.get(size - 1).id.toString() : null));
  }

  private static Uni<Optional<RunEntity>> older(@Nullable String before) {
    return before == null
        ? Uni.createFrom().item(Optional.empty())
        : RunLookup.id(before)
            .chain(RunEntity::byId)
            .map(
                run -> {
                  if (run.isEmpty()) {
                    throw ApiException.badRequest("'before' names no run: " + before);
                  }
                  return run;
                });
  }

  @GET
  @Needs(Scope.READ)
  @Path("/{id}")
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
  @NonBlocking
  @Operation(summary = "Read a run with all its steps")
  @APIResponse(responseCode = "200", description = "The run.")
  @APIResponse(responseCode = "404", description = "There is no such run.")
  public Uni<Map<String, @Nullable Object>> read(
      @Parameter(description = "The run's id, or its first 8 characters or more.") @PathParam("id")
          String id,
      @Parameter(description = "Answer when the run has ended, or after this time; at most 60s.")
          @QueryParam("wait")
          @Nullable String wait) {
    Duration patience = access.shorter(Queries.patience(wait));
    return RunLookup.id(id)
        .call(run -> new Waiting(room).end(run, patience))
        .chain(run -> RunLookup.outcome(room, run));
  }

  @POST
  @Needs(Scope.RUN)
  @Path("/{id}/cancel")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
  @NonBlocking
  @Operation(summary = "Cancel a run", description = "The body may say who and why: {by, reason}.")
  @APIResponse(responseCode = "202", description = "The run is cancelled; its work is stopping.")
  @APIResponse(responseCode = "200", description = "The run was over already.")
  public Uni<Response> cancel(@PathParam("id") String id, byte @Nullable [] body) {
    Map<String, Object> request =
        Bodies.object(Bodies.bounded(body == null ? new byte[0] : body), Set.of("by", "reason"));
    String reason = Bodies.name(Bodies.text(request, "reason"), "reason").orElse("");
    String by = Bodies.name(Bodies.text(request, "by"), "by").orElse(access.caller().name());
    return RunLookup.id(id)
        .chain(
            run ->
                room.conductor()
                    .submit(run, new Event.Cancel(by, reason))
                    .chain(
                        reaction ->
                            RunLookup.status(room, run)
                                .map(status -> cancelled(run, status, reaction.verdict()))));
  }

  private static Response cancelled(UUID run, String status, Verdict verdict) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("id", run.toString());
    answer.put("status", status);
    return Response.status(verdict == Verdict.ACCEPTED ? 202 : 200).entity(answer).build();
  }
}
