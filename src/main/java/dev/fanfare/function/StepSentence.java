package dev.fanfare.function;

import dev.fanfare.store.WaitViews;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a step stands, as the end of a sentence about it. */
final class StepSentence {

  private StepSentence() {}

  /** {@code is waiting: ...}, or {@code ended timed_out at ...: ...}. */
  static String of(WaitViews.StepState step) {
    String where =
        step.endedAt()
            .map(at -> "ended " + step.status() + " at " + RunJson.time(at))
            .orElse("is " + step.status());
    String why = why(step);
    return where + (why.isEmpty() ? "" : ": " + why);
  }

  private static String why(WaitViews.StepState step) {
    @Nullable Map<String, Object> error = step.error();
    if (error != null && error.get("message") instanceof String message) {
      return message;
    }
    @Nullable Map<String, Object> reason = step.reason();
    return reason == null ? "" : ReasonText.of(reason);
  }
}
