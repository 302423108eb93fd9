package dev.fanfare.pipeline;

import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A limit on work at once that blocks nobody: who finds no slot is called when there is one. */
public final class Slots {

  private final int size;
  private final Deque<CompletableFuture<Slot>> waiting = new ArrayDeque<>();
  private int taken;

  /**
   * @param size most slots taken at once
   */
  public Slots(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a limit of " + size + " lets nothing work");
    }
    this.size = size;
  }

  /** A taken slot; giving it back twice is harmless. */
  public final class Slot {
    private final AtomicBoolean returned = new AtomicBoolean();

    private Slot() {}

    public void giveBack() {
      if (returned.compareAndSet(false, true)) {
        next();
      }
    }
  }

  /** A slot, in the order of asking. */
  public Uni<Slot> take() {
    return Uni.createFrom().completionStage(this::ask);
  }

  private synchronized CompletableFuture<Slot> ask() {
    if (taken < size) {
      taken++;
      return CompletableFuture.completedFuture(new Slot());
    }
    CompletableFuture<Slot> later = new CompletableFuture<>();
    waiting.add(later);
    return later;
  }

  private void next() {
    CompletableFuture<Slot> first;
    synchronized (this) {
      first = waiting.poll();
      if (first == null) {
        taken--;
        return;
      }
    }
    first.complete(new Slot());
  }
}
