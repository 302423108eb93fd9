package dev.fanfare.invoke.lambda;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The invocation of a function that is under way: an environment of Lambda has one at a time. Where
 * there is none, on one machine, there is no end to the time that is left.
 */
public final class CurrentInvocation {

  /** More than any invocation lasts. */
  public static final Duration UNLIMITED = Duration.ofDays(365);

  /**
   * What is known of it.
   *
   * @param requestId the service's; empty if it gave none
   * @param hops invocations that led to this one, each started by the one before
   * @param trace W3C {@code traceparent} of whoever started it
   * @param start {@link System#nanoTime} when it came
   * @param limit how long it may last from then on, by the service
   */
  public record Facts(
      String requestId, int hops, Optional<String> trace, long start, Duration limit) {

    /** Time until the service ends it; negative if it is late. */
    public Duration left() {
      return limit.minusNanos(System.nanoTime() - start);
    }

    /** The same as if it had come from outside. */
    Facts anew() {
      return new Facts(requestId, 0, trace, start, limit);
    }

    /** What it starts is one hop further. */
    public int nextHop() {
      return hops + 1;
    }
  }

  private static final Facts NONE =
      new Facts("", 0, Optional.empty(), System.nanoTime(), UNLIMITED);

  private final AtomicReference<Optional<Facts>> underWay = new AtomicReference<>(Optional.empty());

  /**
   * One begins.
   *
   * @throws IllegalStateException if another one is under way
   */
  public void begin(Facts facts) {
    if (!underWay.compareAndSet(Optional.empty(), Optional.of(facts))) {
      throw new IllegalStateException("another invocation is under way in this process");
    }
  }

  /** It has ended. */
  public void end() {
    underWay.set(Optional.empty());
  }

  public Optional<Facts> get() {
    return underWay.get();
  }

  /** The one under way, or one without a limit. */
  Facts facts() {
    return get().orElse(NONE);
  }

  /** Time until the service ends it. */
  public Duration left() {
    return get().map(Facts::left).orElse(UNLIMITED);
  }
}
