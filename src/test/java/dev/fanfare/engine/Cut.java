package dev.fanfare.engine;

import dev.fanfare.definition.StepStatus;

/** Of the reference: from {@code at} on, everything but {@code spared} is over. */
record Cut(long at, StepStatus begun, StepStatus fresh, String spared) {
  boolean hits(String path, long time) {
    boolean inside =
        !spared.isEmpty()
            && (path.equals(spared)
                || path.startsWith(spared + ".")
                || path.startsWith(spared + "["));
    return time > at || time == at && !inside;
  }

  /** This cut, or the one that falls on a path before it does. */
  Cut or(String path, long time, StepStatus begunEnd, StepStatus freshEnd, String sparing) {
    return time < at || time == at && !hits(path, time)
        ? new Cut(time, begunEnd, freshEnd, sparing)
        : this;
  }
}
