package dev.fanfare.function;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a server that wakes up at the next tick of a schedule.
 *
 * <p>The database's clock says what has come; the one here only says when to ask. It asks every
 * sweep interval in any case, for what other processes have registered.
 */
final class ScheduleClock implements AutoCloseable {

  private static final Logger LOG = System.getLogger(ScheduleClock.class.getName());
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private static final Duration BUSY = Duration.ofMillis(50);

  private final Schedules schedules;
  private final Duration sweep;
  private final Semaphore changed = new Semaphore(0);
  private @Nullable Thread thread;
  private volatile boolean closed;

  ScheduleClock(Schedules schedules, Duration sweep) {
    this.schedules = schedules;
    this.sweep = sweep;
  }

  synchronized void open() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("fanfare-schedules").start(this::run);
    }
  }

  /** Something was registered or resumed. */
  void wake() {
    changed.release();
  }

  private void run() {
    try {
      while (!closed) {
        Duration wait = look();
        if (changed.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
          changed.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration look() {
    try {
      Schedules.Looked looked = schedules.look();
      if (looked.failed() > 0) {
        return AFTER_FAILURE;
      }
      Duration next = schedules.next().orElse(sweep);
      // What is due still is being decided by another process.
      return next.isZero() ? BUSY : next.compareTo(sweep) < 0 ? next : sweep;
    } catch (RuntimeException e) {
      if (!closed) {
        LOG.log(Level.WARNING, "schedules could not be read, trying again: {0}", e.getMessage());
      }
      return AFTER_FAILURE;
    }
  }

  @Override
  public void close() {
    closed = true;
    wake();
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null) {
      try {
        running.join(TimeUnit.SECONDS.toMillis(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
