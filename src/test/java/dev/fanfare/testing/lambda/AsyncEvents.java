package dev.fanfare.testing.lambda;

import dev.fanfare.json.Json;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's asynchronous queue: tries an event until the function returns, its retries are used up
 * or it has become too old; what is given up goes to the function's destination.
 */
final class AsyncEvents {

  private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

  private final Vertx vertx;
  private final Pace pace;
  private final Counts counts;
  private final Queues queues;
  private final AtomicInteger open = new AtomicInteger();

  AsyncEvents(Vertx vertx, Pace pace, Counts counts, Queues queues) {
    this.vertx = vertx;
    this.pace = pace;
    this.counts = counts;
    this.queues = queues;
  }

  /**
   * An event on its way.
   *
   * @param runs how often the function has run with it
   * @param throttles how often there was no room
   * @param kill when the process that runs it first is killed
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Event(
      Fleet fleet,
      String arn,
      String id,
      byte[] payload,
      Lineage lineage,
      long since,
      int runs,
      int throttles,
      Optional<Duration> kill) {
    Event ran() {
      return new Event(
          fleet, arn, id, payload, lineage, since, runs + 1, throttles, Optional.empty());
    }

    Event throttled() {
      return new Event(fleet, arn, id, payload, lineage, since, runs, throttles + 1, kill);
    }

    Request request() {
      return new Request(
          id, arn, payload, lineage, Optional.empty(), kill, new CompletableFuture<>());
    }

    Duration age() {
      return Duration.ofNanos(System.nanoTime() - since);
    }
  }

  /** Takes an event in. */
  void accept(Fleet fleet, Request first, Optional<Faults.Fault> fault) {
    String name = fleet.settings().name();
    Event event =
        new Event(
            fleet,
            first.arn(),
            first.id(),
            first.payload(),
            first.lineage(),
            System.nanoTime(),
            0,
            0,
            first.kill());
    switch (fault.orElse(null)) {
      case Faults.Dropped dropped -> counts.add("dropped", name);
      case Faults.Doubled doubled -> {
        counts.add("doubled", name);
        later(Duration.ZERO, event);
        later(doubled.apart(), event);
      }
      case Faults.Late late -> {
        counts.add("late", name);
        later(late.by(), event);
      }
      case null, default -> later(Duration.ZERO, event);
    }
  }

  private void later(Duration time, Event event) {
    open.incrementAndGet();
    timer(time, () -> deliver(event));
  }

  private void timer(Duration time, Runnable what) {
    vertx.setTimer(Math.max(1, time.toMillis()), timer -> what.run());
  }

  private void deliver(Event event) {
    FunctionSettings settings = event.fleet().settings();
    if (event.age().compareTo(settings.async().maximumAge()) > 0) {
      giveUp(event, "EventAgeExceeded", null);
      open.decrementAndGet();
      return;
    }
    if (settings.reserved().isPresent() && settings.reserved().getAsInt() == 0) {
      giveUp(event, "ZeroReservedConcurrency", null);
      open.decrementAndGet();
      return;
    }
    Request request = event.request();
    request.result().thenAccept(result -> ended(event, settings, result));
    event.fleet().submit(request);
  }

  private void ended(Event event, FunctionSettings settings, Request.Result result) {
    switch (result) {
      case Request.Returned returned -> {}
      case Request.Recursive recursive -> giveUp(event, "RecursiveInvocationDetected", null);
      case Request.Throttled throttled -> {
        double factor = Math.pow(2, Math.min(20, event.throttles()));
        long wait = (long) (FIRST_BACKOFF.toMillis() * factor);
        Duration backoff = Duration.ofMillis(Math.min(LONGEST_BACKOFF.toMillis(), wait));
        later(pace.retry(backoff), event.throttled());
      }
      case Request.Failed failed -> {
        Event next = event.ran();
        if (next.runs() > settings.async().retries()) {
          giveUp(next, "RetriesExhausted", failed);
        } else {
          counts.add("retries", settings.name());
          later(pace.retry(FIRST_RETRY.multipliedBy(next.runs())), next);
        }
      }
    }
    open.decrementAndGet();
  }

  private void giveUp(Event event, String condition, Request.@Nullable Failed failed) {
    FunctionSettings settings = event.fleet().settings();
    counts.add("given-up", settings.name());
    String trace = event.lineage().header();
    settings
        .async()
        .onFailure()
        .ifPresent(
            queue -> queues.get(queue).send(Json.write(record(event, condition, failed)), trace));
    settings
        .async()
        .deadLetters()
        .ifPresent(
            queue ->
                queues.get(queue).send(new String(event.payload(), StandardCharsets.UTF_8), trace));
  }

  /** The invocation record that a destination gets. */
  private static Map<String, Object> record(
      Event event, String condition, Request.@Nullable Failed failed) {
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("requestId", event.id());
    context.put("functionArn", event.arn());
    context.put("condition", condition);
    context.put("approximateInvokeCount", (long) event.runs());
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("version", "1.0");
    record.put("timestamp", Instant.now().toString());
    record.put("requestContext", context);
    record.put("requestPayload", json(event.payload()));
    if (failed != null) {
      Map<String, Object> response = new LinkedHashMap<>();
      response.put("statusCode", 200L);
      response.put("executedVersion", "1");
      response.put("functionError", "Unhandled");
      record.put("responseContext", response);
      record.put("responsePayload", json(failed.payload()));
    }
    return record;
  }

  private static @Nullable Object json(byte[] bytes) {
    try {
      return Json.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (Json.JsonException e) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Events that are neither done nor given up. */
  int open() {
    return open.get();
  }
}
