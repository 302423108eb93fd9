package dev.fanfare.function;

import dev.fanfare.conductor.Conductor;
import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Workflow;
import dev.fanfare.engine.RunRow;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.Params;
import dev.fanfare.json.Json;
import dev.fanfare.secret.Vault;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Starts runs: reads the file, checks the parameters, stores the run. Blocks while it compiles. */
public final class TriggerService {

  /**
   * What to run and with what.
   *
   * @param id of the run to be; another where the key has a run already
   * @param params values by name; text stands for any type that it can be read as
   * @param event the trigger's payload
   * @param context {@code trigger}, {@code branch}, {@code tag}, {@code maxParallel}, {@code
   *     source}
   * @param key at most one run of the workflow has it
   */
  public record Request(
      UUID id,
      Graphs.File file,
      Map<String, Object> params,
      Map<String, Object> event,
      Map<String, Object> context,
      Optional<String> key) {}

  /** What became of a request. */
  public sealed interface Result {}

  /**
   * The run is stored, or was already.
   *
   * @param created whether this request stored it
   */
  public record Started(UUID run, String workflow, boolean created, List<Diagnostic> warnings)
      implements Result {}

  /** Nothing is stored. */
  public record Refused(List<Diagnostic> diagnostics) implements Result {}

  private final Conductor conductor;
  private final Vault vault;

  /**
   * @param vault knows the secrets that are covered in what a run is given
   */
  public TriggerService(Conductor conductor, Vault vault) {
    this.conductor = conductor;
    this.vault = vault;
  }

  public Uni<Result> start(Request request) {
    Graphs.Read read = conductor.graphs().reading(request.file());
    if (read.workflow().isEmpty()) {
      return Uni.createFrom().item(new Refused(read.diagnostics()));
    }
    Workflow workflow = read.workflow().get();
    Params.Checked params = Params.check(workflow, request.params(), TriggerService::json);
    if (!params.isGood()) {
      return Uni.createFrom().item(new Refused(params.diagnostics()));
    }
    List<Diagnostic> diagnostics = new ArrayList<>(read.diagnostics());
    if (workflow.secrets().isEmpty()) {
      return start(request, workflow, params.values(), diagnostics);
    }
    return vault
        .masker(workflow.secrets())
        .map(ignored -> vault.known(workflow.secrets()))
        .ifNoItem()
        .after(Vault.PATIENCE)
        .recoverWithItem(() -> vault.known(workflow.secrets()))
        .chain(
            masker -> {
              Given given = new Given(masker);
              Request covered = given.covered(request);
              Map<String, Object> values = given.covered("params", params.values());
              diagnostics.addAll(given.warnings());
              return start(covered, workflow, values, diagnostics);
            });
  }

  private Uni<Result> start(
      Request request,
      Workflow workflow,
      Map<String, Object> params,
      List<Diagnostic> diagnostics) {
    CompileInputs inputs = new CompileInputs(params, request.event(), request.context());
    Graphs.Outcome outcome = conductor.graphs().compile(request.file(), workflow, inputs);
    diagnostics.addAll(outcome.diagnostics());
    if (outcome.graph().isEmpty()) {
      return Uni.createFrom().item(new Refused(diagnostics));
    }
    return start(request, workflow.name(), params, outcome.graph().get(), diagnostics);
  }

  private Uni<Result> start(
      Request request,
      String workflow,
      Map<String, Object> params,
      Graphs.Stored graph,
      List<Diagnostic> diagnostics) {
    Map<String, Object> context = new LinkedHashMap<>(request.context());
    context.put("startedAt", Instant.now().toString());
    RunRow.Facts facts =
        new RunRow.Facts(request.id(), workflow, 1, params, request.event(), context);
    return conductor
        .create(facts, graph, request.key())
        .map(started -> new Started(started.run(), workflow, started.created(), diagnostics));
  }

  private static @Nullable Object json(String text) {
    try {
      return Json.parse(text);
    } catch (Json.JsonException e) {
      return null;
    }
  }
}
