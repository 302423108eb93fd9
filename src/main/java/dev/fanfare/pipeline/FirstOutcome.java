package dev.fanfare.pipeline;

import dev.fanfare.definition.Outcome;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;

/**
 * The first of several that never fail; all others are cancelled.
 *
 * <p>Unlike {@code Uni.join().first()} it holds when a decision falls while a later one is being
 * subscribed: that one is cancelled too, and one that comes after a decision is never subscribed.
 */
final class FirstOutcome {

  private final UniEmitter<? super Outcome> emitter;

  // Guarded by this.
  private final List<Cancellable> subscriptions = new ArrayList<>();
  private boolean decided;

  private FirstOutcome(UniEmitter<? super Outcome> emitter) {
    this.emitter = emitter;
  }

  static Uni<Outcome> of(List<Uni<Outcome>> candidates) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              FirstOutcome first = new FirstOutcome(emitter);
              emitter.onTermination(first::close);
              candidates.forEach(first::subscribe);
            });
  }

  private void subscribe(Uni<Outcome> candidate) {
    if (isDecided()) {
      return;
    }
    Cancellable subscription = candidate.subscribe().with(this::decide);
    boolean late;
    synchronized (this) {
      late = decided;
      subscriptions.add(subscription);
    }
    if (late) {
      subscription.cancel();
    }
  }

  private synchronized boolean isDecided() {
    return decided;
  }

  private void decide(Outcome outcome) {
    if (close()) {
      emitter.complete(outcome);
    }
  }

  /** Cancels everything; true for the first caller. */
  private boolean close() {
    List<Cancellable> open;
    synchronized (this) {
      if (decided) {
        return false;
      }
      decided = true;
      open = List.copyOf(subscriptions);
    }
    open.forEach(Cancellable::cancel);
    return true;
  }
}
