package dev.fanfare.conductor;

import dev.fanfare.engine.Decision;
import dev.fanfare.invoke.Activity;
import dev.fanfare.store.SemaphoreStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Has locks and slots granted after the commits that ask for them or give them back.
 *
 * <p>One transaction at a time, for all keys that have come up meanwhile: many who ask for one lock
 * at once cost a few grants and not one each. What a process that dies has not granted, the sweep
 * of any other finds.
 */
final class Grants {

  private static final Logger LOG = System.getLogger(Grants.class.getName());

  /** Most keys of one transaction: each costs the server a lock. */
  private static final int BATCH = 64;

  private static final int SWEPT = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final SemaphoreStore store;
  private final Alarm timers;
  private final Activity activity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Set<SemaphoreStore.Key> wanted = new LinkedHashSet<>();
  private boolean busy;

  /**
   * @param timers is told of the timers that grants set
   * @param activity counts the grants under way
   */
  Grants(SemaphoreStore store, Alarm timers, Activity activity) {
    this.store = store;
    this.timers = timers;
    this.activity = activity;
  }

  /** A committed decision asks for something. */
  void asked(Decision.Acquire acquire) {
    add(List.of(new SemaphoreStore.Key(acquire.scope(), acquire.key())));
  }

  /** A committed decision gives something back. */
  void released(Decision.Release release) {
    add(List.of(new SemaphoreStore.Key(release.scope(), release.key())));
  }

  /** Grants what a dead process has left. Blocks. */
  void sweep() {
    Set<SemaphoreStore.Key> before = Set.of();
    while (true) {
      Set<SemaphoreStore.Key> stuck = Set.copyOf(store.stuck(SWEPT).await().atMost(PATIENCE));
      add(stuck);
      if (stuck.size() < SWEPT || stuck.equals(before) || !awaitIdle()) {
        return;
      }
      before = stuck;
    }
  }

  /** Waits until what has come up is granted, so that nobody has to wait for the sweep. */
  void close() {
    awaitIdle();
    lock.lock();
    try {
      wanted.clear();
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitIdle() {
    lock.lock();
    try {
      long left = LONGEST_PAUSE.toNanos();
      while (busy && left > 0) {
        left = idle.awaitNanos(left);
      }
      return !busy;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void add(Collection<SemaphoreStore.Key> keys) {
    List<SemaphoreStore.Key> batch;
    lock.lock();
    try {
      wanted.addAll(keys);
      batch = busy ? List.of() : take();
    } finally {
      lock.unlock();
    }
    grant(batch);
  }

  /** What is granted next; the caller has the lock. */
  private List<SemaphoreStore.Key> take() {
    List<SemaphoreStore.Key> batch = wanted.stream().limit(BATCH).toList();
    batch.forEach(wanted::remove);
    busy = !batch.isEmpty();
    if (!busy) {
      idle.signalAll();
    }
    return batch;
  }

  private void grant(List<SemaphoreStore.Key> batch) {
    if (batch.isEmpty()) {
      return;
    }
    activity.enter();
    store
        .grant(batch)
        .onFailure(Transients::isTransient)
        .retry()
        .withBackOff(SHORTEST_PAUSE, LONGEST_PAUSE)
        .atMost(Transients.TRIES)
        .subscribe()
        .with(
            count -> {
              granted(count);
              activity.leave();
            },
            failure -> {
              failed(failure);
              activity.leave();
            });
  }

  private void granted(int count) {
    if (count > 0) {
      timers.wakeIn(Duration.ZERO);
    }
    next();
  }

  private void failed(Throwable failure) {
    LOG.log(Level.WARNING, "locks were not granted, the sweep will: {0}", failure.getMessage());
    next();
  }

  private void next() {
    List<SemaphoreStore.Key> batch;
    lock.lock();
    try {
      batch = take();
    } finally {
      lock.unlock();
    }
    grant(batch);
  }
}
