package dev.fanfare.api;

import dev.fanfare.definition.StepStatus;
import dev.fanfare.function.ApprovalService;
import dev.fanfare.function.ApprovalService.Answer;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RunJson;
import dev.fanfare.function.access.Scope;
import dev.fanfare.store.browse.StepEntity;
import dev.fanfare.work.Yield;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
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

/** Steps of a run: listed, and decided where they wait for a person. */
@Path("/api/runs/{id}/steps")
@Tag(name = "runs")
public class StepResource {

  private static final int MOST = 200;
  private static final int USUAL = 50;
  private static final int LONGEST_REASON = 4_096;

  private final EngineRoom room;
  private final Access access;

  @Inject
  StepResource(EngineRoom room, Access access) {
    this.room = room;
    this.access = access;
  }

  /** A step in a list, without its values. */
  public record StepSummary(
      String id,
      String status,
      int attempts,
      @Nullable Integer exitCode,
      String releasedBy,
      long backoffMs,
      @Nullable String readyAt,
      @Nullable String startedAt,
      @Nullable String finishedAt) {

    static StepSummary of(StepEntity step) {
      return new StepSummary(
          step.path,
          step.status,
          step.attempt,
          step.exitCode,
          step.releasedBy,
          step.backoffMs,
          time(step.readyAt),
          time(step.startedAt),
          time(step.endedAt));
    }

    private static @Nullable String time(@Nullable Instant at) {
      return at == null ? null : RunJson.time(at);
    }
  }

  /** A page of steps; {@code next} is the value of {@code after} for the next one. */
  public record StepPage(List<StepSummary> steps, @Nullable String next) {}

  @GET
  @Needs(Scope.READ)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(
      summary = "List the steps of a run that something has happened to",
      description = "By id, without outputs: for runs with very many steps.")
  public Uni<StepPage> steps(
      @PathParam("id") String id,
      @QueryParam("status") @Nullable String status,
      @Parameter(description = "The last step's id of the page before.") @QueryParam("after")
          @Nullable String after,
      @QueryParam("limit") @Nullable String limit) {
    int size = (int) Queries.number("limit", limit, USUAL, 1, MOST);
    Set<String> statuses =
        Arrays.stream(StepStatus.values()).map(StepStatus::id).collect(Collectors.toSet());
    Optional<String> filter = Queries.known("status", status, statuses);
    return RunLookup.id(id)
        .call(run -> RunLookup.status(room, run))
        .chain(run -> StepEntity.of(run, filter, after == null ? "" : after, size + 1))
        .map(
            steps ->
                new StepPage(
                    steps.stream().limit(size).map(StepSummary::of).toList(),
                    steps.size() > size ? steps.get(size - 1).path : null));
  }

  /**
   * A decision.
   *
   * @param decision {@code approved} or {@code denied}
   * @param decided false where the step had been decided like this before; then the rest says by
   *     whom
   */
  public record Decision(
      String run,
      String step,
      String decision,
      boolean decided,
      String by,
      String at,
      String reason) {

    /** The same as an object, for clients that take lines. */
    Map<String, Object> object() {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("run", run);
      object.put("step", step);
      object.put("decision", decision);
      object.put("decided", decided);
      object.put("by", by);
      object.put("at", at);
      object.put("reason", reason);
      return object;
    }
  }

  @POST
  @Needs(Scope.RUN)
  @Path("/{step:.+}/approve")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
  @NonBlocking
  @Operation(
      summary = "Approve a step that waits for a person",
      description = "{by, reason, form}. The same again is harmless and says who decided when.")
  @APIResponse(responseCode = "200", description = "It is approved, now or since before.")
  @APIResponse(responseCode = "404", description = "There is no such run or step.")
  @APIResponse(responseCode = "409", description = "It cannot be decided, or was denied.")
  @APIResponse(responseCode = "422", description = "The form is not as its schema says.")
  public Uni<Decision> approve(
      @PathParam("id") String id, @PathParam("step") String step, byte @Nullable [] body) {
    return judge(id, step, true, body);
  }

  @POST
  @Needs(Scope.RUN)
  @Path("/{step:.+}/deny")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
  @NonBlocking
  @Operation(
      summary = "Deny a step that waits for a person",
      description = "{by, reason, form}. The same again is harmless and says who decided when.")
  @APIResponse(responseCode = "200", description = "It is denied, now or since before.")
  @APIResponse(responseCode = "404", description = "There is no such run or step.")
  @APIResponse(responseCode = "409", description = "It cannot be decided, or was approved.")
  public Uni<Decision> deny(
      @PathParam("id") String id, @PathParam("step") String step, byte @Nullable [] body) {
    return judge(id, step, false, body);
  }

  private Uni<Decision> judge(String id, String step, boolean approved, byte @Nullable [] body) {
    Map<String, Object> request =
        Bodies.object(
            Bodies.bounded(body == null ? new byte[0] : body), Set.of("by", "reason", "form"));
    String by = Bodies.name(Bodies.text(request, "by"), "by").orElse(access.caller().name());
    String reason = Bodies.text(request, "reason").orElse("");
    if (reason.length() > LONGEST_REASON) {
      throw ApiException.badRequest("'reason' has more than " + LONGEST_REASON + " characters");
    }
    Map<String, Object> form = request.get("form") == null ? null : Bodies.object(request, "form");
    if (!Yield.fits(form)) {
      throw ApiException.tooLarge("'form' is larger than 256 KiB, or too deep");
    }
    return RunLookup.id(id)
        .chain(
            run ->
                room.waits()
                    .approvals()
                    .judge(
                        new ApprovalService.Judgement(
                            run, step, approved, by, Yield.cleanText(reason), form))
                    .map(answer -> decision(run, step, answer)));
  }

  private static Decision decision(UUID run, String step, Answer answer) {
    return switch (answer) {
      case Answer.Decided decided ->
          new Decision(
              run.toString(),
              step,
              decided.decision(),
              decided.now(),
              decided.by(),
              decided.at(),
              decided.reason());
      case Answer.Unknown unknown -> throw ApiException.notFound(unknown.sentence());
      case Answer.Refused refused -> throw ApiException.conflict(refused.sentence());
      case Answer.BadForm bad -> throw badForm(step, bad);
    };
  }

  private static ApiException badForm(String step, Answer.BadForm bad) {
    return ApiException.unprocessable(
        bad.sentence(step),
        bad.findings().stream()
            .map(finding -> new Problem.Finding("error", "bad-form", finding.text(), 0, 0, ""))
            .toList());
  }
}
