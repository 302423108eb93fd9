package dev.fanfare.local;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.function.Explainer;
import dev.fanfare.function.RunName;
import dev.fanfare.store.EventStore;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.RunViews;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads the runs of this machine's database without moving any of them. */
public final class LocalRuns {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RunViews views;
  private final Explainer explainer;

  public LocalRuns(Pool pool) {
    this.views = new RunViews(pool);
    Graphs graphs = new Graphs(new GraphStore(pool));
    this.explainer = new Explainer(views, new EventStore(pool), graphs::get);
  }

  /**
   * Why a run, or a step of it, is where it is.
   *
   * @throws CommandException if there is no such run or step
   */
  public Map<String, Object> explain(String named, Optional<String> step) throws CommandException {
    UUID run = id(views, named);
    try {
      return explainer
          .explain(run, step)
          .await()
          .atMost(PATIENCE)
          .orElseThrow(() -> CommandException.usage("there is no run " + run));
    } catch (Explainer.UnknownStepException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  /** The one run that a whole id, or the beginning of one, means. */
  static UUID id(RunViews views, String named) throws CommandException {
    RunName name =
        RunName.of(named)
            .orElseThrow(
                () ->
                    CommandException.usage(
                        "there is no run '"
                            + named
                            + "'; an id is a UUID, or the first 8 characters or more of one"));
    List<UUID> ids = views.idsBetween(name.first(), name.last()).await().atMost(PATIENCE);
    if (ids.size() != 1) {
      throw CommandException.usage(
          ids.isEmpty()
              ? "there is no run '" + named + "'"
              : "several runs begin with '" + named + "'; give more of the id");
    }
    return ids.getFirst();
  }
}
