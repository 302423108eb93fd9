package dev.fanfare.function;

import dev.fanfare.conductor.Conductor;
import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Tokens;
import dev.fanfare.engine.Verdict;
import dev.fanfare.store.SubscriptionStore;
import dev.fanfare.store.SubscriptionStore.Subscriber;
import dev.fanfare.store.SubscriptionStore.Ticket;
import dev.fanfare.store.WaitViews;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes callbacks on one-time tokens: the first one counts, and every other is told why not. */
public final class CallbackService {

  /** What became of a callback. */
  public sealed interface Answer {
    /** Its step goes on. */
    record Taken(UUID run, String step) implements Answer {}

    /** There never was such a token. */
    record Unknown() implements Answer {}

    /** The token was used before; the sentence says when and what came of it. */
    record Used(String sentence) implements Answer {}

    /** Its step waits no more; the sentence says why. */
    record Late(String sentence) implements Answer {}
  }

  private final Conductor conductor;
  private final SubscriptionStore subscriptions;
  private final WaitViews views;

  public CallbackService(Conductor conductor, SubscriptionStore subscriptions, WaitViews views) {
    this.conductor = conductor;
    this.subscriptions = subscriptions;
    this.views = views;
  }

  /**
   * Somebody calls back.
   *
   * @param payload becomes the step's output, JSON as Java
   * @param error what failed, where the caller says that something has
   */
  public Uni<Answer> call(String token, @Nullable Object payload, Optional<ErrorInfo> error) {
    String digest = Tokens.digest(token);
    return subscriptions
        .ticket(digest)
        .chain(
            found ->
                found.isEmpty()
                    ? Uni.createFrom().item((Answer) new Answer.Unknown())
                    : found.get().open()
                        ? deliver(digest, found.get().subscriber(), payload, error)
                        : refused(found.get()));
  }

  private Uni<Answer> deliver(
      String digest, Subscriber to, @Nullable Object payload, Optional<ErrorInfo> error) {
    return conductor
        .submit(to.run(), new Event.Happened(to.step(), to.attempt(), payload, error))
        .chain(
            reaction ->
                reaction.verdict() == Verdict.ACCEPTED
                    ? Uni.createFrom().item((Answer) new Answer.Taken(to.run(), to.step()))
                    // Somebody was quicker: the ticket says by now who.
                    : subscriptions
                        .ticket(digest)
                        .chain(now -> now.map(this::refused).orElseThrow()));
  }

  private Uni<Answer> refused(Ticket ticket) {
    Subscriber was = ticket.subscriber();
    String when = ticket.closedAt().map(at -> " at " + RunJson.time(at)).orElse("");
    return views
        .step(was.run(), was.step())
        .map(
            found -> {
              String step = "step '" + was.step() + "' of run " + was.run();
              String state = found.map(StepSentence::of).orElse("is gone");
              return ticket.used()
                  ? new Answer.Used(
                      "this token was used"
                          + when
                          + "; a token is good once. The "
                          + step
                          + " "
                          + state)
                  : new Answer.Late(
                      "this token is void: the "
                          + step
                          + " stopped waiting for it"
                          + when
                          + " and "
                          + state);
            });
  }
}
