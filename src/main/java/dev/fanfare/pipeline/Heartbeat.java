package dev.fanfare.pipeline;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The sign of life of an attempt.
 *
 * @param every time between two signs; zero for none at all
 * @param beat gives one sign and yields what the other side says to it; never called again before
 *     its answer, and an answer may take as long as {@code every}
 */
public record Heartbeat(Duration every, Supplier<Uni<Answer>> beat) {

  /** No sign of life. */
  public static final Heartbeat NONE =
      new Heartbeat(Duration.ZERO, () -> Uni.createFrom().item(new Answer.GoOn()));

  /** What the other side says. */
  public sealed interface Answer {
    /** All is well. */
    record GoOn() implements Answer {}

    /** The work is not wanted any more. */
    record Stop(String reason) implements Answer {}
  }
}
