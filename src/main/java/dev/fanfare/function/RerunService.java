package dev.fanfare.function;

import dev.fanfare.conductor.Conductor;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import dev.fanfare.store.RunView;
import dev.fanfare.store.RunViews;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Goes on with runs that have ended, as their next attempt. */
public final class RerunService {

  /** What became of the wish. */
  public sealed interface Result {}

  /** The run goes on. */
  public record Restarted(UUID run, int attempt) implements Result {}

  /** The run is at work: nothing has changed. */
  public record NotOver(UUID run, String status, int attempt) implements Result {}

  /** The run stays as it is; the sentence says why and what can be done. */
  public record Refused(String sentence) implements Result {}

  /** There is no such run. */
  public record Unknown() implements Result {}

  private final Conductor conductor;
  private final RunViews views;

  public RerunService(Conductor conductor, RunViews views) {
    this.conductor = conductor;
    this.views = views;
  }

  /** Where {@code start}, {@code failed} or the path of a step says that a rerun begins. */
  public static Event.From from(String text) {
    return switch (text) {
      case "start" -> new Event.From.Start();
      case "failed" -> new Event.From.Failed();
      default -> new Event.From.Of(text);
    };
  }

  /** Asks a run to go on; asking twice is harmless. */
  public Uni<Result> rerun(UUID run, Event.From from, String by) {
    return views
        .run(run)
        // Its graph may have to be compiled again.
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .chain(
            view ->
                view.isEmpty()
                    ? Uni.createFrom().item(new Unknown())
                    : rerun(view.get(), from, by));
  }

  private Uni<Result> rerun(RunView view, Event.From from, String by) {
    if (!isOver(view)) {
      return Uni.createFrom().item(new NotOver(view.id(), view.status(), view.attempt()));
    }
    Optional<String> problem =
        from instanceof Event.From.Of of
            ? problem(view, conductor.graphs().get(view.graph()), of.step())
            : Optional.empty();
    if (problem.isPresent()) {
      return Uni.createFrom().item(new Refused(problem.get()));
    }
    return conductor
        .submit(view.id(), new Event.Rerun(from, by))
        .chain(
            reaction ->
                reaction.verdict() == Verdict.ACCEPTED
                    ? Uni.createFrom().item(new Restarted(view.id(), view.attempt() + 1))
                    : unchanged(view.id()));
  }

  /** Somebody else was faster, or there is nothing to run again. */
  private Uni<Result> unchanged(UUID run) {
    return views
        .run(run)
        .map(
            view ->
                view.isPresent() && !isOver(view.get())
                    ? new NotOver(run, view.get().status(), view.get().attempt())
                    : new Refused(
                        "nothing in the run failed, so there is nothing to go on from; use 'start'"
                            + " or a step"));
  }

  /** Whether it has ended, or has failed and waits to go on by itself: a person may be faster. */
  private static boolean isOver(RunView view) {
    boolean waits = view.reason() != null && "auto_rerun".equals(view.reason().get("code"));
    return waits || RunStatus.of(view.status()).map(RunStatus::isTerminal).orElse(false);
  }

  private static Optional<String> problem(RunView view, Graph graph, String step) {
    Map<String, RunView.StepView> rows =
        view.steps().stream()
            .collect(Collectors.toMap(RunView.StepView::path, Function.identity()));
    RunView.StepView row = rows.get(step);
    if (row == null) {
      return graph.byId(step).isPresent() && !step.contains("[*]")
          ? Optional.empty()
          : Optional.of(
              "the run has no step '" + step + "'; its steps are in the answer to GET on the run");
    }
    for (RunView.StepView up = rows.get(row.parent()); up != null; up = rows.get(up.parent())) {
      Node node = graph.node(up.node());
      if (node.shape() instanceof Shape.Race && up.status().equals("succeeded")) {
        return Optional.of(
            "'"
                + step
                + "' is in the race '"
                + up.path()
                + "', which is won and is not opened again; rerun from '"
                + up.path()
                + "' to race anew");
      }
    }
    return Optional.empty();
  }
}
