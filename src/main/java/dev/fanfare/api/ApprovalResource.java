package dev.fanfare.api;

import dev.fanfare.form.FormSchema;
import dev.fanfare.function.ApprovalService;
import dev.fanfare.function.ApprovalService.Answer;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RunJson;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Approvals: what waits for a person, and what the person says. */
@Path("/api")
@Tag(name = "waiting")
public class ApprovalResource {

  private static final int MOST = 200;
  private static final int USUAL = 50;
  private static final int LONGEST_REASON = 4_096;

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
  @Path("/approvals")
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
      String reason) {}

  @POST
  @Path("/runs/{id}/steps/{step:.+}/approve")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
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
  @Path("/runs/{id}/steps/{step:.+}/deny")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
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
    String by = Bodies.name(Bodies.text(request, "by"), "by").orElse("api");
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
      case Answer.BadForm bad -> throw badForm(step, bad.findings());
    };
  }

  private static ApiException badForm(String step, List<FormSchema.Finding> findings) {
    FormSchema.Finding first = findings.getFirst();
    String more =
        findings.size() > 1 ? " (and " + (findings.size() - 1) + " more, see errors)" : "";
    return ApiException.unprocessable(
        "the form of step '"
            + step
            + "' is not filled in as it asks: "
            + place(first)
            + first.message()
            + more
            + "; nothing was decided",
        findings.stream()
            .map(
                finding ->
                    new Problem.Finding(
                        "error", "bad-form", place(finding) + finding.message(), 0, 0, ""))
            .toList());
  }

  private static String place(FormSchema.Finding finding) {
    return finding.path().isEmpty() ? "" : finding.path() + " ";
  }
}
