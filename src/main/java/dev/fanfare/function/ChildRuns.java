package dev.fanfare.function;

import dev.fanfare.conductor.Transients;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Nearest;
import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.Template;
import dev.fanfare.engine.Origin;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.RunViews;
import dev.fanfare.work.Input.WorkflowInput;
import dev.fanfare.work.WorkException;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Starts the runs that steps ask for.
 *
 * <p>The id of such a run follows from its step and the attempt that first had the work, so that a
 * claim which repeats a lost one finds the run that the lost one has started.
 */
final class ChildRuns {

  private static final System.Logger LOGGER = System.getLogger(ChildRuns.class.getName());

  /** Most runs above a run: whoever goes deeper calls itself. */
  static final int DEEPEST = 32;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  static final int SHOWN = 10;

  private final TriggerService trigger;
  private final WorkflowFiles files;
  private final CalledFiles called;
  private final RunViews views;
  private final Executor executor;

  /**
   * @param executor where files are read and compiled
   */
  ChildRuns(TriggerService trigger, GraphStore graphs, RunViews views, Executor executor) {
    this.trigger = trigger;
    this.files = new WorkflowFiles(graphs);
    this.called = new CalledFiles(graphs, files);
    this.views = views;
    this.executor = executor;
  }

  /**
   * Starts the run of a step, once however often it is asked to for one attempt. While the database
   * cannot be reached it tries again.
   *
   * @param inFolder does something with the files that the step sees
   */
  Uni<Outcome> start(WorkOrder order, WorkflowInput input, InFolder inFolder) {
    return Uni.createFrom()
        .deferred(() -> started(order, input, inFolder))
        .runSubscriptionOn(executor)
        .onFailure(Transients::isTransient)
        .retry()
        .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
        .indefinitely()
        .onFailure()
        .recoverWithItem(
            failure -> {
              LOGGER.log(System.Logger.Level.DEBUG, "a run was not started", failure);
              return Outcome.Failed.of(
                  ErrorInfo.of(
                      "child_not_started",
                      "a run of '%s' could not be started: %s"
                          .formatted(input.workflow(), failure.getMessage())));
            });
  }

  /** Does something with the files that a step sees. */
  @FunctionalInterface
  interface InFolder {
    Uni<Outcome> run(Function<Path, Uni<Outcome>> work);
  }

  private Uni<Outcome> started(WorkOrder order, WorkflowInput input, InFolder inFolder) {
    UUID id = Origin.childOf(order.run(), order.step(), order.origin());
    if (order.origin() != order.attempt()
        && views.status(id).await().atMost(PATIENCE).isPresent()) {
      return Uni.createFrom().item(goesOn(id, input));
    }
    Optional<Origin> parent = Origin.of(order.context());
    List<String> callers = new ArrayList<>(parent.map(Origin::callers).orElse(List.of()));
    callers.add(order.workflow());
    if (callers.size() > DEEPEST) {
      return Uni.createFrom().item(Outcome.Failed.of(tooDeep(callers, input.workflow())));
    }
    if (input.dialect().isPresent()) {
      return called(order, input, id, callers, inFolder);
    }
    return files
        .find(input.workflow(), order.context())
        .map(found -> launched(order, input, id, callers, found))
        .orElseGet(() -> failed(unknown(order, input.workflow())));
  }

  private static Uni<Outcome> failed(ErrorInfo error) {
    return Uni.createFrom().item(Outcome.Failed.of(error));
  }

  /** The files of the run are looked at only where nothing else has the name. */
  private Uni<Outcome> called(
      WorkOrder order, WorkflowInput input, UUID id, List<String> callers, InFolder inFolder) {
    try {
      Optional<WorkflowFiles.Found> found = called.outside(order, input);
      if (found.isPresent()) {
        return launched(order, input, id, callers, found.get());
      }
    } catch (WorkException e) {
      return failed(e.error());
    }
    return inFolder.run(
        folder ->
            Uni.createFrom()
                .deferred(() -> calledInside(order, input, id, callers, folder))
                .runSubscriptionOn(executor));
  }

