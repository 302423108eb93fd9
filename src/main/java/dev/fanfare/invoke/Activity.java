package dev.fanfare.invoke;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts what is under way in a process and nobody waits for: decisions, what follows them,
 * messages on their way out. A process that may be frozen at any moment waits until it is quiet.
 *
 * <p>Whatever starts something else enters for it before it leaves itself, so quiet is final until
 * somebody comes in from outside.
 */
public final class Activity {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition quiet = lock.newCondition();
  private long count;

  public void enter() {
    lock.lock();
    try {
      count++;
    } finally {
      lock.unlock();
    }
  }

  public void leave() {
    lock.lock();
    try {
      count--;
      if (count == 0) {
        quiet.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until nothing is under way.
   *
   * @return false if something still is after this long
   */
  public boolean awaitQuiet(Duration limit) {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (count > 0 && left > 0) {
        left = quiet.awaitNanos(left);
      }
      return count == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
