package dev.fanfare.conductor;

import java.time.Duration;
import java.util.Set;

/**
 * How a conductor works.
 *
 * @param lanes threads that decide and commit
 * @param lease how long a claimed step may stay silent before it is taken from its worker
 * @param sweep between two looks for leases that ran out and timers that were lost
 * @param batch most events decided before a commit
 * @param images that functions of their own carry: a step that asks for one is handed out, and
 *     never done in place
 * @param budget most entries of the event log that a run may make before it is stopped
 * @param apart whether there is no folder that all steps of a run see
 */
public record Settings(
    int lanes,
    Duration lease,
    Duration sweep,
    int batch,
    Set<String> images,
    long budget,
    boolean apart) {

  /** For one machine: a few seconds late is late enough. */
  public static final Settings LOCAL =
      new Settings(2, Duration.ofSeconds(30), Duration.ofSeconds(10), 8_192);

  public Settings(int lanes, Duration lease, Duration sweep, int batch) {
    this(lanes, lease, sweep, batch, Set.of(), Long.MAX_VALUE, false);
  }

  /** The same with images that functions carry. */
  public Settings with(Set<String> carried) {
    return new Settings(lanes, lease, sweep, batch, carried, budget, apart);
  }

  /** The same with another lease. */
  public Settings withLease(Duration other) {
    return new Settings(lanes, other, sweep, batch, images, budget, apart);
  }

  /** The same with another limit on the entries of a run's event log. */
  public Settings withBudget(long most) {
    return new Settings(lanes, lease, sweep, batch, images, most, apart);
  }

  /** The same where steps have no folder in common, or have one. */
  public Settings withApart(boolean without) {
    return new Settings(lanes, lease, sweep, batch, images, budget, without);
  }
}
