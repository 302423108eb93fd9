package dev.fanfare.conductor;

import dev.fanfare.engine.Event;
import dev.fanfare.engine.Reply;
import dev.fanfare.engine.Verdict;
import dev.fanfare.invoke.Activity;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.secret.Vault;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.RunLedger;
import dev.fanfare.store.RunReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One thread that decides and commits for its share of the runs.
 *
 * <p>Takes all that has come in, decides run by run, commits everything in one statement, then
 * acts. While it waits for the commit the next batch gathers.
 */
final class Lane implements Runnable {

  private static final Logger LOG = System.getLogger(Lane.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Most commits of others that may come before ours: each of them is somebody's progress. */
  private static final int CONFLICTS = 200;

  private final RunLedger ledger;
  private final Effects effects;
  private final Memory memory;
  private final Values values;
  private final NewRuns newRuns;
  private final int maxBatch;
  private final Activity activity;
  private final BlockingQueue<LaneTask> queue = new LinkedBlockingQueue<>();
  private volatile boolean closed;
  private volatile boolean ended;

  /** Events of one run that are decided together. */
  private record Pending(
      UUID run, Known known, List<LaneTask.Submit> tasks, Reply.Decided decided) {
    RunLedger.Advance advance(Values values) {
      return new RunLedger.Advance(run, values.stored(run, decided));
    }

    boolean changesNothing() {
      return decided.notes().isEmpty()
          && decided.steps().isEmpty()
          && decided.decisions().isEmpty();
    }
  }

  Lane(
      RunLedger ledger,
      RunReader reader,
      GraphStore graphStore,
      Graphs graphs,
      Vault vault,
      Values values,
      Effects effects,
      Settings settings,
      Activity activity) {
    this.activity = activity;
    this.ledger = ledger;
    this.effects = effects;
    this.memory = new Memory(reader, graphs, vault, values, settings.images());
    this.values = values;
    this.newRuns = new NewRuns(ledger, reader, graphStore, this::follow);
    this.maxBatch = settings.batch();
  }

  void add(LaneTask task) {
    activity.enter();
    queue.add(task);
    if (ended) {
      failQueued();
    }
  }

  private void failQueued() {
    List<LaneTask> late = new ArrayList<>();
    queue.drainTo(late);
    late.forEach(task -> task.fail(new ShutDownException()));
    late.forEach(task -> activity.leave());
  }

  void close() {
    closed = true;
  }

  @Override
  public void run() {
    try {
      loop();
    } finally {
      ended = true;
      failQueued();
    }
  }

  private void loop() {
    List<LaneTask> batch = new ArrayList<>();
    while (!closed || !queue.isEmpty()) {
      try {
        LaneTask first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        queue.drainTo(batch, maxBatch);
        work(batch);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        batch.forEach(task -> activity.leave());
        batch.clear();
      }
    }
  }

  private void work(List<LaneTask> batch) {
    List<LaneTask.Create> creates = new ArrayList<>();
    Map<UUID, List<LaneTask.Submit>> submits = new LinkedHashMap<>();
    for (LaneTask task : batch) {
      switch (task) {
        case LaneTask.Create create -> creates.add(create);
        case LaneTask.Submit submit ->
            submits.computeIfAbsent(submit.run(), ignored -> new ArrayList<>()).add(submit);
      }
    }
    try {
      newRuns.create(creates);
    } catch (RuntimeException | Error e) {
      creates.forEach(task -> task.fail(e));
    }
    try {
      submit(submits);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.WARNING, "events could not be committed", e);
      submits.values().forEach(tasks -> tasks.forEach(task -> task.fail(e)));
      submits.keySet().forEach(memory::forget);
    }
  }

  private void submit(Map<UUID, List<LaneTask.Submit>> byRun) {
    Map<UUID, List<LaneTask.Submit>> left = new LinkedHashMap<>(byRun);
    for (int attempt = 1; !left.isEmpty(); attempt++) {
      List<Pending> pending = decideAll(left);
      if (pending.isEmpty()) {
        return;
      }
      Set<UUID> stored;
      try {
        stored = commit(pending);
      } catch (RuntimeException e) {
        apart(left, e);
        return;
      }
      for (Pending each : pending) {
        if (stored.contains(each.run())) {
          left.remove(each.run());
          settle(each);
        } else {
          // Another process has moved the run: forget, read again, decide again.
          memory.forget(each.run());
        }
      }
      if (attempt == CONFLICTS && !left.isEmpty()) {
        ContendedException contended = new ContendedException();
        left.values().forEach(tasks -> tasks.forEach(task -> task.fail(contended)));
        return;
      }
      if (attempt > Transients.TRIES && !left.isEmpty()) {
        Transients.pauseBriefly();
      }
    }
  }

  /** What cannot be committed together is tried apart, so that one bad event harms no other. */
  private void apart(Map<UUID, List<LaneTask.Submit>> left, RuntimeException failure) {
    left.keySet().forEach(memory::forget);
    List<LaneTask.Submit> tasks = left.values().stream().flatMap(List::stream).toList();
    if (tasks.size() == 1 || Transients.isTransient(failure)) {
      LOG.log(
          Level.WARNING,
          "{0} events could not be committed: {1}",
          tasks.size(),
          failure.toString());
      tasks.forEach(task -> task.fail(failure));
      return;
    }
    tasks.forEach(task -> submit(Map.of(task.run(), List.of(task))));
  }

