package dev.fanfare.api;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.access.Scope;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What steps have written, also while they run. */
@Path("/api/runs/{id}/logs")
@Tag(name = "logs", description = "What the steps of a run have written.")
public class LogResource {

  private static final int MOST = 10_000;
  private static final int USUAL = 1_000;
  private static final Duration PACE = Duration.ofMillis(200);

  private final EngineRoom room;
  private final Access access;

  @Inject
  LogResource(EngineRoom room, Access access) {
    this.room = room;
    this.access = access;
  }

  /**
   * A piece of a log.
   *
   * @param next what to ask for next with {@code after}
   */
  public record Page(List<LogReader.Line> lines, String next) {}

  @GET
  @Needs(Scope.READ)
  @Produces(MediaType.TEXT_PLAIN)
  @NonBlocking
  @Operation(summary = "Read the logs of all steps", description = "Each line after its step.")
  public Multi<String> text(@PathParam("id") String id) {
    return reader(id, "")
        .onItem()
        .transformToMulti(LogReader::all)
        .map(line -> marked(line) + " | " + line.text() + "\n");
  }

  @GET
  @Needs(Scope.READ)
  @Path("/{step:.+}")
  @Produces(MediaType.TEXT_PLAIN)
  @NonBlocking
  @Operation(summary = "Read the log of a step")
  public Multi<String> text(
      @PathParam("id") String id,
      @PathParam("step") String step,
      @Parameter(description = "Only the last lines.") @QueryParam("tail") @Nullable String tail) {
    long last = Queries.number("tail", tail, 0, 1, MOST);
    return reader(id, step)
        .onItem()
        .transformToMulti(
            reader ->
                last == 0
                    ? reader.all()
                    : reader
                        .tail((int) last)
                        .onItem()
                        .transformToMulti(lines -> Multi.createFrom().iterable(lines)))
        .map(line -> line.text() + "\n");
  }

  @GET
  @Needs(Scope.READ)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(summary = "Read the logs of all steps", description = "Step by step.")
  public Uni<Page> read(
      @PathParam("id") String id,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable String limit,
      @Parameter(description = "Wait this long for the first line; at most 60s.")
          @QueryParam("wait")
          @Nullable String wait) {
    return page(id, "", after, limit, wait);
  }

  @GET
  @Needs(Scope.READ)
  @Path("/{step:.+}")
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(summary = "Read the log of a step")
  public Uni<Page> read(
      @PathParam("id") String id,
      @PathParam("step") String step,
      @Parameter(description = "The 'next' of the answer before.") @QueryParam("after")
          @Nullable String after,
      @QueryParam("limit") @Nullable String limit,
      @Parameter(description = "Wait this long for the first line; at most 60s.")
          @QueryParam("wait")
          @Nullable String wait,
      @Parameter(description = "Only the last lines.") @QueryParam("tail") @Nullable String tail) {
    long last = Queries.number("tail", tail, 0, 1, MOST);
    if (last == 0) {
      return page(id, step, after, limit, wait);
    }
    return reader(id, step)
        .chain(reader -> reader.tail((int) last))
        .map(lines -> new Page(lines, LogCursor.start(step).toString()));
  }

  private Uni<Page> page(
      String id,
      String step,
      @Nullable String after,
      @Nullable String limit,
      @Nullable String wait) {
    LogCursor cursor = LogCursor.of(after, step);
    int most = (int) Queries.number("limit", limit, USUAL, 1, MOST);
    Duration patience = access.shorter(Queries.patience(wait));
    return RunLookup.id(id)
        .chain(
            run ->
                reader(run, step)
                    .chain(
                        reader ->
                            new Waiting(room)
                                .until(
                                    run,
                                    patience,
                                    PACE,
                                    () -> reader.after(cursor, most),
                                    batch -> !batch.lines().isEmpty())))
        .map(batch -> new Page(batch.lines(), batch.next().toString()));
  }

  private Uni<LogReader> reader(String id, String step) {
    return RunLookup.id(id).chain(run -> reader(run, step));
  }

  /** Fails with 404 unless the run has such a step, whether or not it has written anything. */
  private Uni<LogReader> reader(UUID run, String step) {
    LogReader reader = new LogReader(room.logs(), run, step);
    if (step.isEmpty()) {
      return RunLookup.status(room, run).replaceWith(reader);
    }
    Bodies.name(Optional.of(step), "step");
    return room.logs()
        .ofStep(run, step, 0, -1, 1)
        .chain(
            found ->
                found.isEmpty()
                    ? RunLookup.outcome(room, run)
                        .map(outcome -> outcome.get("steps"))
                        .invoke(steps -> requireStep(steps, run, step))
                        .replaceWith(reader)
                    : Uni.createFrom().item(reader));
  }

  private static void requireStep(@Nullable Object all, UUID run, String step) {
    boolean known =
        all instanceof List<?> steps
            && steps.stream()
                .anyMatch(each -> each instanceof Map<?, ?> map && step.equals(map.get("id")));
    if (!known) {
      throw ApiException.notFound("the run " + run + " has no step '" + step + "'");
    }
  }

  private static String marked(LogReader.Line line) {
    return line.attempt() == 1 ? line.step() : line.step() + " (attempt " + line.attempt() + ")";
  }
}
