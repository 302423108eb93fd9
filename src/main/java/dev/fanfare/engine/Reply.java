package dev.fanfare.engine;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the engine answers. */
public sealed interface Reply {

  /**
   * The events are decided.
   *
   * @param run the run afterwards
   * @param steps changed steps afterwards
   * @param decisions what to do after the commit
   * @param notes entries for the run's event log, in order
   * @param verdicts what became of each event, in the order of the events
   * @param transitions status changes, for the tests that count them
   */
  record Decided(
      RunRow run,
      List<StepRow> steps,
      List<Decision> decisions,
      List<Map<String, Object>> notes,
      List<Verdict> verdicts,
      List<Transitions.Change> transitions)
      implements Reply {}

  /**
   * The state at hand does not hold these rows.
   *
   * @param paths steps that must be loaded, if they exist
   * @param values keys of {@link StoredValue}s that must be read
   */
  record Needs(Set<String> paths, Set<String> values) implements Reply {}

  /** The decision takes the whole run: every step row that exists must be loaded. */
  record NeedsAll() implements Reply {}
}