  private Set<UUID> commit(List<Pending> pending) {
    List<RunLedger.Advance> advances = pending.stream().map(each -> each.advance(values)).toList();
    for (int attempt = 1; ; attempt++) {
      try {
        return ledger.advance(advances).await().atMost(PATIENCE);
      } catch (RuntimeException e) {
        // Whether it was stored is unknown: the versions tell when it is tried again.
        if (attempt == Transients.TRIES || !Transients.isTransient(e)) {
          throw e;
        }
        LOG.log(Level.WARNING, "commit failed, trying again: {0}", e.getMessage());
        Transients.pause(attempt);
      }
    }
  }

  private List<Pending> decideAll(Map<UUID, List<LaneTask.Submit>> byRun) {
    List<Pending> pending = new ArrayList<>();
    for (Map.Entry<UUID, List<LaneTask.Submit>> entry : List.copyOf(byRun.entrySet())) {
      UUID id = entry.getKey();
      List<LaneTask.Submit> tasks = entry.getValue();
      try {
        Optional<Pending> decided = decideOne(id, tasks);
        if (decided.isEmpty()) {
          byRun.remove(id);
          tasks.forEach(task -> task.fail(new UnknownRunException(id)));
        } else if (decided.get().changesNothing()) {
          byRun.remove(id);
          answer(decided.get(), Map.of());
          memory.forgetIfIdle(id, decided.get().known());
        } else {
          pending.add(decided.get());
        }
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "run " + id + " could not be decided", e);
        memory.forget(id);
        byRun.remove(id);
        tasks.forEach(task -> task.fail(e));
      }
    }
    return pending;
  }

  /**
   * The decision about some events of a run; empty if there is no such run. What a process
   * remembers may be old. A commit finds that out by the version; a decision that changes nothing
   * is not committed, so it counts only if it was taken on what is stored now.
   */
  private Optional<Pending> decideOne(UUID id, List<LaneTask.Submit> tasks) {
    boolean remembered = memory.has(id);
    Optional<Pending> decided =
        memory
            .load(id)
            .map(run -> new Pending(id, run, tasks, memory.decide(run, events(run, tasks))));
    if (remembered && decided.isPresent() && decided.get().changesNothing()) {
      memory.forget(id);
      return decideOne(id, tasks);
    }
    return decided;
  }

  private List<Event> events(Known run, List<LaneTask.Submit> tasks) {
    List<Event> events = new ArrayList<>(tasks.size());
    for (LaneTask.Submit task : tasks) {
      events.add(
          switch (task.event()) {
            case Event.Report report -> memory.withOutputs(run, report);
            case Event.ChildEnded ended -> memory.withOutputs(run, ended);
            case Event event -> memory.covered(run, event);
          });
    }
    return events;
  }

  private void settle(Pending pending) {
    try {
      memory.committed(pending.run(), pending.known(), pending.decided());
      answer(pending, act(pending.run(), pending.known(), pending.decided()));
    } catch (RuntimeException | Error e) {
      unfinished(pending.run(), e);
      pending.tasks().forEach(task -> task.fail(e));
    }
  }

  /** What follows the commit of a new run. */
  private void follow(UUID id, Known run, Reply.Decided decided) {
    try {
      memory.committed(id, run, decided);
      act(id, run, decided);
    } catch (RuntimeException | Error e) {
      unfinished(id, e);
    }
  }

  /** What did not follow a commit is found by the sweep. */
  private void unfinished(UUID id, Throwable failure) {
    LOG.log(Level.ERROR, "run " + id + " was decided, but not all that follows was done", failure);
    memory.forget(id);
  }

  /** What follows a commit; the result has the orders of steps to be done in place. */
  private Map<String, WorkOrder> act(UUID id, Known run, Reply.Decided decided) {
    Map<String, WorkOrder> inPlace = new HashMap<>();
    effects.carryOut(
        id,
        decided,
        (step, node, attempt) -> memory.order(run, step, run.graph().node(node), attempt),
        inPlace);
    return inPlace;
  }

  private void answer(Pending pending, Map<String, WorkOrder> inPlace) {
    // A decision names at most one continuation for each report that asked for one, in order.
    var continuations = inPlace.values().iterator();
    List<Verdict> verdicts = pending.decided().verdicts();
    for (int i = 0; i < verdicts.size(); i++) {
      LaneTask.Submit task = pending.tasks().get(i);
      Verdict verdict = verdicts.get(i);
      Optional<WorkOrder> order = Optional.empty();
      if (verdict == Verdict.ACCEPTED) {
        switch (task.event()) {
          case Event.Begin begin ->
              order = memory.order(pending.known(), begin.step(), begin.attempt());
          case Event.Report report when report.continues() && continuations.hasNext() ->
              order = Optional.of(continuations.next());
          case Event ignored -> {}
        }
      }
      task.answer().complete(new Reaction(verdict, order));
    }
  }
}
