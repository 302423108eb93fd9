package dev.fanfare.conductor;

import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.store.InboxStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Events of some runs on their way into the database: decided run by run, committed together, and
 * decided again where another process was faster. Those that lose too often go through the runs'
 * inboxes.
 */
final class Batch {

  private static final Logger LOG = System.getLogger(Batch.class.getName());

  /** Most commits of others that may come before ours: each of them is somebody's progress. */
  private static final int CONFLICTS = 200;

  /** After so many commits of others our events go to the run's inbox. */
  private static final int TO_INBOX = 2;

  private final Decider decider;
  private final Memory memory;
  private final InboxStore inbox;
  private final Set<UUID> contended;

  /** What is not answered yet, by run. */
  private final Map<UUID, List<LaneTask.Submit>> left;

  /** Runs whose inboxes are in use here. */
  private final Map<UUID, Letters> letters;

  /**
   * @param contended runs that other processes move too; kept from batch to batch
   * @param drained runs whose inboxes are to be emptied, whatever else there is
   */
  Batch(
      Decider decider,
      Memory memory,
      InboxStore inbox,
      Set<UUID> contended,
      Map<UUID, List<LaneTask.Submit>> events,
      Set<UUID> drained) {
    this.decider = decider;
    this.memory = memory;
    this.inbox = inbox;
    this.contended = contended;
    this.left = new LinkedHashMap<>(events);
    this.letters = new HashMap<>();
    drained.forEach(run -> letters.put(run, new Letters(inbox, run)));
  }

  /** One event of a batch that cannot be committed together. */
  private Batch(Batch all, LaneTask.Submit one) {
    this(
        all.decider,
        all.memory,
        all.inbox,
        all.contended,
        Map.of(one.run(), List.of(one)),
        Set.of());
  }

