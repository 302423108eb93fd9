package dev.fanfare.function;

import dev.fanfare.graph.Graph;
import dev.fanfare.store.EventStore;
import dev.fanfare.store.RunView;
import dev.fanfare.store.RunViews;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Answers why: reads what is stored of a run and puts it into sentences. */
public final class Explainer {

  /** Transactions of a run's event log that are read for the history of a step. */
  private static final int BATCHES = 20_000;

  private final RunViews views;
  private final EventStore events;
  private final Function<String, Graph> graphs;

  /**
   * @param graphs the graph of a hash; may block
   */
  public Explainer(RunViews views, EventStore events, Function<String, Graph> graphs) {
    this.views = views;
    this.events = events;
    this.graphs = graphs;
  }

  /** The step that was asked for does not exist. */
  public static final class UnknownStepException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownStepException(String step) {
      super("the run has no step '" + step + "'", null, false, false);
    }
  }

  /**
   * A run as {@code {id, status, sentence, steps: [{id, status, sentence}, ..]}}, or a step of it
   * as {@code {run, id, status, sentence, history: [{at, sentence}, ..]}}; empty if there is no
   * such run.
   *
   * @return fails with {@link UnknownStepException}
   */
  public Uni<Optional<Map<String, Object>>> explain(UUID run, Optional<String> step) {
    return views
        .run(run)
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .chain(
            view ->
                view.isEmpty()
                    ? Uni.createFrom().item(Optional.empty())
                    : explain(view.get(), step).map(Optional::of));
  }

  private Uni<Map<String, Object>> explain(RunView view, Optional<String> step) {
    Explanation explanation = new Explanation(view, graphs.apply(view.graph()));
    if (step.isEmpty()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("id", view.id().toString());
      json.put("status", view.status());
      json.put("sentence", explanation.headline());
      json.put("steps", explanation.steps().stream().map(Explanation.Line::toJson).toList());
      return Uni.createFrom().item(json);
    }
    String path = step.get();
    if (!explanation.has(path)) {
      return Uni.createFrom().failure(new UnknownStepException(path));
    }
    return events.after(view.id(), 0, BATCHES).map(log -> step(view, explanation, path, log));
  }

  private static Map<String, Object> step(
      RunView view, Explanation explanation, String path, List<Map<String, Object>> log) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run", view.id().toString());
    json.putAll(explanation.line(path).toJson());
    json.put("history", StepHistory.of(path, log));
    return json;
  }
}
