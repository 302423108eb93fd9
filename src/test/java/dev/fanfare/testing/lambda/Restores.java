package dev.fanfare.testing.lambda;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Snapshots that were taken and not restored yet: while they are held, a process with SnapStart is
 * at the point from which Lambda would make its copies.
 */
public final class Restores {

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private final List<Runnable> waiting = new ArrayList<>();
  private boolean held;

  /** From now on nothing is restored. */
  public synchronized void hold() {
    held = true;
  }

  /** All that wait go on, and so does whatever comes. */
  public void release() {
    List<Runnable> all;
    synchronized (this) {
      held = false;
      all = List.copyOf(waiting);
      waiting.clear();
    }
    all.forEach(Runnable::run);
  }

  void ask(Runnable restored) {
    synchronized (this) {
      if (held) {
        waiting.add(restored);
        return;
      }
    }
    restored.run();
  }

  private synchronized int count() {
    return waiting.size();
  }

  /** Waits until so many processes are ready to be copied. */
  public void await(int snapshots) {
    long end = System.nanoTime() + PATIENCE;
    while (count() < snapshots) {
      if (System.nanoTime() > end) {
        throw new AssertionError("only " + count() + " of " + snapshots + " asked to be restored");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
