package dev.fanfare.function;

import dev.fanfare.conductor.Conductor;
import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.Workflow;
import dev.fanfare.definition.Workflow.Concurrency;
import dev.fanfare.definition.Workflow.Concurrency.Policy;
import dev.fanfare.engine.RunRow;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.Params;
import dev.fanfare.json.Json;
import dev.fanfare.secret.Vault;
import dev.fanfare.store.RunViews;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
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
   * @param mayBeRefused whether it ends at once where it finds no slot of its concurrency key:
   *     {@link TriggerService#rejection} tells
   */
  public record Started(
      UUID run, String workflow, boolean created, boolean mayBeRefused, List<Diagnostic> warnings)
      implements Result {}

  /** Nothing is stored. */
  public record Refused(List<Diagnostic> diagnostics) implements Result {}

  /**
   * Between two looks whether a run was refused, which is known some milliseconds after it came.
   */
  private static final Duration PACE = Duration.ofMillis(20);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The code of the warning that a value holds the value of a secret. */
  public static final String SECRET_GIVEN = "secret-given";

  private final Conductor conductor;
  private final RunViews views;
  private final Vault vault;

  /**
   * @param vault knows the secrets that are covered in what a run is given
   */
  public TriggerService(Conductor conductor, RunViews views, Vault vault) {
    this.conductor = conductor;
    this.views = views;
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
      return start(request, read, params.values(), diagnostics);
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
              return start(covered, read, values, diagnostics);
            });
  }

  private Uni<Result> start(
      Request request, Graphs.Read read, Map<String, Object> params, List<Diagnostic> diagnostics) {
    CompileInputs inputs = conductor.graphs().inputs(params, request.event(), request.context());
    Graphs.Outcome outcome = conductor.graphs().compile(request.file(), read, inputs);
    diagnostics.addAll(outcome.diagnostics());
    if (outcome.graph().isEmpty()) {
      return Uni.createFrom().item(new Refused(diagnostics));
    }
    Graphs.Stored graph = outcome.graph().get();
    return start(request, graph.graph().workflow().name(), params, graph, diagnostics);
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
        .map(
            started ->
                new Started(
                    started.run(),
                    workflow,
                    started.created(),
                    mayBeRefused(graph.graph().workflow()),
                    diagnostics));
  }

  private static boolean mayBeRefused(Workflow workflow) {
    return workflow
        .concurrency()
        .map(Concurrency::policy)
        .filter(policy -> policy == Policy.REJECT || policy == Policy.SKIP)
        .isPresent();
  }

  /**
   * Waits until it is known whether a run finds a slot, which takes a moment.
   *
   * @return why it was rejected; empty where it was not, or was skipped
   */
  public Uni<Optional<String>> rejection(Started started) {
    if (!started.mayBeRefused()) {
      return Uni.createFrom().item(Optional.empty());
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    return Uni.createFrom()
        .deferred(() -> views.standing(started.run()))
        .repeat()
        .withDelay(PACE)
        .whilst(standing -> isQueued(standing) && System.nanoTime() < deadline)
        .collect()
        .last()
        .map(
            standing ->
                standing
                    .filter(end -> "concurrency_rejected".equals(end.reason().get("code")))
                    .map(end -> "run " + started.run() + ": " + ReasonText.of(end.reason())));
  }

  private static boolean isQueued(Optional<RunViews.Standing> standing) {
    return standing.filter(at -> at.status().equals(RunStatus.QUEUED.id())).isPresent();
  }

  private static @Nullable Object json(String text) {
    try {
      return Json.parse(text);
    } catch (Json.JsonException e) {
      return null;
    }
  }
}
