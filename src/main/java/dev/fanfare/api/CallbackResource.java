package dev.fanfare.api;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.function.CallbackService.Answer;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.work.Yield;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Callbacks: whoever has a step's token tells how its work ended. */
@Path("/api/callbacks")
@Tag(name = "waiting")
public class CallbackResource {

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final int LONGEST_MESSAGE = 4_096;

  private final EngineRoom room;

  @Inject
  CallbackResource(EngineRoom room) {
    this.room = room;
  }

  /** The step that goes on. */
  public record Taken(UUID run, String step) {}

  @POST
  @Open
  @Path("/{token}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(
      summary = "Call back",
      description = "The body, any JSON or nothing, becomes the step's output.")
  @APIResponse(responseCode = "200", description = "The step goes on.")
  @APIResponse(responseCode = "404", description = "There never was such a token.")
  @APIResponse(responseCode = "409", description = "The token was used before.")
  @APIResponse(responseCode = "410", description = "The step waits no more.")
  public Uni<Taken> succeeded(@PathParam("token") String token, byte @Nullable [] body) {
    return call(token, payload(body), Optional.empty());
  }

  @POST
  @Open
  @Path("/{token}/fail")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(
      summary = "Call back to say that it failed",
      description =
          "{code, message, details}: the attempt fails with this error, which can be retried and"
              + " tolerated like any other.")
  public Uni<Taken> failed(@PathParam("token") String token, byte @Nullable [] body) {
    Map<String, Object> request =
        Bodies.object(
            Bodies.bounded(body == null ? new byte[0] : body),
            Set.of("code", "message", "details"));
    String code = Bodies.text(request, "code").orElse("callback_failed");
    if (!CODE.matcher(code).matches()) {
      throw ApiException.badRequest(
          "'code' must be a name in lower case such as out_of_stock, of at most 64 characters");
    }
    String message = Bodies.text(request, "message").orElse("the callback said that it failed");
    if (message.length() > LONGEST_MESSAGE) {
      throw ApiException.badRequest("'message' has more than " + LONGEST_MESSAGE + " characters");
    }
    Map<String, Object> details = new LinkedHashMap<>(Bodies.object(request, "details"));
    details.keySet().removeAll(Set.of("code", "message"));
    if (!Yield.fits(details)) {
      throw tooLarge("'details'");
    }
    ErrorInfo error = new ErrorInfo(code, Yield.cleanText(message), details);
    return call(token, null, Optional.of(error));
  }

  private static @Nullable Object payload(byte @Nullable [] body) {
    Object payload = body == null ? null : Bodies.value(Bodies.bounded(body));
    if (!Yield.fits(payload)) {
      throw tooLarge("the body");
    }
    return payload;
  }

  private static ApiException tooLarge(String what) {
    return ApiException.tooLarge(
        what + " is larger than 256 KiB, or too deep; send where it can be found instead");
  }

  private Uni<Taken> call(String token, @Nullable Object payload, Optional<ErrorInfo> error) {
    if (!TOKEN.matcher(token).matches()) {
      throw unknown();
    }
    return room.waits()
        .callbacks()
        .call(token, payload, error)
        .map(
            answer ->
                switch (answer) {
                  case Answer.Taken taken -> new Taken(taken.run(), taken.step());
                  case Answer.Unknown ignored -> throw unknown();
                  case Answer.Used used -> throw ApiException.conflict(used.sentence());
                  case Answer.Late late -> throw ApiException.gone(late.sentence());
                });
  }

  private static ApiException unknown() {
    return ApiException.notFound("no step ever had this token; copy the whole of it");
  }
}
