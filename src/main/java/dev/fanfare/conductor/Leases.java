package dev.fanfare.conductor;

import dev.fanfare.engine.Event;
import dev.fanfare.store.LeaseStore;
import dev.fanfare.store.LeaseStore.Held;
import dev.fanfare.store.LeaseStore.Lease;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Keeps the leases of what this process holds, and finds those that others let run out.
 *
 * <p>A step whose lease cannot be renewed, because it was stopped or given to somebody else, is
 * told to stop here: that is how a process learns of a cancel that another one committed.
 */
final class Leases {

  private static final Logger LOG = System.getLogger(Leases.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int BATCH = 1_000;

  private final LeaseStore store;
  private final LeaseStore.Worker worker;
  private final Attempts attempts;
  private final Duration length;
  private final Duration sweep;
  private final BiConsumer<UUID, Event> submit;

  Leases(
      LeaseStore store,
      LeaseStore.Worker worker,
      Attempts attempts,
      Duration length,
      Duration sweep,
      BiConsumer<UUID, Event> submit) {
    this.store = store;
    this.worker = worker;
    this.attempts = attempts;
    this.length = length;
    this.sweep = sweep;
    this.submit = submit;
  }

  /** Renews what this process holds; due three times in a lease. */
  void renew() {
    List<Lease> held = attempts.leases();
    for (int from = 0; from < held.size(); from += BATCH) {
      List<Lease> some = held.subList(from, Math.min(held.size(), from + BATCH));
      Set<Lease> kept = store.renew(worker, some, length).await().atMost(PATIENCE);
      for (Lease lease : some) {
        if (!kept.contains(lease)) {
          attempts.stop(lease, "lease_lost");
        }
      }
    }
  }

  /** Says that this process lives. */
  void register() {
    store.register(worker).await().atMost(PATIENCE);
  }

  /**
   * Tells what is at work here and no longer wanted to stop. Reads only: one statement, one probe
   * of an index for each attempt.
   */
  void look() {
    List<Lease> held = attempts.leases();
    for (int from = 0; from < held.size(); from += BATCH) {
      List<Lease> some = held.subList(from, Math.min(held.size(), from + BATCH));
      store.gone(some).await().atMost(PATIENCE).forEach(gone -> attempts.stop(gone, "lease_lost"));
    }
  }

  /** Gives steps that are on their way this much more than a lease. */
  Uni<Void> postpone(List<Lease> leases, Duration more) {
    return store.postpone(leases, length.plus(more));
  }

  /**
   * Puts back what was claimed and has been silent for longer than its lease.
   *
   * @return how many steps that were
   */
  int sweep() {
    List<Lease> expired = store.expired(sweep).await().atMost(PATIENCE);
    if (!expired.isEmpty()) {
      LOG.log(Level.INFO, "{0} steps lost their worker and are put back", expired.size());
    }
    expired.forEach(lease -> submit.accept(lease.run(), lease.lost()));
    return expired.size();
  }

  /**
   * Puts back at once what processes of this machine held that no longer live.
   *
   * @return the runs these steps belong to
   */
  Set<UUID> takeOver() {
    register();
    List<Held> orphans =
        store.heldBesides(worker).await().atMost(PATIENCE).stream()
            .filter(held -> !lives(held))
            .toList();
    orphans.forEach(held -> submit.accept(held.lease().run(), held.lease().lost()));
    return orphans.stream().map(held -> held.lease().run()).collect(Collectors.toSet());
  }

  /** A process with the same number that began at another time is another process. */
  private static boolean lives(Held held) {
    Optional<ProcessHandle> process = ProcessHandle.of(held.pid());
    return process.isPresent()
        && process
            .get()
            .info()
            .startInstant()
            .map(start -> Duration.between(start, held.startedAt()).abs().toMillis() < 2_000)
            .orElse(true);
  }
}
