package dev.fanfare.api;

import dev.fanfare.function.ApprovalService;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RunJson;
import dev.fanfare.function.access.Scope;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Approvals: what waits for a person, and what the person says. */
@Path("/api/approvals")
@Tag(name = "waiting")
public class ApprovalResource {

  private static final int MOST = 200;
  private static final int USUAL = 50;

  /** Where a page ended: a run's id and a step. */
  private static final Pattern PLACE =
      Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(.{1,1000})");

  private final EngineRoom room;

  @Inject
  ApprovalResource(EngineRoom room) {
    this.room = room;
  }

  /**
   * A step that waits for a person. Times are RFC 3339 with milliseconds.
   *
   * @param deadline when the file decides instead; null where it never does
   * @param schema JSON Schema of the form; null where there is none
   */
  public record Waiting(
      String run,
      String step,
      String workflow,
      String message,
      String since,
      @Nullable String deadline,
      @Nullable Object schema) {

    static Waiting of(ApprovalService.Waiting waiting) {
      return new Waiting(
          waiting.approval().run().toString(),
          waiting.approval().step(),
          waiting.approval().workflow(),
          waiting.message(),
          RunJson.time(waiting.approval().since()),
          waiting.approval().deadline().map(RunJson::time).orElse(null),
          waiting.schema().orElse(null));
    }
  }

  /** A page of approvals; {@code next} is the value of {@code after} for the next one. */
  public record Page(List<Waiting> approvals, @Nullable String next) {}

  @GET
  @Needs(Scope.READ)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(summary = "List what waits for a person", description = "Those of older runs first.")
  public Uni<Page> list(
      @Parameter(description = "The next of the page before.") @QueryParam("after")
          @Nullable String after,
      @QueryParam("limit") @Nullable String limit) {
    int size = (int) Queries.number("limit", limit, USUAL, 1, MOST);
    UUID run = new UUID(0, 0);
    String step = "";
    if (after != null) {
      Matcher place = PLACE.matcher(after);
      if (!place.matches()) {
        throw ApiException.badRequest("'after' must be the 'next' of a page, not '" + after + "'");
      }
      run = UUID.fromString(place.group(1));
      step = place.group(2);
    }
    return room.waits()
        .approvals()
        .waiting(run, step, size + 1)
        .map(
            found -> {
              List<Waiting> page = found.stream().limit(size).map(Waiting::of).toList();
              Waiting last = found.size() > size ? page.getLast() : null;
              return new Page(page, last == null ? null : last.run() + ":" + last.step());
            });
  }
}
