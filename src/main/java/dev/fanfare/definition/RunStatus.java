package dev.fanfare.definition;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The state of a run. The names are those of the language and of every output. */
public enum RunStatus {
  /** Stored; waiting for a slot of its concurrency key or for its dispatcher. */
  QUEUED(false),
  RUNNING(false),
  /** A step has failed for good; steps that do not depend on it finish. */
  FAILING(false),
  /** Nothing is at work: every step that could move waits for a time, a person or an event. */
  WAITING(false),
  SUCCEEDED(true),
  /** Something failed and was tolerated. */
  PARTIALLY_SUCCEEDED(true),
  FAILED(true),
  CANCELLED(true),
  TIMED_OUT(true);

  private final boolean terminal;

  RunStatus(boolean terminal) {
    this.terminal = terminal;
  }

  public boolean isTerminal() {
    return terminal;
  }

  /** The name in files and outputs: {@code partially_succeeded}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<RunStatus> of(String id) {
    return Arrays.stream(values()).filter(status -> status.id().equals(id)).findFirst();
  }
}
