package dev.fanfare.conductor;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** What is done now and then, on a thread of its own. */
final class Chores {

  private static final Logger LOG = System.getLogger(Chores.class.getName());

  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("fanfare-leases").unstarted(task));
  private final ReentrantLock atWork = new ReentrantLock();
  private final List<Future<?>> chores = new ArrayList<>();

  /** Does something again and again, each time after this long. */
  synchronized void every(Duration pause, Runnable chore) {
    long nanos = pause.toNanos();
    chores.add(
        clockwork.scheduleWithFixedDelay(
            () -> {
              atWork.lock();
              try {
                guarded(chore);
              } finally {
                atWork.unlock();
              }
            },
            nanos,
            nanos,
            TimeUnit.NANOSECONDS));
  }

  /** Does nothing more, and waits for what is being done, at most this long. */
  void stop(Duration limit) {
    cancel();
    try {
      if (atWork.tryLock(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS)) {
        atWork.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void cancel() {
    chores.forEach(chore -> chore.cancel(false));
    chores.clear();
  }

  void close() {
    cancel();
    clockwork.shutdownNow();
  }

  static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "leases and grants could not be looked after, trying again: {0}",
          e.getMessage());
    }
  }
}
