package dev.fanfare.conductor;

import java.time.Duration;

/**
 * How a conductor works.
 *
 * @param lanes threads that decide and commit
 * @param lease how long a claimed step may stay silent before it is taken from its worker
 * @param sweep between two looks for leases that ran out and timers that were lost
 * @param batch most events decided before a commit
 */
public record Settings(int lanes, Duration lease, Duration sweep, int batch) {

  /** For one machine: a few seconds late is late enough. */
  public static final Settings LOCAL =
      new Settings(2, Duration.ofSeconds(30), Duration.ofSeconds(10), 8_192);
}
