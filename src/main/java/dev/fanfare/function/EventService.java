package dev.fanfare.function;

import dev.fanfare.conductor.Conductor;
import dev.fanfare.conductor.Reaction;
import dev.fanfare.conductor.Transients;
import dev.fanfare.conductor.UnknownRunException;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import dev.fanfare.store.SubscriptionStore;
import dev.fanfare.store.SubscriptionStore.Subscriber;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events to the steps that wait for them, a page at a time, so that ten thousand cost no
 * more memory than a thousand.
 *
 * <p>An event reaches who waited when it was first published and waits still: a step that begins to
 * wait because of it is not woken by it, and published again with the same id it reaches only those
 * it has not reached, after a crash perhaps.
 */
public final class EventService {

  private static final Logger LOG = System.getLogger(EventService.class.getName());
  private static final int PAGE = 1_000;
  private static final int TRIES = 8;

  /**
   * An event.
   *
   * @param id under which its publisher knows it; empty where it may not be published again
   * @param payload JSON as Java
   */
  public record Publication(String name, Optional<String> id, @Nullable Object payload) {}

  /**
   * What became of it.
   *
   * @param first whether its id was not known
   * @param woken steps that went on with it
   * @param passed steps that waited for its name, but whose condition does not match it, or that
   *     something else ended meanwhile
   * @param failed steps whose run could not be moved; they wait still
   */
  public record Result(boolean first, long woken, long passed, long failed) {
    private Result plus(Result other) {
      return new Result(first, woken + other.woken, passed + other.passed, failed + other.failed);
    }
  }

  private final Conductor conductor;
  private final SubscriptionStore subscriptions;

  public EventService(Conductor conductor, SubscriptionStore subscriptions) {
    this.conductor = conductor;
    this.subscriptions = subscriptions;
  }

  /** Publishes an event; completes once everyone has it. */
  public Uni<Result> publish(Publication event) {
    return subscriptions
        .publish(event.name(), event.id())
        .map(published -> new Delivery(event, published))
        .chain(
            delivery ->
                Uni.createFrom()
                    .deferred(() -> page(delivery))
                    .repeat()
                    .whilst(more -> more)
                    .onItem()
                    .ignoreAsUni()
                    .map(ignored -> delivery.result));
  }

  /** How far an event has come. */
  private static final class Delivery {
    final Publication event;
    final OffsetDateTime at;
    Subscriber after = Subscriber.NONE;
    Result result;

    Delivery(Publication event, SubscriptionStore.Published published) {
      this.event = event;
      this.at = published.at();
      this.result = new Result(published.first(), 0, 0, 0);
    }
  }

  /** Hands the event to the next page; whether there may be another. */
  private Uni<Boolean> page(Delivery delivery) {
    return subscriptions
        .waiting(delivery.event.name(), delivery.at, delivery.after, PAGE)
        .chain(
            page ->
                page.isEmpty()
                    ? Uni.createFrom().item(false)
                    : wake(delivery.event, page)
                        .map(
                            woken -> {
                              delivery.result = delivery.result.plus(woken);
                              delivery.after = page.getLast();
                              return page.size() == PAGE;
                            }));
  }

  private Uni<Result> wake(Publication event, List<Subscriber> page) {
    return Uni.join()
        .all(page.stream().map(subscriber -> wake(event, subscriber)).toList())
        .andFailFast()
        .map(results -> results.stream().reduce(Result::plus).orElse(new Result(false, 0, 0, 0)));
  }

  /** One that cannot be moved keeps no other from the event. */
  private Uni<Result> wake(Publication event, Subscriber to) {
    Event.Happened happened = new Event.Happened(to.step(), to.attempt(), event.payload());
    return conductor
        .submit(to.run(), happened)
        .onFailure(Transients::isTransient)
        .retry()
        .withBackOff(Duration.ofMillis(100), Duration.ofSeconds(2))
        .atMost(TRIES)
        .map(EventService::result)
        .onFailure(UnknownRunException.class)
        .recoverWithItem(new Result(false, 0, 1, 0))
        .onFailure()
        .recoverWithItem(
            failure -> {
              LOG.log(
                  Level.WARNING,
                  "run {0} did not get the event {1}: {2}",
                  to.run(),
                  event.name(),
                  failure);
              return new Result(false, 0, 0, 1);
            });
  }

  private static Result result(Reaction reaction) {
    boolean accepted = reaction.verdict() == Verdict.ACCEPTED;
    return new Result(false, accepted ? 1 : 0, accepted ? 0 : 1, 0);
  }
}
