package dev.fanfare.pipeline;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;

/** A cancel signal that this process gives. */
public final class CancelSwitch implements CancelSignal {

  private final CompletableFuture<String> reason = new CompletableFuture<>();

  /** Stops every attempt that listens, now and later; the first reason counts. */
  public void cancel(String why) {
    reason.complete(why);
  }

  /** Whether {@link #cancel} was called. */
  public boolean isCancelled() {
    return reason.isDone();
  }

  @Override
  public Uni<String> requested() {
    // A copy: a subscriber that goes away cancels its own future and not everybody's.
    return Uni.createFrom().completionStage(reason::copy);
  }
}
