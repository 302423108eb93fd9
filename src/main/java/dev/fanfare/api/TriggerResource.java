package dev.fanfare.api;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.TriggerJson;
import dev.fanfare.function.access.Scope;
import dev.fanfare.store.TriggerStore;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Triggers of registered workflows. */
@Path("/api/triggers")
@Tag(name = "triggers", description = "What starts runs without a caller of the API.")
public class TriggerResource {

  private static final int MOST = 200;
  private static final int USUAL = 50;

  private final EngineRoom room;

  @Inject
  TriggerResource(EngineRoom room) {
    this.room = room;
  }

  /** A page of triggers; {@code next} is the value of {@code after} for the next one. */
  public record Page(List<Map<String, @Nullable Object>> triggers, @Nullable String next) {}

  @GET
  @Needs(Scope.READ)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(
      summary = "List triggers",
      description =
          "By workflow and their order in its file: kind, when the next tick comes, the last one"
              + " and its run, and the last one that was skipped with the reason.")
  public Uni<Page> list(
      @QueryParam("workflow") @Nullable String workflow,
      @Parameter(description = "The 'next' of the page before.") @QueryParam("after")
          @Nullable String after,
      @QueryParam("limit") @Nullable String limit) {
    int size = (int) Queries.number("limit", limit, USUAL, 1, MOST);
    Optional<String> named = Bodies.name(Optional.ofNullable(workflow), "workflow");
    return room.triggers()
        .list(named, place(after), size + 1)
        .map(
            found ->
                new Page(
                    found.stream().limit(size).map(TriggerJson::of).toList(),
                    found.size() > size ? written(found.get(size - 1)) : null));
  }

  private static String written(TriggerStore.View last) {
    return last.workflow() + "/" + last.ordinal();
  }

  private static TriggerStore.Place place(@Nullable String after) {
    if (after == null) {
      return TriggerStore.Place.START;
    }
    String text = Bodies.name(Optional.of(after), "after").orElseThrow();
    int slash = text.lastIndexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,6}")) {
      throw ApiException.badRequest("'after' must be the 'next' of the page before");
    }
    return new TriggerStore.Place(
        text.substring(0, slash), Integer.parseInt(text.substring(slash + 1)));
  }
}
