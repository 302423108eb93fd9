package dev.fanfare.dsl;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a parallel group works. */
public final class ParallelOptions {

  private final Map<String, Object> written = new LinkedHashMap<>();

  ParallelOptions() {}

  /** How many functions work at once; 0 is no limit. */
  public ParallelOptions maxConcurrency(int most) {
    if (most < 0) {
      throw new FlowException("parallel: maxConcurrency is 0 (no limit) or more");
    }
    written.put("maxParallel", most);
    return this;
  }

  /** How long the whole group may take. */
  public ParallelOptions timeout(Duration timeout) {
    written.put("timeout", Durations.text(timeout));
    return this;
  }

  public ParallelOptions timeout(String timeout) {
    return timeout(Durations.of(timeout, "the timeout of a parallel group"));
  }

  Map<String, Object> written() {
    return written;
  }
}
