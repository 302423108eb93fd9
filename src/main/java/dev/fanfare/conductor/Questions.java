package dev.fanfare.conductor;

import dev.fanfare.engine.Event;
import dev.fanfare.engine.Event.Answer;
import dev.fanfare.store.BreakerStore;
import dev.fanfare.store.CacheStore;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Looks up what steps ask about the world outside their run: {@code cache} and {@code breaker}. */
final class Questions {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SWEPT = 1_000;

  private final CacheStore cache;
  private final BreakerStore breakers;

  Questions(CacheStore cache, BreakerStore breakers) {
    this.cache = cache;
    this.breakers = breakers;
  }

  /** The answer to a question, as the event that brings it to the step. */
  CompletableFuture<Event> answer(UUID run, Event.Due ask) {
    return lookUp(ask.data(), run + " " + ask.attempt())
        .<Event>map(answer -> new Event.Answered(ask.step(), ask.attempt(), answer))
        .subscribeAsCompletionStage();
  }

  private Uni<Answer> lookUp(Map<String, Object> question, String asker) {
    if (question.get("cache") instanceof String key) {
      return cache
          .get(key)
          .map(found -> found.<Answer>map(Answer.Cached::new).orElseGet(Answer.NotCached::new));
    }
    if (question.get("breaker") instanceof String name
        && question.get("recoveryMs") instanceof Number recovery) {
      return breakers
          .admit(name, Duration.ofMillis(recovery.longValue()), asker)
          .map(
              admission ->
                  switch (admission) {
                    case BreakerStore.Admission.Through through ->
                        new Answer.BreakerClosed(through.trial());
                    case BreakerStore.Admission.Refused refused ->
                        new Answer.BreakerOpen(refused.retryAfter().toMillis());
                  });
    }
    return Uni.createFrom()
        .failure(new IllegalArgumentException("nobody can answer " + question.keySet()));
  }

  /** Removes results that are stale. Blocks. */
  void sweep() {
    while (cache.sweep(SWEPT).await().atMost(PATIENCE) == SWEPT) {
      // There may be more of them.
    }
  }
}