  private Uni<Outcome> calledInside(
      WorkOrder order, WorkflowInput input, UUID id, List<String> callers, Path folder) {
    try {
      return called
          .inside(folder, order, input)
          .map(found -> launched(order, input, id, callers, found))
          .orElseGet(() -> failed(called.unknown(order, input)));
    } catch (WorkException e) {
      return failed(e.error());
    }
  }

  private Uni<Outcome> launched(
      WorkOrder order,
      WorkflowInput input,
      UUID id,
      List<String> callers,
      WorkflowFiles.Found found) {
    Origin origin = new Origin(order.run(), order.step(), order.attempt(), input.await(), callers);
    return trigger
        .start(
            new TriggerService.Request(
                id,
                found.file(),
                input.params(),
                Map.of(),
                context(order, origin, found),
                Optional.of(key(order, input, id))))
        .map(
            result ->
                switch (result) {
                  case TriggerService.Started started -> goesOn(started.run(), input);
                  case TriggerService.Refused refused ->
                      Outcome.Failed.of(refused(input.workflow(), refused.diagnostics()));
                });
  }

  private static Outcome goesOn(UUID run, WorkflowInput input) {
    return input.await()
        ? new Outcome.Child(run, input.workflow())
        : Outcome.Succeeded.of(Map.of("run", run.toString()));
  }

  /** A run that nobody waits for may be somebody else's: then a written key says which. */
  private static String key(WorkOrder order, WorkflowInput input, UUID id) {
    Optional<Template> written = order.definition().idempotencyKey();
    return written.isPresent() && !input.await() ? order.idempotencyKey() : "child-" + id;
  }

  private static Map<String, Object> context(
      WorkOrder order, Origin origin, WorkflowFiles.Found found) {
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("trigger", "workflow");
    for (String inherited : List.of("branch", "tag", "revision")) {
      Optional.ofNullable(order.context().get(inherited))
          .ifPresent(value -> context.put(inherited, value));
    }
    order.trace().into(context);
    found.folder().ifPresent(folder -> context.put("source", folder.toString()));
    context.put(Origin.KEY, origin.toJson());
    context.put("depth", (long) origin.callers().size());
    return context;
  }

  private static ErrorInfo tooDeep(List<String> callers, String workflow) {
    List<String> chain = new ArrayList<>(callers);
    chain.add(workflow);
    return ErrorInfo.of(
            "workflow_too_deep",
            "%d runs above this one is the most, and '%s' would have one more: %s. A workflow that"
                    .formatted(DEEPEST, workflow, String.join(" > ", chain))
                + " calls itself needs a condition ('when') that ends it.")
        .with("chain", chain)
        .with("limit", (long) DEEPEST);
  }

  private ErrorInfo unknown(WorkOrder order, String workflow) {
    List<String> known = files.known(order.context());
    String hint =
        Nearest.to(workflow, known)
            .map(near -> "did you mean '" + near + "'?")
            .orElseGet(
                () ->
                    known.isEmpty()
                        ? "none is registered; PUT /api/workflows/NAME registers a file"
                        : "known are "
                            + String.join(", ", known.stream().limit(SHOWN).toList())
                            + (known.size() > SHOWN ? ", ..." : ""));
    String where = order.context().containsKey("source") ? " beside the file or" : "";
    return ErrorInfo.of(
            "unknown_workflow",
            "there is no workflow '%s'%s among the registered ones; %s"
                .formatted(workflow, where, hint))
        .with("known", known.stream().limit(SHOWN).toList());
  }

  private static ErrorInfo refused(String workflow, List<Diagnostic> diagnostics) {
    List<Diagnostic> errors = diagnostics.stream().filter(Diagnostic::isError).toList();
    List<String> lines = errors.stream().limit(SHOWN).map(Diagnostic::oneLine).toList();
    return ErrorInfo.of(
            "child_refused", "'%s' cannot be run: %s".formatted(workflow, String.join("; ", lines)))
        .with("diagnostics", lines);
  }
}
