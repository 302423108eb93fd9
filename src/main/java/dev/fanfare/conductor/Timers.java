package dev.fanfare.conductor;

import dev.fanfare.engine.Verdict;
import dev.fanfare.store.DueStore;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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

  /** A timer that could not be decided is not tried again and again at once. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

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
    List<CompletableFuture<Boolean>> answers = new ArrayList<>();
    for (DueStore.Timer timer : due) {
      answers.add(
          Uni.createFrom()
              .completionStage(deliver.apply(timer))
              .onItemOrFailure()
              .transformToUni((reaction, failure) -> settled(timer, reaction, failure))
              .subscribeAsCompletionStage());
    }
    boolean all = await(answers);
    Duration earliest = all ? Duration.ZERO : AFTER_FAILURE;
    if (due.size() == BATCH) {
      wakeIn(earliest);
    } else {
      store
          .next()
          .await()
          .atMost(PATIENCE)
          .ifPresent(next -> wakeIn(next.compareTo(earliest) < 0 ? earliest : next));
    }
  }

  /**
   * Whether a timer is out of the way. The decision about it deletes it; one that no decision wants
   * is deleted here, or it would be read for ever. Never blocks: it goes on where the answer came.
   */
  private Uni<Boolean> settled(
      DueStore.Timer timer, @Nullable Reaction reaction, @Nullable Throwable failure) {
    boolean unwanted =
        cause(failure) instanceof UnknownRunException
            || (reaction != null && reaction.verdict() == Verdict.STALE);
    return unwanted
        ? store.drop(timer).replaceWith(true).onFailure().recoverWithItem(false)
        : Uni.createFrom().item(failure == null);
  }

  /** What follows something in a future has its failure wrapped. */
  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
  }

  private static boolean await(List<CompletableFuture<Boolean>> answers) {
    try {
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return answers.stream().allMatch(CompletableFuture::join);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("timers were not decided in time", e);
    }
  }
}
