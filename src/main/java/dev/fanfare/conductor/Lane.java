package dev.fanfare.conductor;

import dev.fanfare.engine.Context;
import dev.fanfare.engine.Engine;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Reply;
import dev.fanfare.engine.RunState;
import dev.fanfare.engine.StepRow;
import dev.fanfare.engine.Verdict;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.RunLedger;
import dev.fanfare.store.RunReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

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
  private final RunReader reader;
  private final GraphStore graphStore;
  private final Graphs graphs;
  private final Effects effects;
  private final int maxBatch;
  private final BlockingQueue<LaneTask> queue = new LinkedBlockingQueue<>();
  private final Map<UUID, Known> known = new HashMap<>();
  private volatile boolean closed;
  private volatile boolean ended;

  /** A run that is at work: its graph and its state after the last commit. */
  private record Known(Graph graph, RunState state) {}

  /** Events of one run that are decided together. */
  private record Pending(
      UUID run, Known known, List<LaneTask.Submit> tasks, Reply.Decided decided) {
    RunLedger.Advance advance() {
      return new RunLedger.Advance(run, decided);
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
      Effects effects,
      int maxBatch) {
    this.ledger = ledger;
    this.reader = reader;
    this.graphStore = graphStore;
    this.graphs = graphs;
    this.effects = effects;
    this.maxBatch = maxBatch;
  }

  void add(LaneTask task) {
    queue.add(task);
    if (ended) {
      failQueued();
    }
  }

  private void failQueued() {
    List<LaneTask> late = new ArrayList<>();
    queue.drainTo(late);
    late.forEach(task -> task.fail(new ShutDownException()));
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
      create(creates);
    } catch (RuntimeException | Error e) {
      creates.forEach(task -> task.fail(e));
    }
    try {
      submit(submits);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.WARNING, "events could not be committed", e);
      submits.values().forEach(tasks -> tasks.forEach(task -> task.fail(e)));
      submits.keySet().forEach(known::remove);
    }
  }

  // --- new runs

  private void create(List<LaneTask.Create> tasks) {
    if (tasks.isEmpty()) {
      return;
    }
    Map<UUID, Known> fresh = new HashMap<>();
    List<RunLedger.NewRun> runs = new ArrayList<>();
    Map<UUID, Reply.Decided> decisions = new HashMap<>();
    for (LaneTask.Create task : tasks) {
      Known run = new Known(task.graph().graph(), RunState.fresh(task.facts()));
      Reply.Decided decided = decide(run, List.of(new Event.Start()), Context.OUTSIDE);
      fresh.put(task.run(), run);
      decisions.put(task.run(), decided);
      runs.add(new RunLedger.NewRun(task.graph().hash(), task.key(), decided));
    }
    Set<UUID> stored;
    try {
      stored = store(runs);
    } catch (RuntimeException e) {
      if (tasks.size() == 1 || Transients.isTransient(e)) {
        throw e;
      }
      // One of them cannot be stored: the others shall not suffer for it.
      tasks.forEach(task -> createAlone(task));
      return;
    }
    for (LaneTask.Create task : tasks) {
      if (stored.contains(task.run())) {
        Known run = java.util.Objects.requireNonNull(fresh.get(task.run()));
        Reply.Decided decided = java.util.Objects.requireNonNull(decisions.get(task.run()));
        task.answer().complete(new Conductor.Started(task.run(), true));
        try {
          committed(task.run(), run, decided);
          act(task.run(), run, decided);
        } catch (RuntimeException | Error e) {
          unfinished(task.run(), e);
        }
      } else {
        existing(task);
      }
    }
  }

  private void createAlone(LaneTask.Create task) {
    try {
      create(List.of(task));
    } catch (RuntimeException e) {
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

  // --- events

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
          known.remove(each.run());
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
    left.keySet().forEach(known::remove);
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
    List<RunLedger.Advance> advances = pending.stream().map(Pending::advance).toList();
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
          forgetIfIdle(id, decided.get().known());
        } else {
          pending.add(decided.get());
        }
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "run " + id + " could not be decided", e);
        known.remove(id);
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
    boolean remembered = known.containsKey(id);
    Optional<Pending> decided =
        load(id)
            .map(
                run ->
                    new Pending(id, run, tasks, decide(run, events(run, tasks), Context.REPORT)));
    if (remembered && decided.isPresent() && decided.get().changesNothing()) {
      known.remove(id);
      return decideOne(id, tasks);
    }
    return decided;
  }

  private List<Event> events(Known run, List<LaneTask.Submit> tasks) {
    List<Event> events = new ArrayList<>(tasks.size());
    for (LaneTask.Submit task : tasks) {
      events.add(
          task.event() instanceof Event.Report report ? withOutputs(run, report) : task.event());
    }
    return events;
  }

  private Event.Report withOutputs(Known run, Event.Report report) {
    return node(run, report.step())
        .map(
            node ->
                loading(
                    run,
                    () ->
                        new Event.Report(
                            report.step(),
                            report.attempt(),
                            Orders.computed(
                                run.graph(), run.state(), report.step(), node, report.outcome()),
                            report.cost(),
                            report.continues())))
        .orElse(report);
  }

  private Optional<Node> node(Known run, String path) {
    return run.state().step(path).map(row -> run.graph().node(row.node()));
  }

  private Reply.Decided decide(Known run, List<Event> events, Context context) {
    while (true) {
      switch (Engine.decide(run.graph(), run.state(), events, context)) {
        case Reply.Decided decided -> {
          return decided;
        }
        case Reply.Needs needs -> fetch(run, needs.paths());
      }
    }
  }

  private void fetch(Known run, Set<String> paths) {
    UUID id = run.state().run().facts().id();
    List<StepRow> rows = Transients.answer(() -> reader.steps(id, paths));
    run.state().add(paths, rows);
  }

  /** Does something that reads a run's state, loading rows as it turns out to need them. */
  private <T> T loading(Known run, Supplier<T> reading) {
    while (true) {
      try {
        return reading.get();
      } catch (RunState.MissingRows missing) {
        fetch(run, missing.paths());
      }
    }
  }

  private Optional<Known> load(UUID id) {
    Known run = known.get(id);
    if (run != null) {
      return Optional.of(run);
    }
    Optional<RunReader.Stored> stored = Transients.answer(() -> reader.load(id));
    Optional<Known> loaded =
        stored.map(found -> new Known(graphs.get(found.graph()), found.state()));
    loaded.ifPresent(found -> known.put(id, found));
    return loaded;
  }

  private void committed(UUID id, Known run, Reply.Decided decided) {
    run.state().apply(decided);
    known.put(id, run);
    forgetIfIdle(id, run);
  }

  /** A run in which nothing is at work costs no memory: the next event reads it again. */
  private void forgetIfIdle(UUID id, Known run) {
    if (run.state().run().active() == 0) {
      known.remove(id);
    }
  }

  private void settle(Pending pending) {
    try {
      committed(pending.run(), pending.known(), pending.decided());
      answer(pending, act(pending.run(), pending.known(), pending.decided()));
    } catch (RuntimeException | Error e) {
      unfinished(pending.run(), e);
      pending.tasks().forEach(task -> task.fail(e));
    }
  }

  /** What did not follow a commit is found by the sweep. */
  private void unfinished(UUID id, Throwable failure) {
    LOG.log(Level.ERROR, "run " + id + " was decided, but not all that follows was done", failure);
    known.remove(id);
  }

  /** What follows a commit; the result has the orders of steps to be done in place. */
  private Map<String, WorkOrder> act(UUID id, Known run, Reply.Decided decided) {
    Map<String, WorkOrder> inPlace = new HashMap<>();
    effects.carryOut(
        id,
        decided,
        (step, node, attempt) ->
            loading(
                run,
                () -> Orders.of(run.graph(), run.state(), step, run.graph().node(node), attempt)),
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
          case Event.Begin begin -> order = order(pending.known(), begin.step(), begin.attempt());
          case Event.Report report when report.continues() && continuations.hasNext() ->
              order = Optional.of(continuations.next());
          case Event ignored -> {}
        }
      }
      task.answer().complete(new Reaction(verdict, order));
    }
  }

  private Optional<WorkOrder> order(Known run, String step, int attempt) {
    return node(run, step)
        .map(node -> loading(run, () -> Orders.of(run.graph(), run.state(), step, node, attempt)));
  }
}
