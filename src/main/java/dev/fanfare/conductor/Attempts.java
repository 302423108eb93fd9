package dev.fanfare.conductor;

import dev.fanfare.store.LeaseStore.Lease;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The attempts that this process holds: claimed by it and on their way, or at work. Each can be
 * told to stop.
 */
public final class Attempts {

  private static final Consumer<String> NOBODY = reason -> {};

  private final Map<Lease, Consumer<String>> held = new ConcurrentHashMap<>();

  void hold(UUID run, String step, int attempt) {
    held.putIfAbsent(new Lease(run, step, attempt), NOBODY);
  }

  void release(UUID run, String step, int attempt) {
    held.remove(new Lease(run, step, attempt));
  }

  /** Says how to stop an attempt that is at work here. */
  public void atWork(UUID run, String step, int attempt, Consumer<String> stop) {
    held.put(new Lease(run, step, attempt), stop);
  }

  /** The work has ended here, whatever became of it. */
  public void ended(UUID run, String step, int attempt) {
    held.remove(new Lease(run, step, attempt));
  }

  void stop(Lease lease, String reason) {
    Consumer<String> stop = held.remove(lease);
    if (stop != null) {
      stop.accept(reason);
    }
  }

  /** Tells everything that is at work here to stop. */
  public void stopAll(String reason) {
    List.copyOf(held.keySet()).forEach(lease -> stop(lease, reason));
  }

  List<Lease> leases() {
    return List.copyOf(held.keySet());
  }
}
