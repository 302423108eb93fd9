package dev.fanfare.conductor;

import dev.fanfare.engine.Context;
import dev.fanfare.engine.Engine;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Reply;
import dev.fanfare.engine.RunState;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.RunLedger;
import dev.fanfare.store.RunReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Stores runs together with what their start decides, many in one statement. */
final class NewRuns {

  private static final Logger LOG = System.getLogger(NewRuns.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RunLedger ledger;
  private final RunReader reader;
  private final GraphStore graphStore;
  private final Followed followed;

  /** A run that is to be stored, and the decision about its start. */
  private record Fresh(LaneTask.Create task, Known run, Reply.Decided decided) {
    RunLedger.NewRun newRun() {
      return new RunLedger.NewRun(task.graph().hash(), task.key(), decided);
    }
  }

  /** What follows the commit of a run's start. */
  @FunctionalInterface
  interface Followed {
    void by(UUID id, Known run, Reply.Decided decided);
  }

  NewRuns(RunLedger ledger, RunReader reader, GraphStore graphStore, Followed followed) {
    this.ledger = ledger;
    this.reader = reader;
    this.graphStore = graphStore;
    this.followed = followed;
  }

  /** Stores runs, starts them and answers. */
  void create(List<LaneTask.Create> tasks) {
    if (tasks.isEmpty()) {
      return;
    }
    List<Fresh> fresh = tasks.stream().map(NewRuns::decided).toList();
    Set<UUID> stored;
    try {
      stored = store(fresh.stream().map(Fresh::newRun).toList());
    } catch (RuntimeException e) {
      if (tasks.size() == 1 || Transients.isTransient(e)) {
        throw e;
      }
      // One of them cannot be stored: the others shall not suffer for it.
      tasks.forEach(this::createAlone);
      return;
    }
    for (Fresh each : fresh) {
      UUID id = each.task().run();
      if (stored.contains(id)) {
        each.task().answer().complete(new Conductor.Started(id, true));
        followed.by(id, each.run(), each.decided());
      } else {
        existing(each.task());
      }
    }
  }

  private static Fresh decided(LaneTask.Create task) {
    Known run = new Known(task.graph().graph(), RunState.fresh(task.facts()));
    List<Event> start = List.of(new Event.Start());
    return switch (Engine.decide(
        run.graph(), run.state(), start, Context.OUTSIDE.with(Entropy.next()))) {
      case Reply.Decided decided -> new Fresh(task, run, decided);
      case Reply.Needs needs ->
          throw new IllegalStateException("a new run has no steps to load, yet " + needs);
      case Reply.NeedsAll ignored ->
          throw new IllegalStateException("a new run has no steps to load");
    };
  }

  private void createAlone(LaneTask.Create task) {
    try {
      create(List.of(task));
    } catch (RuntimeException | Error e) {
      task.fail(e);
    }
  }

  /**
   * Stores new runs; a try whose answer was lost may have stored them, and then its decision
   * counts.
   */
  private Set<UUID> store(List<RunLedger.NewRun> runs) {
    Set<UUID> stored = new HashSet<>();
    for (int attempt = 1; ; attempt++) {
      try {
        if (attempt > 1) {
          List<UUID> ids = runs.stream().map(run -> run.decided().run().facts().id()).toList();
          stored.addAll(reader.existing(ids).await().atMost(PATIENCE));
        }
        List<RunLedger.NewRun> missing =
            runs.stream()
                .filter(run -> !stored.contains(run.decided().run().facts().id()))
                .toList();
        if (!missing.isEmpty()) {
          stored.addAll(ledger.create(missing).await().atMost(PATIENCE));
        }
        return stored;
      } catch (RuntimeException e) {
        boolean lateTwin = attempt > 1 && Transients.isDuplicate(e);
        if (attempt == Transients.TRIES || !(lateTwin || Transients.isTransient(e))) {
          throw e;
        }
        LOG.log(Level.WARNING, "storing runs failed, trying again: {0}", e.getMessage());
        Transients.pause(attempt);
      }
    }
  }

  private void existing(LaneTask.Create task) {
    Optional<UUID> existing =
        task.key()
            .flatMap(
                key ->
                    Transients.answer(() -> graphStore.runWithKey(task.facts().workflow(), key)));
    if (existing.isPresent()) {
      task.answer().complete(new Conductor.Started(existing.get(), false));
    } else {
      task.fail(new IllegalStateException("the run was not stored"));
    }
  }
}
