package dev.fanfare.dsl;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a person is asked. */
public final class HumanOptions {

  private String description = "";
  private @Nullable Duration timeout;
  private @Nullable PauseAction onPause;
  private @Nullable Action onTimeout;

  HumanOptions() {}

  /** What is asked. */
  public HumanOptions description(String text) {
    description = text;
    return this;
  }

  /** After which the run goes on with {@code {approved: false, timedOut: true}}. */
  public HumanOptions timeout(Duration limit) {
    timeout = limit;
    return this;
  }

  public HumanOptions timeout(String limit) {
    return timeout(Durations.of(limit, "the timeout of humanInTheLoop"));
  }

  /**
   * Tells the person, and hands over the token that {@link Runs#resume} asks for. Without it the
   * step is an approval, which people see and decide with {@code fanfare approve}.
   */
  public HumanOptions onPause(PauseAction action) {
    onPause = action;
    return this;
  }

  /** Called when the time is up. */
  public HumanOptions onTimeout(Action action) {
    onTimeout = action;
    return this;
  }

  String description() {
    return description;
  }

  Optional<Duration> timeout() {
    return Optional.ofNullable(timeout);
  }

  Optional<PauseAction> onPause() {
    return Optional.ofNullable(onPause);
  }

  Optional<Action> onTimeout() {
    return Optional.ofNullable(onTimeout);
  }
}
