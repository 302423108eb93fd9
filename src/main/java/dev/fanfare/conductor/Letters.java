package dev.fanfare.conductor;

import dev.fanfare.engine.Verdict;
import dev.fanfare.store.InboxStore;
import dev.fanfare.store.InboxStore.Letter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What one lane has in the inbox of a run that other processes keep moving.
 *
 * <p>A process that has lost against others leaves its events there. One of those that did has the
 * turn: it decides all that lies there, so that each commit is a group commit across processes, and
 * the number of tries does not grow with the square of the processes. The others look for their
 * verdicts, which are stored in the transaction that moved the run, and for the turn.
 *
 * <p>The turn only saves work: what is decided is right without it, by the version of the run. One
 * that died with it delays the others for as long as a turn lasts. The letters of one that died are
 * decided with the next ones, or by the sweep.
 */
final class Letters {

  private static final Logger LOG = System.getLogger(Letters.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(6);
  private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Whoever has the turn and has not used it after this long is taken for dead. */
  private static final Duration TURN = Duration.ofSeconds(2);

  private final InboxStore store;
  private final UUID run;
  private final Map<LaneTask.Submit, UUID> own = new LinkedHashMap<>();
  private int waits;
  private boolean turn;
  private boolean looked;
  private boolean alone;

  Letters(InboxStore store, UUID run) {
    this.store = store;
    this.run = run;
  }

  /**
   * What is to be decided together.
   *
   * @param tasks our own: letters that are still open, and what cannot be one
   * @param others the letters of others
   */
  record Round(List<LaneTask.Submit> tasks, List<Letter> others) {}

  /** Leaves what can be left. */
  void leave(List<LaneTask.Submit> tasks) {
    List<Letter> letters = new ArrayList<>();
    for (LaneTask.Submit task : tasks) {
      if (InboxStore.takes(task.event()) && !own.containsKey(task)) {
        Letter letter = new Letter(UUID.randomUUID(), task.event());
        own.put(task, letter.id());
        letters.add(letter);
      }
    }
    if (!letters.isEmpty()) {
      Transients.answer(() -> store.leave(run, letters));
    }
  }

  /** Waits for others to decide our letters, longer each time. */
  void pause() {
    long most = Math.min(MOST_NANOS, LEAST_NANOS << Math.min(waits, 10));
    waits++;
    looked = false;
    LockSupport.parkNanos(most / 2 + ThreadLocalRandom.current().nextLong(most));
  }

  /** Our events that others have decided meanwhile; and it may be our turn to decide the others. */
  Map<LaneTask.Submit, Verdict> look() {
    if (own.isEmpty() || looked) {
      return Map.of();
    }
    looked = true;
    List<UUID> ids = List.copyOf(own.values());
    InboxStore.Look look = Transients.answer(() -> store.look(run, ids, TURN));
    turn |= look.turn();
    return byTask(look.verdicts());
  }

  /** Whether we may decide: it is our turn, or nothing of ours waits for one. */
  boolean mayDecide() {
    return turn || own.isEmpty();
  }

  /** Our events that others have decided; nothing of ours is left there after that. */
  Map<LaneTask.Submit, Verdict> withdrawn() {
    if (own.isEmpty()) {
      return Map.of();
    }
    List<UUID> ids = List.copyOf(own.values());
    return byTask(Transients.answer(() -> store.withdraw(run, ids)));
  }

  private Map<LaneTask.Submit, Verdict> byTask(Map<UUID, Verdict> verdicts) {
    Map<LaneTask.Submit, Verdict> decided = new LinkedHashMap<>();
    own.forEach(
        (task, id) -> {
          Verdict verdict = verdicts.get(id);
          if (verdict != null) {
            decided.put(task, verdict);
          }
        });
    decided.keySet().forEach(own::remove);
    return decided;
  }

  /**
   * What there is to decide. Read after the run: a letter that is open now was open then, or the
   * run has moved and the decision will not be committed.
   */
  Round round(List<LaneTask.Submit> tasks) {
    List<Letter> open = Transients.answer(() -> store.open(run));
    Map<UUID, Letter> others =
        open.stream()
            .collect(
                Collectors.toMap(
                    Letter::id, letter -> letter, (one, same) -> one, LinkedHashMap::new));
    List<LaneTask.Submit> ours = new ArrayList<>();
    for (LaneTask.Submit task : tasks) {
      UUID id = own.get(task);
      // More letters may be open than are read at once.
      if (id == null || others.remove(id) != null) {
        ours.add(task);
      }
    }
    others.keySet().removeAll(Set.copyOf(own.values()));
    if (alone) {
      others.clear();
    }
    return new Round(ours, List.copyOf(others.values()));
  }

  /** The turn was used, and these events of ours have their verdicts. */
  void done(List<LaneTask.Submit> tasks) {
    turn = false;
    looked = false;
    tasks.forEach(own::remove);
  }

  /** From now on only our own: one of the others cannot be stored, which is its sender's matter. */
  void leaveOthersOut() {
    alone = true;
  }

  UUID idOf(LaneTask.Submit task) {
    return own.getOrDefault(task, run);
  }

  boolean has(LaneTask.Submit task) {
    return own.containsKey(task);
  }

  /** Stores verdicts that changed nothing. */
  void answer(Map<UUID, Verdict> verdicts) {
    if (!verdicts.isEmpty()) {
      Transients.answer(() -> store.answer(run, verdicts));
    }
  }

  /** Finds the letters of processes that died, and removes what nobody takes away. */
  static void sweep(InboxStore store, Duration age, Duration oldest, Consumer<UUID> drain) {
    List<UUID> runs = store.orphaned(age).await().atMost(PATIENCE);
    if (!runs.isEmpty()) {
      LOG.log(Level.INFO, "{0} runs have letters whose senders are gone", runs.size());
    }
    runs.forEach(drain);
    store.forget(oldest).await().atMost(PATIENCE);
  }
}
