package dev.fanfare.api;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Workflow;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.Registrations;
import dev.fanfare.function.RunJson;
import dev.fanfare.function.access.Scope;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.browse.WorkflowEntity;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Registered workflows: a name and the versions it has had. */
@Path("/api/workflows")
@Tag(name = "workflows", description = "Registered workflow files, version by version.")
public class WorkflowResource {

  private static final int MOST = 200;
  private static final int USUAL = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Set<String> FIELDS = Set.of("fileName", "dialect", "text");

  private final EngineRoom room;
  private final Access access;

  @Inject
  WorkflowResource(EngineRoom room, Access access) {
    this.room = room;
    this.access = access;
  }

  /**
   * A registered version.
   *
   * @param created false where the newest version has the same source
   * @param diagnostics warnings about the file
   */
  public record Registered(
      String name, int version, boolean created, List<Problem.Finding> diagnostics) {}

  /** A version in a list. */
  public record Summary(
      String name,
      int version,
      String description,
      String dialect,
      String fileName,
      String createdAt) {

    static Summary of(WorkflowEntity workflow) {
      return new Summary(
          workflow.name,
          workflow.version,
          workflow.description,
          workflow.dialect,
          workflow.fileName,
          RunJson.time(workflow.createdAt));
    }
  }

  /** A page of workflows; {@code next} is the value of {@code after} for the next one. */
  public record Page(List<Summary> workflows, @Nullable String next) {}

  /** A version with its source. */
  public record Source(
      String name,
      int version,
      String description,
      String dialect,
      String fileName,
      String createdAt,
      String source) {

    static Source of(WorkflowEntity workflow) {
      return new Source(
          workflow.name,
          workflow.version,
          workflow.description,
          workflow.dialect,
          workflow.fileName,
          RunJson.time(workflow.createdAt),
          workflow.source);
    }
  }

  @POST
  @Needs(Scope.ADMIN)
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @RunOnVirtualThread
  @Operation(summary = "Register a workflow", description = "Body: {fileName, dialect, text}.")
  @APIResponse(responseCode = "201", description = "A version was added.")
  @APIResponse(responseCode = "200", description = "The newest version has this source already.")
  @APIResponse(responseCode = "422", description = "The file is wrong; nothing was stored.")
  public Response add(@Context UriInfo uri, InputStream body) {
    return register(json(body), Optional.empty(), uri);
  }

  @POST
  @Needs(Scope.ADMIN)
  @Consumes({"text/yaml", "application/yaml", "application/x-yaml"})
  @Produces(MediaType.APPLICATION_JSON)
  @RunOnVirtualThread
  @Operation(summary = "Register the file in the body", description = "Query: name, dialect.")
  public Response addFile(@Context UriInfo uri, InputStream body) {
    return register(yaml(uri, body), Optional.empty(), uri);
  }

