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

  /** Claimed and on its way: nobody works on it here yet. */
  private static final Consumer<String> ON_ITS_WAY = reason -> {};

  private final Map<Lease, Consumer<String>> held = new ConcurrentHashMap<>();

  /** Attempts that were stopped while they were on their way, and why. */
  private final Map<Lease, String> stopped = new ConcurrentHashMap<>();

  void hold(UUID run, String step, int attempt) {
    held.putIfAbsent(new Lease(run, step, attempt), ON_ITS_WAY);
  }

  /** Says how to stop an attempt that is at work here; at once if it was stopped on its way. */
  public void atWork(UUID run, String step, int attempt, Consumer<String> stop) {
    Lease lease = new Lease(run, step, attempt);
    held.put(lease, stop);
    String reason = stopped.remove(lease);
    if (reason != null) {
      stop(lease, reason);
    }
  }

  /** The work has ended here, whatever became of it. */
  public void ended(UUID run, String step, int attempt) {
    Lease lease = new Lease(run, step, attempt);
    held.remove(lease);
    stopped.remove(lease);
  }

  void stop(Lease lease, String reason) {
    Consumer<String> stop = held.remove(lease);
    if (stop == ON_ITS_WAY) {
      stopped.put(lease, reason);
    } else if (stop != null) {
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

  /** How many attempts this process holds. */
  public int size() {
    return held.size();
  }
}
