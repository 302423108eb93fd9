package dev.fanfare.conductor;

import dev.fanfare.store.LeaseStore.Lease;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The attempts that this process holds: received and not begun, or at work. Their leases are
 * renewed; an attempt that nobody received is not held by anybody, so its lease runs out. Each can
 * be told to stop.
 */
public final class Attempts {

  /** Received: nobody works on it here yet. */
  private enum OnItsWay implements Consumer<String> {
    HERE;

    @Override
    public void accept(String reason) {}
  }

  private final Map<Lease, Consumer<String>> held = new ConcurrentHashMap<>();

  /** Attempts that were stopped while they were on their way, and why. */
  private final Map<Lease, String> stopped = new ConcurrentHashMap<>();

  /** Its work is to be done here, and nobody works on it yet. */
  public void hold(UUID run, String step, int attempt) {
    held.putIfAbsent(new Lease(run, step, attempt), OnItsWay.HERE);
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

  /** It is not to be done here after all: another has begun it, perhaps in this process. */
  public void leave(UUID run, String step, int attempt) {
    Lease lease = new Lease(run, step, attempt);
    if (held.remove(lease, OnItsWay.HERE) || !held.containsKey(lease)) {
      stopped.remove(lease);
    }
  }

  void stop(Lease lease, String reason) {
    Consumer<String> stop = held.remove(lease);
    if (stop == OnItsWay.HERE) {
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
