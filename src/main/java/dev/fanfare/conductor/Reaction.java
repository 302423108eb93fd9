package dev.fanfare.conductor;

import dev.fanfare.engine.Verdict;
import dev.fanfare.invoke.WorkOrder;
import java.util.Optional;

/**
 * What came of an event, once it is committed.
 *
 * @param order for a begin, the work to do; for a report, the next step to do in place
 */
public record Reaction(Verdict verdict, Optional<WorkOrder> order) {
  static final Reaction STALE = new Reaction(Verdict.STALE, Optional.empty());
}
