package dev.fanfare.graph;

import dev.fanfare.definition.StepStatus;
import java.util.Set;

/**
 * One sibling waits for another.
 *
 * @param from index of the node that is waited for
 * @param to index of the node that waits
 * @param on any of these statuses of {@code from} releases the edge
 * @param origin why the edge exists
 */
public record Edge(int from, int to, Set<StepStatus> on, Origin origin) {

  public Edge {
    on = Set.copyOf(on);
  }

  /** Why an edge exists. */
  public enum Origin {
    /** Written under {@code needs}. */
    WRITTEN,
    /** Read out of an expression. */
    INFERRED,
    /** Written order: {@code sequence} or {@code order: sequence}. */
    ORDER
  }

  /** Whether a status that is no end can release it. */
  public boolean releasesBeforeTheEnd() {
    return on.contains(StepStatus.RUNNING) || on.contains(StepStatus.WAITING);
  }
}
