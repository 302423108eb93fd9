package dev.fanfare.api;

import dev.fanfare.function.CalledTriggers;
import dev.fanfare.function.EngineRoom;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The addresses of webhooks: they start the runs of registered workflows. */
@Path("/hooks")
@Tag(name = "triggers", description = "What starts runs without a caller of the API.")
public class HookResource {

  /** Where callers have to be known, nobody finds out which addresses there are. */
  private static final String UNKNOWN =
      "no webhook takes this: there is none at this address, or its signature is missing or wrong";

  private final EngineRoom room;
  private final Access access;

  @Inject
  HookResource(EngineRoom room, Access access) {
    this.room = room;
    this.access = access;
  }

  /** A trigger whose run cannot be. */
  public record Refused(String workflow, List<Problem.Finding> errors) {}

  /**
   * What the triggers of an address did.
   *
   * @param runs those that this delivery started, now or when it came before
   * @param skipped triggers that want no run for it
   * @param refused triggers whose parameters cannot be made of it
   */
  public record Answer(
      List<CalledTriggers.Started> runs,
      List<CalledTriggers.Skipped> skipped,
      List<Refused> refused) {

    static Answer of(CalledTriggers.Answered answered) {
      return new Answer(
          answered.runs(),
          answered.skipped(),
          answered.refused().stream()
              .map(one -> new Refused(one.workflow(), Problem.Finding.all(one.diagnostics())))
              .toList());
    }
  }

  @POST
  @Open
  @Path("/{path: .+}")
  @Produces(MediaType.APPLICATION_JSON)
  @RunOnVirtualThread
  @Operation(
      summary = "Call a webhook",
      description =
          "The body, a JSON object or a form, is the event. Signed as GitHub, GitLab, Bitbucket,"
              + " CircleCI or Standard Webhooks have it, or with X-Fanfare-Signature.")
  @APIResponse(responseCode = "201", description = "A run was started.")
  @APIResponse(responseCode = "200", description = "No run was wanted, or it was there already.")
  @APIResponse(responseCode = "401", description = "The signature is missing or wrong.")
  @APIResponse(responseCode = "404", description = "No workflow has this webhook.")
  @APIResponse(responseCode = "503", description = "The secret of this webhook has no value.")
  public Response call(
      @PathParam("path") String path, @Context HttpHeaders headers, InputStream body) {
    CalledTriggers.Call call =
        new CalledTriggers.Call(path, byName(headers), Bodies.read(body), TraceHeaders.of(headers));
    return switch (room.called().call(call)) {
      case CalledTriggers.Unknown ignored ->
          throw access.isGuarded()
              ? ApiException.unauthorized(UNKNOWN)
              : ApiException.notFound("no registered workflow has a webhook at /hooks/" + path);
      case CalledTriggers.Unauthorized ignored ->
          throw ApiException.unauthorized(
              access.isGuarded() ? UNKNOWN : "the signature is missing or wrong");
      case CalledTriggers.NoSecret ignored ->
          throw ApiException.unavailable(
              "the signature cannot be checked now; the server's log says why");
      case CalledTriggers.Malformed malformed -> throw ApiException.badRequest(malformed.problem());
      case CalledTriggers.Answered answered -> answer(answered);
    };
  }

  private static Map<String, String> byName(HttpHeaders headers) {
    Map<String, String> byName = new HashMap<>();
    headers
        .getRequestHeaders()
        .forEach((name, values) -> byName.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    return byName;
  }

  private static Response answer(CalledTriggers.Answered answered) {
    boolean nothing = answered.runs().isEmpty() && answered.skipped().isEmpty();
    if (nothing && !answered.refused().isEmpty()) {
      CalledTriggers.Refused first = answered.refused().getFirst();
      throw ApiException.refused(
          "the workflow '" + first.workflow() + "' cannot be run", first.diagnostics());
    }
    boolean created = answered.runs().stream().anyMatch(CalledTriggers.Started::created);
    return Response.status(created ? Response.Status.CREATED : Response.Status.OK)
        .entity(Answer.of(answered))
        .build();
  }
}
