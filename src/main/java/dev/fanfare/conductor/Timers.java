package dev.fanfare.conductor;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes runs whose timers have come due, in a process that lives on.
 *
 * <p>One thread that sleeps until the next timer. The database's clock says what is due; the clock
 * here only says when to ask. It asks every sweep interval in any case, so a timer that another
 * process set, or that this one forgot, is late by that at most.
 */
final class Timers implements Alarm, Runnable {

  private static final Logger LOG = System.getLogger(Timers.class.getName());

  /** A timer that could not be decided is not tried again and again at once. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final DueTimers due;
  private final Duration sweep;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition sooner = lock.newCondition();
  private long wakeAt = System.nanoTime();
  private boolean closed;

  Timers(DueTimers due, Duration sweep) {
    this.due = due;
    this.sweep = sweep;
  }

  @Override
  public void wakeIn(Duration after) {
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
    DueTimers.Fired fired = due.fire();
    Duration earliest = fired.all() ? Duration.ZERO : AFTER_FAILURE;
    if (fired.more()) {
      wakeIn(earliest);
    } else {
      due.next().ifPresent(next -> wakeIn(next.compareTo(earliest) < 0 ? earliest : next));
    }
  }
}
