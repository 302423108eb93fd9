package dev.fanfare.local;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Ctrl-C and its kin (INT, TERM, HUP): the command at work is told, comes to its own end, and the
 * process ends with the exit code of that end.
 *
 * <p>The virtual machine meets a signal by running its shutdown hooks while all other threads go
 * on. The hook of this class holds that shutdown back until the main thread has finished, so that a
 * cancelled run is stored, its processes are stopped and the database is left in order. It waits no
 * longer than {@link #PATIENCE}: then the process ends as it is, and the next start repairs.
 */
public final class Interruption {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final AtomicReference<Runnable> reaction = new AtomicReference<>(Interruption::nothing);
  private final CompletableFuture<Integer> end = new CompletableFuture<>();
  private volatile boolean interrupted;

  /** One that never comes: for tests and for embedding. */
  public Interruption() {}

  static Interruption installed() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(interruption::shutDown, "fanfare-interruption"));
    return interruption;
  }

  /**
   * What to do when a signal comes, until the next call. It must return at once; it is called at
   * once where the signal has come already.
   */
  public void react(Runnable action) {
    reaction.set(action);
    if (interrupted) {
      action.run();
    }
  }

  /** Whether a signal has come. */
  public boolean isInterrupted() {
    return interrupted;
  }

  /** Lets go of a shutdown that waits. */
  void finished(int exitCode) {
    end.complete(exitCode);
  }

  private static void nothing() {}

  private void shutDown() {
    if (end.isDone()) {
      return;
    }
    interrupted = true;
    reaction.get().run();
    try {
      Runtime.getRuntime().halt(end.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      Runtime.getRuntime().halt(ExitCode.CANCELLED);
    }
  }
}
