package dev.fanfare.dsl;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which event a step waits for, and how long. */
public final class EventOptions {

  private @Nullable Duration timeout;
  private @Nullable String filter;
  private @Nullable String member;
  private @Nullable StepFunction equal;

  EventOptions() {}

  /** After which the step is {@code timed_out}, which is a failure. */
  public EventOptions timeout(Duration limit) {
    timeout = limit;
    return this;
  }

  public EventOptions timeout(String limit) {
    return timeout(Durations.of(limit, "the timeout of waitForEvent"));
  }

  /**
   * A condition on the event, in the expression language, where {@code event} is its payload:
   * {@code event.amount > 100}. It is asked wherever the event comes in, so it is no function.
   */
  public EventOptions filter(String expression) {
    filter = expression;
    return this;
  }

  /** Only an event of which a member equals this value, which is computed before the wait. */
  public EventOptions where(String payloadMember, StepFunction value) {
    member = payloadMember;
    equal = value;
    return this;
  }

  Optional<Duration> timeout() {
    return Optional.ofNullable(timeout);
  }

  Optional<String> filter() {
    return Optional.ofNullable(filter);
  }

  Optional<String> member() {
    return Optional.ofNullable(member);
  }

  @Nullable StepFunction equal() {
    return equal;
  }
}
