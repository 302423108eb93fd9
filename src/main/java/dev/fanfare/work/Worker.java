package dev.fanfare.work;

import dev.fanfare.definition.Outcome;
import io.smallrye.mutiny.Uni;

/**
 * Does one kind of work.
 *
 * @param <I> what it needs
 */
public interface Worker<I extends Input> {

  /**
   * Does the work once per subscription. Never fails: what goes wrong is an {@code Outcome.Failed}.
   * Cancelling the subscription stops the work.
   */
  Uni<Outcome> work(Assignment assignment, I input);

  /**
   * Completes when nothing of a cancelled attempt is at work any more. A process that ignores the
   * request to end takes until its grace is over.
   */
  default Uni<Void> stopped(Assignment assignment) {
    return Uni.createFrom().voidItem();
  }
}