  @PUT
  @Needs(Scope.ADMIN)
  @Path("/{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @RunOnVirtualThread
  @Operation(
      summary = "Register a workflow under its name",
      description = "The name must be the one in the file.")
  public Response put(@PathParam("name") String name, @Context UriInfo uri, InputStream body) {
    return register(json(body), Optional.of(name), uri);
  }

  @PUT
  @Needs(Scope.ADMIN)
  @Path("/{name}")
  @Consumes({"text/yaml", "application/yaml", "application/x-yaml"})
  @Produces(MediaType.APPLICATION_JSON)
  @RunOnVirtualThread
  @Operation(summary = "Register the file in the body under its name")
  public Response putFile(@PathParam("name") String name, @Context UriInfo uri, InputStream body) {
    return register(yaml(uri, body), Optional.of(name), uri);
  }

  private static Graphs.File json(InputStream body) {
    Map<String, Object> request = Bodies.object(Bodies.read(body), FIELDS);
    return new Graphs.File(
        Bodies.text(request, "text")
            .orElseThrow(
                () -> ApiException.badRequest("the body needs a 'text': the workflow file"))
            .getBytes(StandardCharsets.UTF_8),
        Bodies.name(Bodies.text(request, "fileName"), "fileName").orElse("fanfare.yaml"),
        Bodies.name(Bodies.text(request, "dialect"), "dialect"));
  }

  private static Graphs.File yaml(UriInfo uri, InputStream body) {
    return StartRequest.yaml(Bodies.read(body), uri.getQueryParameters());
  }

  private Response register(Graphs.File file, Optional<String> name, UriInfo uri) {
    Registrations.Checked checked = Registrations.check(file);
    List<Diagnostic> diagnostics = new ArrayList<>(checked.diagnostics());
    Optional<Workflow> found = checked.workflow();
    found.flatMap(workflow -> otherName(workflow, name)).ifPresent(diagnostics::add);
    if (found.isEmpty() || diagnostics.stream().anyMatch(Diagnostic::isError)) {
      throw ApiException.refused("the workflow cannot be registered", diagnostics);
    }
    Workflow workflow = found.get();
    GraphStore.Registered registered =
        room.registrations().register(file, workflow).await().atMost(PATIENCE);
    return Response.status(registered.added() ? Response.Status.CREATED : Response.Status.OK)
        .location(access.url(uri).path("api/workflows").path(workflow.name()).build())
        .entity(
            new Registered(
                workflow.name(),
                registered.version(),
                registered.added(),
                Problem.Finding.all(diagnostics)))
        .build();
  }

  private static Optional<Diagnostic> otherName(Workflow workflow, Optional<String> name) {
    return name.filter(wanted -> !wanted.equals(workflow.name()))
        .map(
            wanted ->
                Diagnostic.error(
                    "other-name",
                    "the file's workflow is called '" + workflow.name() + "', not '" + wanted + "'",
                    SourceSpan.NONE,
                    "register it under the name in the file"));
  }

  @GET
  @Needs(Scope.READ)
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(summary = "List the newest version of each workflow, by name")
  public Uni<Page> list(
      @Parameter(description = "The last name of the page before.") @QueryParam("after")
          @Nullable String after,
      @QueryParam("limit") @Nullable String limit) {
    int size = (int) Queries.number("limit", limit, USUAL, 1, MOST);
    String from = Bodies.name(Optional.ofNullable(after), "after").orElse("");
    return WorkflowEntity.newest(from, size + 1)
        .map(
            found ->
                new Page(
                    found.stream().limit(size).map(Summary::of).toList(),
                    found.size() > size ? found.get(size - 1).name : null));
  }

  @GET
  @Needs(Scope.READ)
  @Path("/{name}")
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(summary = "Read a workflow with its source")
  @APIResponse(responseCode = "404", description = "There is no such workflow or version.")
  public Uni<Source> read(
      @PathParam("name") String name,
      @Parameter(description = "A version; the newest without it.") @QueryParam("version")
          @Nullable String version) {
    Bodies.name(Optional.of(name), "name");
    Optional<Integer> wanted =
        Optional.ofNullable(version)
            .map(text -> (int) Queries.number("version", text, 0, 1, Integer.MAX_VALUE));
    return WorkflowEntity.version(name, wanted)
        .map(
            found ->
                Source.of(
                    found.orElseThrow(
                        () ->
                            ApiException.notFound(
                                "there is no workflow '"
                                    + name
                                    + wanted
                                        .map(number -> "' of version " + number)
                                        .orElse("'")))));
  }

  /** Whether the triggers of a workflow start runs. */
  public record State(String workflow, boolean paused) {}

  @POST
  @Needs(Scope.ADMIN)
  @Path("/{name}/pause")
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(
      summary = "Pause a workflow's triggers",
      description = "None of them starts a run until they are resumed. Runs go on.")
  @APIResponse(responseCode = "404", description = "There is no such workflow.")
  public Uni<State> pause(@PathParam("name") String name) {
    Bodies.name(Optional.of(name), "name");
    return room.registrations().pause(name).map(found -> state(name, found, true));
  }

  @POST
  @Needs(Scope.ADMIN)
  @Path("/{name}/resume")
  @Produces(MediaType.APPLICATION_JSON)
  @NonBlocking
  @Operation(
      summary = "Resume a workflow's triggers",
      description = "Schedules go on with their next tick; those of the pause are not made up for.")
  @APIResponse(responseCode = "404", description = "There is no such workflow.")
  public Uni<State> resume(@PathParam("name") String name) {
    Bodies.name(Optional.of(name), "name");
    return room.registrations().resume(name).map(found -> state(name, found, false));
  }

  private static State state(String name, boolean found, boolean paused) {
    if (!found) {
      throw ApiException.notFound("there is no workflow '" + name + "'");
    }
    return new State(name, paused);
  }
}
