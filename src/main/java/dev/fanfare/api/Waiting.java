package dev.fanfare.api;

import dev.fanfare.conductor.RunWatch;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.pipeline.TimerDelay;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Looks at a run again and again without holding a thread: after each commit of this process, and
 * at a pace of its own, since another process may be the one that moves the run.
 */
final class Waiting {

  private static final Duration PACE = Duration.ofSeconds(1);
  private static final Duration LONGEST_SILENCE = Duration.ofHours(1);
  private static final Duration MOMENT = Duration.ofMillis(500);
  private static final int BATCHES = 200;

  private final EngineRoom room;

  Waiting(EngineRoom room) {
    this.room = room;
  }

  /**
   * What a look gives once it is enough, or when the time is up.
   *
   * @param pace longest time between two looks
   */
  <T> Uni<T> until(
      UUID run, Duration patience, Duration pace, Supplier<Uni<T>> look, Predicate<T> enough) {
    long deadline = System.nanoTime() + patience.toNanos();
    Predicate<T> goOn = found -> !enough.test(found) && System.nanoTime() < deadline;
    return listening(
        run, bell -> bell.looks(pace, deadline, look).repeat().whilst(goOn).collect().last());
  }

  /** The status of a run once it has ended, or what it is when the time is up. */
  Uni<Optional<RunStatus>> end(UUID run, Duration patience) {
    return until(
        run,
        patience,
        PACE,
        () -> room.views().status(run).map(status -> status.flatMap(RunStatus::of)),
        status -> status.isEmpty() || status.get().isTerminal());
  }

  /**
   * Events of a run.
   *
   * @param status where the run stands; empty if there is none
   * @param over whether no more will come after these
   */
  record Events(List<Map<String, Object>> list, String status, boolean over) {}

  /** The first events after a sequence number; none only when the run or the time is over. */
  Uni<Events> events(UUID run, long after, Duration patience) {
    return until(
        run,
        patience,
        PACE,
        () -> look(run, after),
        found -> found.over() || !found.list().isEmpty());
  }

  /** The status is read first: what is read after a run's end is all there is. */
  private Uni<Events> look(UUID run, long after) {
    return room.views()
        .status(run)
        .chain(
            status ->
                room.events()
                    .after(run, after, BATCHES)
                    .map(list -> new Events(list, status.orElse(""), isEnd(status, list))));
  }

  private static boolean isEnd(Optional<String> status, List<Map<String, Object>> list) {
    boolean ended =
        status.flatMap(RunStatus::of).map(RunStatus::isTerminal).orElse(status.isEmpty());
    return ended && (list.isEmpty() || "run.finished".equals(list.getLast().get("type")));
  }

  /** Every event after a sequence number, as it comes, up to the last of the run. */
  Multi<Map<String, Object>> stream(UUID run, long after) {
    AtomicLong seen = new AtomicLong(after);
    return Uni.createFrom()
        .deferred(() -> events(run, seen.get(), LONGEST_SILENCE))
        .invoke(
            found -> {
              if (!found.list().isEmpty()
                  && found.list().getLast().get("seq") instanceof Long seq) {
                seen.set(seq);
              }
            })
        .repeat()
        .whilst(found -> !found.over())
        .onItem()
        .transformToMultiAndConcatenate(found -> Multi.createFrom().iterable(found.list()));
  }

  /**
   * The next events after a sequence number, all that come within a moment of the first one: for a
   * caller who gets the answer as a whole only, and asks again with the last number.
   */
  Multi<Map<String, Object>> piece(UUID run, long after, Duration patience) {
    return events(run, after, patience)
        .chain(
            first ->
                first.over() || first.list().isEmpty()
                    ? Uni.createFrom().item(first)
                    : Uni.createFrom()
                        .item(first)
                        .onItem()
                        .delayIt()
                        .by(patience.compareTo(MOMENT) < 0 ? patience : MOMENT)
                        .chain(() -> look(run, after)))
        .onItem()
        .transformToMulti(found -> Multi.createFrom().iterable(found.list()));
  }

  private <T> Uni<T> listening(UUID run, Function<Bell, Uni<T>> work) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Bell bell = new Bell();
              RunWatch.Subscription subscription = room.conductor().watch().listen(run, bell::ring);
              return work.apply(bell).onTermination().invoke(subscription::close);
            });
  }

  /** Rung at every commit; whoever looks next need not wait if it was rung since the last look. */
  private static final class Bell {
    private final AtomicReference<CompletableFuture<Void>> next =
        new AtomicReference<>(new CompletableFuture<>());
    private boolean first = true;

    void ring() {
      next.get().complete(null);
    }

    /** One look, after a ring or the pace; the first one at once. */
    <T> Uni<T> looks(Duration pace, long deadline, Supplier<Uni<T>> look) {
      return Uni.createFrom()
          .deferred(
              () -> {
                if (first) {
                  first = false;
                  return look.get();
                }
                return rung(pace, deadline).chain(look::get);
              });
    }

    private Uni<Void> rung(Duration pace, long deadline) {
      Duration left = TimerDelay.of(Duration.ofNanos(deadline - System.nanoTime()));
      Duration patience = pace.compareTo(left) < 0 ? pace : left;
      return Uni.createFrom()
          .completionStage(next.get())
          .ifNoItem()
          .after(patience)
          .recoverWithUni(Uni.createFrom().voidItem())
          .invoke(() -> next.set(new CompletableFuture<>()));
    }
  }
}
