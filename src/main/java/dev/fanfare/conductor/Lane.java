package dev.fanfare.conductor;

import dev.fanfare.engine.Event;
import dev.fanfare.engine.Reply;
import dev.fanfare.engine.Verdict;
import dev.fanfare.invoke.Activity;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.secret.Vault;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.InboxStore;
import dev.fanfare.store.InboxStore.Letter;
import dev.fanfare.store.RunLedger;
import dev.fanfare.store.RunReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /** After so many commits of others our events go to the run's inbox. */
  private static final int TO_INBOX = 2;

  private final RunLedger ledger;
  private final InboxStore inbox;
  private final Effects effects;
  private final Memory memory;
  private final Values values;
  private final NewRuns newRuns;
  private final int maxBatch;
  private final Activity activity;
  private final BlockingQueue<LaneTask> queue = new LinkedBlockingQueue<>();

  /** Runs that other processes move too: events go to their inboxes at once. */
  private final Set<UUID> contended = new HashSet<>();

  private volatile boolean closed;
  private volatile boolean ended;

  /** Events of one run that are decided together. */
  private record Pending(
      UUID run,
      Known known,
      List<LaneTask.Submit> tasks,
      List<Letter> others,
      Set<UUID> own,
      Reply.Decided decided) {
    RunLedger.Advance advance(Values values) {
      return new RunLedger.Advance(run, values.stored(run, decided), verdicts(), own);
    }

    /** Those on the letters of others, which were decided after our tasks. */
    Map<UUID, Verdict> verdicts() {
      Map<UUID, Verdict> verdicts = new HashMap<>();
      for (int i = 0; i < others.size(); i++) {
        verdicts.put(others.get(i).id(), decided.verdicts().get(tasks.size() + i));
      }
      return verdicts;
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
      InboxStore inbox,
      GraphStore graphStore,
      Graphs graphs,
      Vault vault,
      Values values,
      Effects effects,
      Settings settings,
      Activity activity) {
    this.activity = activity;
    this.ledger = ledger;
    this.inbox = inbox;
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
    Map<UUID, Letters> letters = new HashMap<>();
    for (LaneTask task : batch) {
      switch (task) {
        case LaneTask.Create create -> creates.add(create);
        case LaneTask.Submit submit ->
            submits.computeIfAbsent(submit.run(), ignored -> new ArrayList<>()).add(submit);
        case LaneTask.Drain drain -> {
          submits.computeIfAbsent(drain.run(), ignored -> new ArrayList<>());
          letters.computeIfAbsent(drain.run(), run -> new Letters(inbox, run));
        }
      }
    }
    try {
      newRuns.create(creates);
    } catch (RuntimeException | Error e) {
      creates.forEach(task -> task.fail(e));
    }
    try {
      submit(submits, letters);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.WARNING, "events could not be committed", e);
      submits.values().forEach(tasks -> tasks.forEach(task -> task.fail(e)));
      submits.keySet().forEach(memory::forget);
    }
  }

  private void submit(Map<UUID, List<LaneTask.Submit>> byRun, Map<UUID, Letters> letters) {
    Map<UUID, List<LaneTask.Submit>> left = new LinkedHashMap<>(byRun);
    for (UUID run : byRun.keySet()) {
      if (contended.contains(run)) {
        look(run, left, leave(run, left, letters));
      }
    }
    for (int attempt = 1; !left.isEmpty(); attempt++) {
      List<Pending> pending = decideAll(left, letters);
      Set<UUID> stored;
      try {
        stored = pending.isEmpty() ? Set.of() : commit(pending);
      } catch (RuntimeException e) {
        if (leaveOthersOut(pending, letters, e)) {
          continue;
        }
        letters.forEach((run, known) -> resolve(run, left, known.withdrawn()));
        apart(left, e);
        return;
      }
      for (Pending each : pending) {
        if (stored.contains(each.run())) {
          without(left, each.run(), each.tasks());
          settle(each);
          Letters known = letters.get(each.run());
          if (known != null) {
            known.done(each.tasks());
            if (each.others().isEmpty()) {
              contended.remove(each.run());
            }
          }
        } else {
          // Another process has moved the run: forget, read again, decide again.
          memory.forget(each.run());
        }
      }
      if (attempt == CONFLICTS && !left.isEmpty()) {
        letters.forEach((run, known) -> resolve(run, left, known.withdrawn()));
        ContendedException contended = new ContendedException();
        left.values().forEach(tasks -> tasks.forEach(task -> task.fail(contended)));
        return;
      }
      contend(left, letters, attempt);
    }
  }

  /** Leaves what others were faster than in the inboxes, and takes what they have decided. */
  private void contend(
      Map<UUID, List<LaneTask.Submit>> left, Map<UUID, Letters> letters, int attempt) {
    Optional<Letters> waiting = Optional.empty();
    for (UUID run : List.copyOf(left.keySet())) {
      Letters known = attempt >= TO_INBOX ? leave(run, left, letters) : letters.get(run);
      if (known != null) {
        look(run, left, known);
        waiting = left.containsKey(run) && !known.mayDecide() ? Optional.of(known) : waiting;
      }
    }
    waiting.ifPresent(Letters::pause);
  }

  private Letters leave(
      UUID run, Map<UUID, List<LaneTask.Submit>> left, Map<UUID, Letters> letters) {
    contended.add(run);
    Letters known = letters.computeIfAbsent(run, ignored -> new Letters(inbox, run));
    known.leave(left.getOrDefault(run, List.of()));
    return known;
  }

  private void look(UUID run, Map<UUID, List<LaneTask.Submit>> left, Letters known) {
    if (!known.mayDecide()) {
      resolve(run, left, known.look());
    }
  }

  /** Answers what others have decided for us; a step that was begun is read to be done. */
  private void resolve(
      UUID run, Map<UUID, List<LaneTask.Submit>> left, Map<LaneTask.Submit, Verdict> decided) {
    List<LaneTask.Submit> tasks = left.get(run);
    if (tasks == null || decided.isEmpty()) {
      return;
    }
    memory.forget(run);
    decided.forEach(
        (task, verdict) -> {
          try {
            Optional<WorkOrder> order =
                verdict == Verdict.ACCEPTED && task.event() instanceof Event.Begin begin
                    ? memory
                        .load(run)
                        .flatMap(known -> memory.order(known, begin.step(), begin.attempt()))
                    : Optional.empty();
            task.answer().complete(new Reaction(verdict, order));
          } catch (RuntimeException | Error e) {
            task.fail(e);
          }
        });
    without(left, run, decided.keySet());
  }

  /** Whether it may be a letter of somebody else's that cannot be stored; then without them. */
  private static boolean leaveOthersOut(
      List<Pending> pending, Map<UUID, Letters> letters, RuntimeException failure) {
    if (Transients.isTransient(failure)
        || pending.stream().allMatch(each -> each.others().isEmpty())) {
      return false;
    }
    LOG.log(Level.WARNING, "letters of others cannot be stored: {0}", failure.toString());
    pending.forEach(
        each -> {
          Letters known = letters.get(each.run());
          if (known != null) {
            known.leaveOthersOut();
          }
        });
    return true;
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
    tasks.forEach(task -> submit(Map.of(task.run(), List.of(task)), new HashMap<>()));
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

  private List<Pending> decideAll(
      Map<UUID, List<LaneTask.Submit>> byRun, Map<UUID, Letters> letters) {
    List<Pending> pending = new ArrayList<>();
    for (Map.Entry<UUID, List<LaneTask.Submit>> entry : List.copyOf(byRun.entrySet())) {
      UUID id = entry.getKey();
      List<LaneTask.Submit> tasks = entry.getValue();
      try {
        Letters known = letters.get(id);
        if (known != null && !known.mayDecide()) {
          continue;
        }
        if (known != null) {
          together(id, tasks, known, byRun).ifPresent(pending::add);
          continue;
        }
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
            .map(
                run ->
                    new Pending(
                        id,
                        run,
                        tasks,
                        List.of(),
                        Set.of(),
                        memory.decide(run, events(run, tasks, List.of()))));
    if (remembered && decided.isPresent() && decided.get().changesNothing()) {
      memory.forget(id);
      return decideOne(id, tasks);
    }
    return decided;
  }

  /**
   * The decision about our events of a contended run and all that lies in its inbox; empty where
   * there is nothing to commit. Verdicts that change nothing are left as they are only when the run
   * was read after the letters: nothing else would tell that what they speak of had come to be.
   */
  private Optional<Pending> together(
      UUID id,
      List<LaneTask.Submit> tasks,
      Letters letters,
      Map<UUID, List<LaneTask.Submit>> byRun) {
    for (boolean readAfter : new boolean[] {false, true}) {
      memory.forget(id);
      Optional<Letters.Round> before =
          readAfter ? Optional.of(letters.round(tasks)) : Optional.empty();
      Optional<Known> found = memory.load(id);
      if (found.isEmpty()) {
        byRun.remove(id);
        tasks.forEach(task -> task.fail(new UnknownRunException(id)));
        return Optional.empty();
      }
      Letters.Round round = before.orElseGet(() -> letters.round(tasks));
      if (round.tasks().isEmpty() && round.others().isEmpty()) {
        if (tasks.isEmpty()) {
          byRun.remove(id);
        }
        return Optional.empty();
      }
      Known run = found.get();
      Pending pending =
          new Pending(
              id,
              run,
              round.tasks(),
              round.others(),
              round.tasks().stream()
                  .filter(letters::has)
                  .map(letters::idOf)
                  .collect(Collectors.toSet()),
              memory.decide(run, events(run, round.tasks(), round.others())));
      if (!readAfter && !pending.changesNothing()) {
        return Optional.of(pending);
      }
      if (readAfter && pending.changesNothing()) {
        unchanged(pending, letters, byRun);
      }
    }
    return Optional.empty();
  }

  /** Our letters are answered by the next look at the inbox, where another may have been faster. */
  private void unchanged(Pending pending, Letters letters, Map<UUID, List<LaneTask.Submit>> byRun) {
    Map<UUID, Verdict> verdicts = pending.verdicts();
    List<LaneTask.Submit> done = new ArrayList<>();
    for (int i = 0; i < pending.tasks().size(); i++) {
      LaneTask.Submit task = pending.tasks().get(i);
      Verdict verdict = pending.decided().verdicts().get(i);
      if (letters.has(task)) {
        verdicts.put(letters.idOf(task), verdict);
      } else {
        task.answer().complete(new Reaction(verdict, Optional.empty()));
        done.add(task);
      }
    }
    letters.answer(verdicts);
    letters.done(List.of());
    without(byRun, pending.run(), done);
    memory.forgetIfIdle(pending.run(), pending.known());
  }

  /** What is left of a run when this is done. */
  private static void without(
      Map<UUID, List<LaneTask.Submit>> left, UUID run, Collection<LaneTask.Submit> done) {
    Set<LaneTask.Submit> gone = Set.copyOf(done);
    List<LaneTask.Submit> open =
        left.getOrDefault(run, List.of()).stream().filter(task -> !gone.contains(task)).toList();
    if (open.isEmpty()) {
      left.remove(run);
    } else {
      left.put(run, open);
    }
  }

  private List<Event> events(Known run, List<LaneTask.Submit> tasks, List<Letter> others) {
    List<Event> events = new ArrayList<>(tasks.size() + others.size());
    for (Event event :
        Stream.concat(
                tasks.stream().map(LaneTask.Submit::event), others.stream().map(Letter::event))
            .toList()) {
      events.add(
          switch (event) {
            case Event.Report report -> memory.withOutputs(run, report);
            case Event.ChildEnded ended -> memory.withOutputs(run, ended);
            case Event other -> memory.covered(run, other);
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
    for (int i = 0; i < pending.tasks().size(); i++) {
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
