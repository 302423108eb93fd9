package dev.fanfare.dsl;

import dev.fanfare.definition.ErrorInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a step failed.
 *
 * @param code {@code exception}, {@code timed_out}, {@code breaker_open}, ...
 * @param message of an exception: its own message
 * @param details values behind it: of an exception {@code class}
 */
public record FlowError(String code, String message, Map<String, Object> details) {

  /** What failed inside a group: the first cause that is no group itself; else this. */
  public FlowError root() {
    FlowError error = this;
    FlowError cause = error;
    while (cause != null) {
      error = cause;
      cause =
          error.details.get("causes") instanceof List<?> causes && !causes.isEmpty()
              ? of(causes.getFirst())
              : null;
    }
    return error;
  }

  /** An error as it is stored; null where there is none. */
  @SuppressWarnings("unchecked")
  public static @Nullable FlowError of(@Nullable Object json) {
    if (!(json instanceof Map<?, ?> map)) {
      return null;
    }
    ErrorInfo info = ErrorInfo.fromJson((Map<String, Object>) map);
    return new FlowError(info.code(), info.message(), info.details());
  }
}
