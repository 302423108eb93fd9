package dev.fanfare.blob;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Does several transfers at a time, never more than so many in a process. */
public final class Transfers implements AutoCloseable {

  /** Threads of the platform: both files and the JDK's connections pin virtual ones. */
  private final ThreadPoolExecutor threads;

  /**
   * @param most transfers at a time
   */
  public Transfers(int most) {
    this.threads =
        new ThreadPoolExecutor(
            most,
            most,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("transfer-", 1).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** A transfer. */
  @FunctionalInterface
  public interface Task<T> extends Callable<T> {
    @Override
    T call() throws IOException;
  }

  /**
   * Does all of them and returns their results in order. The first failure ends the rest.
   *
   * @throws IOException what the first one that failed threw
   */
  public <T> List<T> all(Collection<? extends Task<T>> tasks) throws IOException {
    if (tasks.size() == 1) {
      return List.of(tasks.iterator().next().call());
    }
    ExecutorCompletionService<T> ended = new ExecutorCompletionService<>(threads);
    List<Future<T>> futures = new ArrayList<>(tasks.size());
    boolean done = false;
    try {
      for (Task<T> task : tasks) {
        futures.add(ended.submit(task));
      }
      for (int i = 0; i < futures.size(); i++) {
        result(ended.take());
      }
      List<T> results = new ArrayList<>(futures.size());
      for (Future<T> future : futures) {
        results.add(result(future));
      }
      done = true;
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while files were transferred");
    } finally {
      if (!done) {
        futures.forEach(future -> future.cancel(true));
      }
    }
  }

  /** Does one of them, soon, without anybody waiting here. */
  public <T> CompletableFuture<T> later(Task<T> task) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return task.call();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        threads);
  }

  private static <T> T result(Future<T> future) throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IOException(e.getCause());
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
