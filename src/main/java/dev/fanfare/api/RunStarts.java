package dev.fanfare.api;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.Registrations;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.TriggerService;
import dev.fanfare.store.GraphStore;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts runs. Blocks: call it on a virtual thread. */
final class RunStarts {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EngineRoom room;
  private final Access access;

  RunStarts(EngineRoom room, Access access) {
    this.room = room;
    this.access = access;
  }

  /** 201 with the run, or 200 with the run that the key has already. */
  Response start(StartRequest request, Optional<String> key, HttpHeaders headers, UriInfo uri) {
    TraceHeaders.of(headers).ifPresent(trace -> trace.into(request.context()));
    Graphs.File file = request.file().orElseGet(() -> registered(request.workflow().orElseThrow()));
    TriggerService.Result result =
        room.trigger()
            .start(
                new TriggerService.Request(
                    RunIds.next(), file, request.params(), request.event(), request.context(), key))
            .await()
            .atMost(PATIENCE);
    return switch (result) {
      case TriggerService.Refused refused ->
          throw ApiException.refused("the workflow cannot be run", refused.diagnostics());
      case TriggerService.Started started ->
          answer(started, access.shorter(request.patience()), uri);
    };
  }

  private Response answer(TriggerService.Started started, Duration patience, UriInfo uri) {
    Optional<String> rejection = room.trigger().rejection(started).await().atMost(PATIENCE);
    if (rejection.isPresent()) {
      throw ApiException.conflict(rejection.get());
    }
    if (!patience.isZero()) {
      new Waiting(room).end(started.run(), patience).await().atMost(patience.plus(PATIENCE));
    }
    Map<String, @Nullable Object> run = new LinkedHashMap<>();
    run.put("created", started.created());
    run.putAll(RunLookup.outcome(room, started.run()).await().atMost(PATIENCE));
    if (!started.warnings().isEmpty()) {
      run.put("diagnostics", Problem.Finding.all(started.warnings()));
    }
    return Response.status(started.created() ? Response.Status.CREATED : Response.Status.OK)
        .location(access.url(uri).path("api/runs/" + started.run()).build())
        .entity(run)
        .build();
  }

  private Graphs.File registered(String workflow) {
    GraphStore.Version version =
        room.graphs()
            .newest(workflow)
            .await()
            .atMost(PATIENCE)
            .orElseThrow(
                () ->
                    ApiException.notFound(
                        "there is no registered workflow '"
                            + workflow
                            + "'; GET /api/workflows lists them"));
    return Registrations.file(version);
  }
}
