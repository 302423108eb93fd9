package dev.fanfare.api;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RunJson;
import dev.fanfare.function.RunName;
import dev.fanfare.store.RunView;
import dev.fanfare.store.browse.RunEntity;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds runs by what a path names them. */
final class RunLookup {

  private RunLookup() {}

  /**
   * The id that a full id, or the unique beginning of one of at least eight characters, means.
   * Whether a full id has a run is not looked up.
   *
   * @throws ApiException 404 for what cannot be an id, 409 for the beginning of several
   */
  static Uni<UUID> id(String named) {
    RunName name =
        RunName.of(named)
            .orElseThrow(
                () ->
                    ApiException.notFound(
                        "there is no run '"
                            + named
                            + "'; an id is a UUID, or the first 8 characters or more of one"));
    if (name.isWhole()) {
      return Uni.createFrom().item(name.first());
    }
    return RunEntity.idsBetween(name.first(), name.last())
        .map(
            ids ->
                switch (ids.size()) {
                  case 0 -> throw ApiException.notFound("there is no run '" + named + "…'");
                  case 1 -> ids.getFirst();
                  default ->
                      throw ApiException.conflict(
                          "several runs begin with '" + named + "'; give more of the id");
                });
  }

  /**
   * The id of a run that there is. Blocks: call it on a worker thread.
   *
   * @throws ApiException 404 where there is none
   */
  static UUID required(EngineRoom room, String named) {
    try {
      return VertxContextSupport.subscribeAndAwait(() -> id(named).call(run -> status(room, run)));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The whole run as JSON. */
  static Uni<Map<String, @Nullable Object>> outcome(EngineRoom room, UUID run) {
    return view(room, run)
        // The graph may have to be compiled again.
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(
            view -> {
              Map<String, @Nullable Object> json =
                  RunJson.outcome(view, room.conductor().graphs().get(view.graph()));
              json.put("lastEvent", view.lastEvent());
              return json;
            });
  }

  private static Uni<RunView> view(EngineRoom room, UUID run) {
    return room.run(run)
        .map(view -> view.orElseThrow(() -> ApiException.notFound("there is no run " + run)));
  }

  /** Fails with 404 unless there is such a run. */
  static Uni<String> status(EngineRoom room, UUID run) {
    return room.views()
        .status(run)
        .map(status -> status.orElseThrow(() -> ApiException.notFound("there is no run " + run)));
  }
}
