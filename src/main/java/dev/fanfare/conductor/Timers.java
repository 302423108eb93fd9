package dev.fanfare.conductor;

import dev.fanfare.store.DueStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Wakes runs whose timers have come due.
 *
 * <p>One thread that sleeps until the next timer. The database's clock says what is due; the clock
 * here only says when to ask. It asks every sweep interval in any case, so a timer that another
 * process set, or that this one forgot, is late by that at most.
 */
final class Timers implements Runnable {

  private static final Logger LOG = System.getLogger(Timers.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int BATCH = 1_000;

  private final DueStore store;
  private final Duration sweep;
  private final Function<DueStore.Timer, CompletableFuture<Reaction>> deliver;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition sooner = lock.newCondition();
  private long wakeAt = System.nanoTime();
  private boolean closed;

  Timers(
      DueStore store,
      Duration sweep,
      Function<DueStore.Timer, CompletableFuture<Reaction>> deliver) {
    this.store = store;
    this.sweep = sweep;
    this.deliver = deliver;
  }

  /** A timer was set that comes due after this long. */
  void wakeIn(Duration after) {
    lock.lock();
    try {
      long at =
          System.nanoTime()
              + Math.min(after.toNanosPart() + after.toSeconds() * 1_000_000_000L, sweep.toNanos());
      if (at - wakeAt < 0) {
        wakeAt = at;
        sooner.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      sooner.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    while (awaitNext()) {
      try {
        fire();
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "timers could not be read, trying again: {0}", e.getMessage());
        wakeIn(Duration.ofSeconds(1));
      }
    }
  }

  private boolean awaitNext() {
    lock.lock();
    try {
      long left = wakeAt - System.nanoTime();
      while (left > 0 && !closed) {
        left = sooner.awaitNanos(left);
        left = wakeAt - System.nanoTime();
      }
      wakeAt = System.nanoTime() + sweep.toNanos();
      return !closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void fire() {
    List<DueStore.Timer> due = store.due(BATCH).await().atMost(PATIENCE);
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    for (DueStore.Timer timer : due) {
      answers.add(
          deliver
              .apply(timer)
              .handle(
                  (reaction, failure) -> {
                    if (failure != null && failure.getCause() instanceof UnknownRunException
                        || failure instanceof UnknownRunException) {
                      store.drop(timer).await().atMost(PATIENCE);
                    }
                    return null;
                  }));
    }
    await(answers);
    if (due.size() == BATCH) {
      wakeIn(Duration.ZERO);
    } else {
      store.next().await().atMost(PATIENCE).ifPresent(this::wakeIn);
    }
  }

  private static void await(List<CompletableFuture<Void>> answers) {
    try {
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("timers were not decided in time", e);
    }
  }
}
