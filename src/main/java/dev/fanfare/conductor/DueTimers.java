package dev.fanfare.conductor;

import dev.fanfare.engine.Verdict;
import dev.fanfare.store.DueStore;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Fires the timers that have come due by the database's clock. Blocks. */
final class DueTimers {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int BATCH = 1_000;

  private final DueStore store;
  private final Function<DueStore.Timer, CompletableFuture<Reaction>> deliver;

  /**
   * What came of a look.
   *
   * @param all whether each of them was decided
   * @param more whether there may be more that are due
   */
  record Fired(boolean all, boolean more) {}

  DueTimers(DueStore store, Function<DueStore.Timer, CompletableFuture<Reaction>> deliver) {
    this.store = store;
    this.deliver = deliver;
  }

  /** Fires a batch of what is due, and waits until it is decided. */
  Fired fire() {
    List<DueStore.Timer> due = Transients.answer(() -> store.due(BATCH));
    List<CompletableFuture<Boolean>> answers = new ArrayList<>();
    for (DueStore.Timer timer : due) {
      answers.add(
          Uni.createFrom()
              .completionStage(deliver.apply(timer))
              .onItemOrFailure()
              .transformToUni((reaction, failure) -> settled(timer, reaction, failure))
              .subscribeAsCompletionStage());
    }
    return new Fired(await(answers), due.size() == BATCH);
  }

  /** How long until the next one is due; empty if there is none. */
  Optional<Duration> next() {
    return Transients.answer(store::next);
  }

  /** When timers come due that do so within this long, to the second. */
  List<Duration> within(Duration window) {
    return Transients.answer(() -> store.within(window));
  }

  /** Runs that something should have been done about for longer than this; so many at most. */
  List<UUID> overdue(Duration late, int most) {
    return Transients.answer(() -> store.overdue(late, most));
  }

  /**
   * Whether a timer is out of the way. The decision about it deletes it; one that no decision wants
   * is deleted here, or it would be read for ever. Never blocks: it goes on where the answer came.
   */
  private Uni<Boolean> settled(
      DueStore.Timer timer, @Nullable Reaction reaction, @Nullable Throwable failure) {
    boolean unwanted =
        cause(failure) instanceof UnknownRunException
            || (reaction != null && reaction.verdict() == Verdict.STALE);
    return unwanted
        ? store.drop(timer).replaceWith(true).onFailure().recoverWithItem(false)
        : Uni.createFrom().item(failure == null);
  }

  /** What follows something in a future has its failure wrapped. */
  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
  }

  private static boolean await(List<CompletableFuture<Boolean>> answers) {
    try {
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return answers.stream().allMatch(CompletableFuture::join);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("timers were not decided in time", e);
    }
  }
}
