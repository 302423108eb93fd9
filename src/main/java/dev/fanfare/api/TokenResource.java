package dev.fanfare.api;

import dev.fanfare.function.access.BadTokenException;
import dev.fanfare.function.access.Scope;
import dev.fanfare.function.access.TokenJson;
import dev.fanfare.function.access.Tokens;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tokens of the API: made, listed, revoked. */
@Path("/api/tokens")
@Tag(name = "tokens", description = "Who may call the API with what.")
public class TokenResource {

  private final Tokens tokens;
  private final Access access;

  @Inject
  TokenResource(Tokens tokens, Access access) {
    this.tokens = tokens;
    this.access = access;
  }

  /** Every token, those that were revoked or have expired too. */
  public record Listed(List<Map<String, @Nullable Object>> tokens) {}

  @POST
  @Needs(Scope.ADMIN)
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(
      summary = "Make a token",
      description =
          "{name, scopes, expires}: scopes of read, run and admin; expires after a duration, 90d"
              + " unless given, or never. The answer has the secret, which is shown this once.")
  @APIResponse(responseCode = "201", description = "The token with its secret.")
  public Uni<Response> create(byte @Nullable [] body) {
    Map<String, Object> request =
        Bodies.object(
            Bodies.bounded(body == null ? new byte[0] : body), Set.of("name", "scopes", "expires"));
    Tokens.Wish wish;
    try {
      wish =
          Tokens.Wish.of(
              Bodies.text(request, "name").orElse(""),
              scopes(request.get("scopes")),
              Bodies.text(request, "expires"));
    } catch (BadTokenException e) {
      throw ApiException.badRequest(String.valueOf(e.getMessage()));
    }
    return tokens
        .create(wish, access.caller().name())
        .map(
            made ->
                Response.status(Response.Status.CREATED)
                    .header("Cache-Control", "no-store")
                    .entity(TokenJson.of(made))
                    .build());
  }

  private static List<String> scopes(@Nullable Object value) {
    List<String> scopes = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object each : list) {
        scopes.add(String.valueOf(each));
      }
    } else if (value != null) {
      throw ApiException.badRequest("'scopes' must be a list such as [\"run\"]");
    }
    return scopes;
  }

  @GET
  @Needs(Scope.ADMIN)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(summary = "List the tokens", description = "The oldest first, without secrets.")
  public Uni<Listed> list() {
    return tokens.list().map(all -> new Listed(all.stream().map(TokenJson::of).toList()));
  }

  @POST
  @Path("/{id}/revoke")
  @Needs(Scope.ADMIN)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(
      summary = "Revoke a token",
      description = "It is good for nothing from now on. Again is harmless.")
  @APIResponse(responseCode = "404", description = "There is no such token.")
  public Uni<Map<String, @Nullable Object>> revoke(@PathParam("id") String id) {
    return tokens
        .revoke(id(id).orElseThrow(() -> unknown(id)))
        .map(found -> TokenJson.of(found.orElseThrow(() -> unknown(id))));
  }

  private static Optional<UUID> id(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ApiException unknown(String id) {
    return ApiException.notFound("there is no token '" + id + "'; GET /api/tokens lists them");
  }
}
