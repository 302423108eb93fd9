package dev.fanfare.function;

import com.amazonaws.services.lambda.runtime.Context;
import dev.fanfare.conductor.Conductor;
import dev.fanfare.conductor.UnknownRunException;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import dev.fanfare.function.log.FunctionLog;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.lambda.Claims;
import dev.fanfare.json.Json;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the dispatcher function does with the events that it gets: claimed steps, the minute's tick,
 * wake-ups, and what the service could not deliver.
 */
final class DispatcherService {

  private static final Logger LOG = System.getLogger(DispatcherService.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A tick has others woken for what comes due before the next one, which may be late. */
  private static final Duration UNTIL_NEXT_TICK = Duration.ofSeconds(80);

  /** Most messages for one tick: a second later is early enough for what is left. */
  private static final int MOST_WAKE_UPS = 80;

  /** What is due for longer than this, although there is a tick every minute, is stuck. */
  private static final Duration LATE = Duration.ofMinutes(5);

  private static final int MOST_NAMED = 10;

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final int LONGEST_LOGGED = 2_000;

  private final LambdaHost host;
  private final Conductor conductor;
  private final Schedules schedules;
  private final InvocationScope scope;

  DispatcherService(
      LambdaHost host, Conductor conductor, Schedules schedules, InvocationScope scope) {
    this.host = host;
    this.conductor = conductor;
    this.schedules = schedules;
    this.scope = scope;
  }

  Map<String, Object> handle(Map<String, Object> event, @Nullable Context context) {
    if (event.get("Records") instanceof List<?> records) {
      return scope.run(context, () -> records(records));
    }
    Optional<Claims> claims;
    try {
      claims = claims(event);
    } catch (IllegalArgumentException e) {
      return damaged(event, e);
    }
    if (claims.isPresent()) {
      return scope.run(
          context,
          claims.get().hops(),
          claims.get().trace(),
          () -> {
            host.invoker().deliver(claims.get());
            return Map.of("invoked", claims.get().steps().size());
          });
    }
    return scope.run(context, () -> other(event));
  }

  private static Optional<Claims> claims(Map<String, Object> event) {
    return event.containsKey("steps") || event.containsKey("run")
        ? Optional.of(Claims.of(event))
        : Optional.empty();
  }

  private Map<String, Object> other(Map<String, Object> event) {
    if (Boolean.TRUE.equals(event.get("wake"))) {
      wake();
      return Map.of("woken", true);
    }
    if (event.containsKey("requestContext") && event.containsKey("requestPayload")) {
      return Map.of("lost", undelivered(event));
    }
    if (event.isEmpty() || "Scheduled Event".equals(event.get("detail-type"))) {
      return Map.of("ticked", true, "stuck", tick());
    }
    return damaged(event, new IllegalArgumentException("it is of no kind that is known"));
  }

  /** What nobody can read is said once, and not sent again. */
  private static Map<String, Object> damaged(Map<String, Object> event, Exception why) {
    String text = Json.write(event);
    LOG.log(
        Level.ERROR,
        "the dispatcher was sent what it cannot read, and leaves it: "
            + why.getMessage()
            + ": "
            + text.substring(0, Math.min(text.length(), LONGEST_LOGGED)));
    return Map.of("ignored", String.valueOf(why.getMessage()));
  }

  /** Messages of the queues; those that could not be dealt with now come again. */
  private Map<String, Object> records(List<?> records) {
    List<Map<String, Object>> failures = new ArrayList<>();
    boolean wake = false;
    for (Object each : records) {
      Map<String, Object> message = Payloads.object(each);
      try {
        Map<String, Object> body = Payloads.object(Json.parse(String.valueOf(message.get("body"))));
        if (Boolean.TRUE.equals(body.get("wake"))) {
          wake = true;
        } else {
          message(body);
        }
      } catch (Json.JsonException | IllegalArgumentException e) {
        damaged(message, e);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "a message could not be dealt with and comes again", e);
        failures.add(failure(message));
      }
    }
    if (wake) {
      try {
        wake();
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "timers could not be fired, the messages come again", e);
        records.forEach(each -> failures.add(failure(Payloads.object(each))));
      }
    }
    return Map.of("batchItemFailures", failures);
  }

  private static Map<String, Object> failure(Map<String, Object> message) {
    return Map.of("itemIdentifier", String.valueOf(message.get("messageId")));
  }

  private void message(Map<String, Object> body) {
    Optional<Claims> claims = claims(body);
    if (claims.isPresent()) {
      host.invoker().deliver(claims.get());
    } else {
      other(body);
    }
  }

  /** Fires what is due, and waits for what is as good as due. */
  private void wake() {
    conductor.fireDue();
    schedules.tick();
    Optional<Duration> next = earlier(conductor.nextDue(), schedules.next());
    if (next.isPresent() && next.get().compareTo(SOON) < 0) {
      pause(next.get());
      conductor.fireDue();
      schedules.tick();
    }
  }

  private static Optional<Duration> earlier(Optional<Duration> one, Optional<Duration> other) {
    return one.isPresent() && (other.isEmpty() || one.get().compareTo(other.get()) < 0)
        ? one
        : other;
  }

  private static void pause(Duration time) {
    Uni.createFrom().voidItem().onItem().delayIt().by(time.plusMillis(1)).await().indefinitely();
  }

  /**
   * Repairs what was lost, fires what is due, and sees to what will be due before the next one.
   *
   * @return how many runs are stuck nevertheless, as far as they are counted
   */
  private int tick() {
    int expired = conductor.sweep();
    int moved = schedules.tick();
    List<Duration> seconds = conductor.dueWithin(UNTIL_NEXT_TICK);
    seconds.stream().limit(MOST_WAKE_UPS).forEach(host.wakeUps()::in);
    schedules
        .next()
        .filter(next -> next.compareTo(UNTIL_NEXT_TICK) < 0)
        .ifPresent(host.wakeUps()::in);
    int stuck = stuck();
    FunctionLog.line(
        LOG,
        "tick",
        Map.of(
            "expiredLeases",
            expired,
            "dueSoon",
            seconds.size(),
            "schedules",
            moved,
            "stuckRuns",
            stuck));
    return stuck;
  }

  /** An alarm counts the lines of this warning: alarms.tf knows its words. */
  private int stuck() {
    List<UUID> runs = conductor.overdue(LATE, MOST_NAMED);
    if (!runs.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "runs are stuck: work of theirs has been due for more than {0} minutes: {1}",
          LATE.toMinutes(),
          runs);
    }
    return runs.size();
  }

  /**
   * An invocation that failed, or that the service gave up: what it was to do is put back at once.
   *
   * @return how many steps were
   */
  private int undelivered(Map<String, Object> record) {
    Optional<Claims> claims = claims(Payloads.object(record.get("requestPayload")));
    if (claims.isEmpty()) {
      return 0; // a tick or a wake-up: the next tick does what it would have done
    }
    Map<String, Object> why = Payloads.object(record.get("requestContext"));
    LOG.log(
        Level.WARNING,
        "an invocation of {0} was lost: {1}",
        why.get("functionArn"),
        why.get("condition"));
    return Multi.createFrom()
        .iterable(claims.get().steps())
        .onItem()
        .transformToUni(this::lost)
        .merge(Math.max(1, claims.get().steps().size()))
        .filter(putBack -> putBack)
        .collect()
        .asList()
        .await()
        .atMost(PATIENCE)
        .size();
  }

  private Uni<Boolean> lost(Invocation step) {
    return conductor
        .submit(step.run(), new Event.Lost(step.step(), step.attempt()))
        .map(reaction -> reaction.verdict() == Verdict.ACCEPTED)
        .onFailure(UnknownRunException.class)
        .recoverWithItem(false);
  }
}