  /** Decides and commits until nothing is left, or fails what is. */
  void commit() {
    for (UUID run : List.copyOf(left.keySet())) {
      if (contended.contains(run)) {
        look(run, leave(run));
      }
    }
    for (int attempt = 1; !left.isEmpty(); attempt++) {
      List<Pending> pending = decideAll();
      Set<UUID> stored;
      try {
        stored = pending.isEmpty() ? Set.of() : decider.commit(pending);
      } catch (RuntimeException e) {
        if (leaveOthersOut(pending, e)) {
          continue;
        }
        letters.forEach((run, known) -> resolve(run, known.withdrawn()));
        apart(e);
        return;
      }
      for (Pending each : pending) {
        if (stored.contains(each.run())) {
          without(each.run(), each.tasks());
          decider.settle(each);
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
        letters.forEach((run, known) -> resolve(run, known.withdrawn()));
        ContendedException contended = new ContendedException();
        left.values().forEach(tasks -> tasks.forEach(task -> task.fail(contended)));
        return;
      }
      contend(attempt);
    }
  }

  /** Leaves what others were faster than in the inboxes, and takes what they have decided. */
  private void contend(int attempt) {
    Optional<Letters> waiting = Optional.empty();
    for (UUID run : List.copyOf(left.keySet())) {
      Letters known = attempt >= TO_INBOX ? leave(run) : letters.get(run);
      if (known != null) {
        look(run, known);
        waiting = left.containsKey(run) && !known.mayDecide() ? Optional.of(known) : waiting;
      }
    }
    waiting.ifPresent(Letters::pause);
  }

  private Letters leave(UUID run) {
    contended.add(run);
    Letters known = letters.computeIfAbsent(run, ignored -> new Letters(inbox, run));
    known.leave(left.getOrDefault(run, List.of()));
    return known;
  }

  private void look(UUID run, Letters known) {
    if (!known.mayDecide()) {
      resolve(run, known.look());
    }
  }

  /** Answers what others have decided for us; a step that was begun is read to be done. */
  private void resolve(UUID run, Map<LaneTask.Submit, Verdict> decided) {
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
    without(run, decided.keySet());
  }

  /** Whether it may be a letter of somebody else's that cannot be stored; then without them. */
  private boolean leaveOthersOut(List<Pending> pending, RuntimeException failure) {
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
  private void apart(RuntimeException failure) {
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
    tasks.forEach(task -> new Batch(this, task).commit());
  }

  private List<Pending> decideAll() {
    List<Pending> pending = new ArrayList<>();
    for (Map.Entry<UUID, List<LaneTask.Submit>> entry : List.copyOf(left.entrySet())) {
      UUID id = entry.getKey();
      List<LaneTask.Submit> tasks = entry.getValue();
      try {
        Letters known = letters.get(id);
        if (known != null && !known.mayDecide()) {
          continue;
        }
        if (known != null) {
          together(id, tasks, known).ifPresent(pending::add);
          continue;
        }
        Optional<Pending> decided = decider.decide(id, tasks);
        if (decided.isEmpty()) {
          left.remove(id);
          tasks.forEach(task -> task.fail(new UnknownRunException(id)));
        } else if (decided.get().changesNothing()) {
          left.remove(id);
          decider.answer(decided.get(), Map.of());
          memory.forgetIfIdle(id, decided.get().known());
        } else {
          pending.add(decided.get());
        }
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "run " + id + " could not be decided", e);
        memory.forget(id);
        left.remove(id);
        tasks.forEach(task -> task.fail(e));
      }
    }
    return pending;
  }

  /**
   * The decision about our events of a contended run and all that lies in its inbox; empty where
   * there is nothing to commit. Verdicts that change nothing are left as they are only when the run
   * was read after the letters: nothing else would tell that what they speak of had come to be.
   */
  private Optional<Pending> together(UUID id, List<LaneTask.Submit> tasks, Letters inbox) {
    for (boolean readAfter : new boolean[] {false, true}) {
      memory.forget(id);
      Optional<Letters.Round> before =
          readAfter ? Optional.of(inbox.round(tasks)) : Optional.empty();
      Optional<Known> found = memory.load(id);
      if (found.isEmpty()) {
        left.remove(id);
        tasks.forEach(task -> task.fail(new UnknownRunException(id)));
        return Optional.empty();
      }
      Letters.Round round = before.orElseGet(() -> inbox.round(tasks));
      if (round.tasks().isEmpty() && round.others().isEmpty()) {
        if (tasks.isEmpty()) {
          left.remove(id);
        }
        return Optional.empty();
      }
      Pending pending =
          decider.decide(
              id,
              found.get(),
              round.tasks(),
              round.others(),
              round.tasks().stream()
                  .filter(inbox::has)
                  .map(inbox::idOf)
                  .collect(Collectors.toSet()));
      if (!readAfter && !pending.changesNothing()) {
        return Optional.of(pending);
      }
      if (readAfter && pending.changesNothing()) {
        unchanged(pending, inbox);
      }
    }
    return Optional.empty();
  }

  /** Our letters are answered by the next look at the inbox, where another may have been faster. */
  private void unchanged(Pending pending, Letters inbox) {
    Map<UUID, Verdict> verdicts = pending.verdicts();
    List<LaneTask.Submit> done = new ArrayList<>();
    for (int i = 0; i < pending.tasks().size(); i++) {
      LaneTask.Submit task = pending.tasks().get(i);
      Verdict verdict = pending.decided().verdicts().get(i);
      if (inbox.has(task)) {
        verdicts.put(inbox.idOf(task), verdict);
      } else {
        task.answer().complete(new Reaction(verdict, Optional.empty()));
        done.add(task);
      }
    }
    inbox.answer(verdicts);
    inbox.done(List.of());
    without(pending.run(), done);
    memory.forgetIfIdle(pending.run(), pending.known());
  }

  /** What is left of a run when this is done. */
  private void without(UUID run, Collection<LaneTask.Submit> done) {
    Set<LaneTask.Submit> gone = Set.copyOf(done);
    List<LaneTask.Submit> open =
        left.getOrDefault(run, List.of()).stream().filter(task -> !gone.contains(task)).toList();
    if (open.isEmpty()) {
      left.remove(run);
    } else {
      left.put(run, open);
    }
  }
}
