package dev.fanfare.dialect.codefresh;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who reads a variable or a condition, which decides what it can see.
 *
 * @param step the step that reads; null at the top of the file
 * @param moment when it reads
 * @param env the variables of the step's own environment as written
 */
record Place(@Nullable StepNode step, Moment moment, Map<String, String> env) {

  /** When something is read. */
  enum Moment {
    /** Before the step, or the first step of the run, begins. */
    BEFORE,
    /** When all that is inside of it has ended. */
    INSIDE_ENDED,
    /** When the step, or the run, has ended. */
    AFTER
  }

  static Place of(StepNode step) {
    return new Place(step, Moment.BEFORE, Map.of());
  }

  static Place of(@Nullable StepNode step, Moment moment) {
    return new Place(step, moment, Map.of());
  }

  Place with(Map<String, String> variables) {
    return new Place(step, moment, variables);
  }

  /** Whether a step has ended for certain when this is read in a sequential pipeline. */
  boolean isAfter(StepNode target) {
    StepNode reader = step;
    if (reader == null) {
      return moment == Moment.AFTER;
    }
    if (target == reader) {
      return moment == Moment.AFTER;
    }
    if (target.isInside(reader)) {
      return moment != Moment.BEFORE;
    }
    return !reader.isInside(target) && target.top().order < reader.top().order;
  }
}
