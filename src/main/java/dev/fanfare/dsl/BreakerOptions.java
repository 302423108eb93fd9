package dev.fanfare.dsl;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** When a circuit breaker opens, and for how long. */
public final class BreakerOptions {

  private final Map<String, Object> written = new LinkedHashMap<>();

  BreakerOptions() {}

  /** Steps with the same name share the breaker; without one it is the step's own. */
  public BreakerOptions name(String name) {
    written.put("name", name);
    return this;
  }

  /** Failed executions in a row that open it; 5 unless it is said. */
  public BreakerOptions failureThreshold(int failures) {
    if (failures < 1) {
      throw new FlowException("circuitBreaker: failureThreshold is at least 1");
    }
    written.put("threshold", failures);
    return this;
  }

  /** How long it stays open; 30s unless it is said. */
  public BreakerOptions recoveryTimeout(Duration recovery) {
    written.put("recovery", Durations.text(recovery));
    return this;
  }

  Map<String, Object> written() {
    return written;
  }
}
