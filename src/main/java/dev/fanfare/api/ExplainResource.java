package dev.fanfare.api;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.Explainer;
import dev.fanfare.function.access.Scope;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Why a run or a step is where it is. */
@Path("/api/runs/{id}/explain")
@Tag(name = "runs", description = "Runs of workflows.")
public class ExplainResource {

  private final Explainer explainer;

  @Inject
  ExplainResource(EngineRoom room) {
    this.explainer =
        new Explainer(room.views(), room.events(), hash -> room.conductor().graphs().get(hash));
  }

  @GET
  @Needs(Scope.READ)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(
      summary = "Say why a run, or a step of it, is where it is",
      description = "In sentences: what waits for what, what was skipped, lost or tried again.")
  @APIResponse(responseCode = "200", description = "The explanation.")
  @APIResponse(responseCode = "404", description = "There is no such run, or no such step.")
  public Uni<Map<String, Object>> explain(
      @PathParam("id") String id,
      @Parameter(description = "A step's id; without it the run is explained.") @QueryParam("step")
          @Nullable String step) {
    return RunLookup.id(id)
        .chain(
            run ->
                explainer
                    .explain(run, Optional.ofNullable(step).filter(named -> !named.isEmpty()))
                    .onFailure(Explainer.UnknownStepException.class)
                    .transform(
                        unknown -> ApiException.notFound(String.valueOf(unknown.getMessage())))
                    .map(
                        found ->
                            found.orElseThrow(
                                () -> ApiException.notFound("there is no run " + run))));
  }
}
