package dev.fanfare.pipeline;

import io.smallrye.mutiny.Uni;

/** Tells an attempt that somebody wants it stopped. */
@FunctionalInterface
public interface CancelSignal {

  /** Never. */
  CancelSignal NEVER = () -> Uni.createFrom().nothing();

  /**
   * Yields the reason, at once where the wish is older than the question; never where there is
   * none.
   */
  Uni<String> requested();
}
