package dev.fanfare.testing.lambda.bench;

import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;

/** Numbers as they are printed. */
final class Figures {

  private Figures() {}

  static double least(List<Double> values) {
    return rounded(Collections.min(values));
  }

  /** The upper one of two in the middle. */
  static double median(List<Double> values) {
    return rounded(values.stream().sorted().toList().get(values.size() / 2));
  }

  /** To a thousandth. */
  static double rounded(double value) {
    return Math.round(value * 1_000) / 1_000.0;
  }

  /** Of this machine in the last minute: processes that work or want to. */
  static double load() {
    return rounded(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }
}
