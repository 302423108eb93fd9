package dev.fanfare.testing.lambda;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * What becomes of invocations beside what they are meant to do. The first rule that has an answer
 * counts.
 */
public final class Faults {

  /** An invocation as it comes in. */
  public record Event(String function, boolean async, String payload) {
    static Event of(String function, boolean async, byte[] payload) {
      return new Event(function, async, new String(payload, StandardCharsets.UTF_8));
    }
  }

  /** What is done to one. */
  public sealed interface Fault {}

  /** The Invoke operation answers with 429. */
  public record Refused() implements Fault {}

  /** The Invoke operation answers with 500. */
  public record Broken() implements Fault {}

  /** An asynchronous event is accepted and forgotten. */
  public record Dropped() implements Fault {}

  /** An asynchronous event is delivered twice. */
  public record Doubled(Duration apart) implements Fault {}

  /** An asynchronous event is delivered late, and so behind others. */
  public record Late(Duration by) implements Fault {}

  /** The process is killed after it has begun this invocation. */
  public record Killed(Duration after) implements Fault {}

  /** Decides about an invocation. */
  @FunctionalInterface
  public interface Rule {
    Optional<Fault> apply(Event event);
  }

  private final List<Rule> rules = new CopyOnWriteArrayList<>();

  public Faults add(Rule rule) {
    rules.add(rule);
    return this;
  }

  /** To the next invocations that are meant. */
  public Faults next(int count, Predicate<Event> meant, Fault fault) {
    AtomicInteger left = new AtomicInteger(count);
    return add(
        event ->
            meant.test(event) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0
                ? Optional.of(fault)
                : Optional.empty());
  }

  /** Loses and doubles asynchronous events at random, and lets some be late. */
  public Faults random(long seed, double lost, double doubled, double late, Duration atMost) {
    Random random = new Random(seed);
    return add(
        event -> {
          if (!event.async()) {
            return Optional.empty();
          }
          synchronized (random) {
            double draw = random.nextDouble();
            Duration time = Duration.ofMillis(random.nextLong(atMost.toMillis() + 1));
            return draw < lost
                ? Optional.of(new Dropped())
                : draw < lost + doubled
                    ? Optional.of(new Doubled(time))
                    : draw < lost + doubled + late ? Optional.of(new Late(time)) : Optional.empty();
          }
        });
  }

  /** No faults from now on. */
  public void clear() {
    rules.clear();
  }

  Optional<Fault> of(Event event) {
    for (Rule rule : rules) {
      Optional<Fault> fault = rule.apply(event);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }
}
