package dev.fanfare.conductor;

import dev.fanfare.definition.RunStatus;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells this process what has been committed by this process: a hint to look at the store at once.
 * Whoever needs to know for certain looks there now and then as well.
 */
public final class RunWatch {

  private final Map<UUID, CopyOnWriteArrayList<Runnable>> listeners = new ConcurrentHashMap<>();
  private final Map<UUID, CompletableFuture<RunStatus>> ends = new ConcurrentHashMap<>();

  /** Calls back, briefly and on any thread, after every commit of a run, until closed. */
  public Subscription listen(UUID run, Runnable listener) {
    listeners.computeIfAbsent(run, ignored -> new CopyOnWriteArrayList<>()).add(listener);
    return () ->
        listeners.computeIfPresent(
            run,
            (ignored, list) -> {
              list.remove(listener);
              return list.isEmpty() ? null : list;
            });
  }

  /** Completes when this process commits the end of a run; ask before the run starts. */
  public CompletableFuture<RunStatus> end(UUID run) {
    return ends.computeIfAbsent(run, ignored -> new CompletableFuture<>());
  }

  /** Nobody waits for the end of this run any more. */
  public void forget(UUID run) {
    ends.remove(run);
  }

  void committed(UUID run, RunStatus status) {
    CopyOnWriteArrayList<Runnable> list = listeners.get(run);
    if (list != null) {
      list.forEach(Runnable::run);
    }
    if (status.isTerminal()) {
      Optional.ofNullable(ends.remove(run)).ifPresent(end -> end.complete(status));
    }
  }

  /** Ends a listening. */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
