package dev.fanfare.work;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads for work that waits: one virtual thread a task. */
public final class VirtualThreads {

  private VirtualThreads() {}

  /**
   * An executor whose threads all have the context class loader of whoever makes it. A thread takes
   * over that of its creator otherwise, which for what follows a response or a timer is a pool of
   * the platform, and any class loader.
   */
  public static ExecutorService executor() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return Executors.newThreadPerTaskExecutor(
        task ->
            Thread.ofVirtual()
                .unstarted(
                    () -> {
                      Thread.currentThread().setContextClassLoader(loader);
                      task.run();
                    }));
  }
}
