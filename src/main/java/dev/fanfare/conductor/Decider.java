package dev.fanfare.conductor;

import dev.fanfare.engine.Event;
import dev.fanfare.engine.Reply;
import dev.fanfare.engine.Verdict;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.store.InboxStore.Letter;
import dev.fanfare.store.RunLedger;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Decides about events of runs, commits what was decided, and does what follows: remembers the run,
 * carries out effects, answers those who asked.
 */
final class Decider {

  private static final Logger LOG = System.getLogger(Decider.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RunLedger ledger;
  private final Memory memory;
  private final Values values;
  private final Effects effects;

  Decider(RunLedger ledger, Memory memory, Values values, Effects effects) {
    this.ledger = ledger;
    this.memory = memory;
    this.values = values;
    this.effects = effects;
  }

  /**
   * The decision about some events of a run; empty if there is no such run. What a process
   * remembers may be old. A commit finds that out by the version; a decision that changes nothing
   * is not committed, so it counts only if it was taken on what is stored now.
   */
  Optional<Pending> decide(UUID id, List<LaneTask.Submit> tasks) {
    boolean remembered = memory.has(id);
    Optional<Pending> decided =
        memory.load(id).map(run -> decide(id, run, tasks, List.of(), Set.of()));
    if (remembered && decided.isPresent() && decided.get().changesNothing()) {
      memory.forget(id);
      return decide(id, tasks);
    }
    return decided;
  }

  /** The decision about events of a run that was read. */
  Pending decide(
      UUID id, Known run, List<LaneTask.Submit> tasks, List<Letter> others, Set<UUID> own) {
    Reply.Decided decided = memory.decide(run, events(run, tasks, others));
    return new Pending(id, run, tasks, others, own, decided);
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

  /** Commits decisions; yields the runs that nobody else has moved meanwhile. */
  Set<UUID> commit(List<Pending> pending) {
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

  /** What follows the commit of events. */
  void settle(Pending pending) {
    try {
      memory.committed(pending.run(), pending.known(), pending.decided());
      answer(pending, act(pending.run(), pending.known(), pending.decided()));
    } catch (RuntimeException | Error e) {
      unfinished(pending.run(), e);
      pending.tasks().forEach(task -> task.fail(e));
    }
  }

  /** What follows the commit of a new run. */
  void follow(UUID id, Known run, Reply.Decided decided) {
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

  /**
   * Answers those who sent the events.
   *
   * @param inPlace orders of steps to be done in place, by their paths
   */
  void answer(Pending pending, Map<String, WorkOrder> inPlace) {
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
