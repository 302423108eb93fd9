package dev.fanfare.local.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Times of a workload's rounds, and what they cost. */
final class Measured {

  private final String workload;
  private final int size;
  private final double[] millis;
  private final long steps;
  private final Map<String, Object> more = new LinkedHashMap<>();

  /**
   * @param millis one time a round
   * @param steps that all rounds together completed
   */
  Measured(String workload, int size, double[] millis, long steps) {
    this.workload = workload;
    this.size = size;
    this.millis = millis.clone();
    Arrays.sort(this.millis);
    this.steps = steps;
  }

  Measured with(String name, Object value) {
    more.put(name, value);
    return this;
  }

  double total() {
    return Arrays.stream(millis).sum();
  }

  /** The line that is printed; {@code wallMs} is the time in which the steps were done. */
  Map<String, Object> line(double wallMs, Counters.Delta counted, double calibration) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("workload", workload);
    line.put("n", size);
    line.put("rounds", millis.length);
    line.put("min_ms", rounded(millis[0]));
    line.put("median_ms", rounded(at(0.5)));
    line.put("p99_ms", rounded(at(0.99)));
    line.put("steps_per_s", Math.round(steps / (wallMs / 1_000)));
    line.put("commits", counted.commits());
    line.put("statements", counted.statements());
    line.put("invocations", counted.invocations());
    line.put("calibration_tps", Math.round(calibration));
    line.putAll(more);
    return line;
  }

  private double at(double share) {
    return millis[(int) Math.min(millis.length - 1, Math.floor(share * millis.length))];
  }

  static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
