package dev.fanfare.definition;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The state of a step. The names are those of the language and of every output. */
public enum StepStatus {
  /** Its needs have not been met. */
  PENDING(false),
  /** It may start as soon as a limit leaves room. */
  READY(false),
  /** Claimed and handed to an invoker; its work has not begun. */
  DISPATCHED(false),
  /** Its work has begun; for a structure, something in it has. */
  RUNNING(false),
  /** An attempt failed; the next one begins after a delay. */
  RETRYING(false),
  /** Waiting for a time, a person or an event, holding no compute. */
  WAITING(false),
  SUCCEEDED(true),
  FAILED(true),
  TIMED_OUT(true),
  /** Its condition was false, what it needs was skipped, or its race was decided. */
  SKIPPED(true),
  /** What it needs can never come. */
  NOT_RUN(true),
  /** Somebody cancelled the run. */
  CANCELLED(true),
  /** Stopped because another step failed under {@code onFailure: abort} or {@code failFast}. */
  ABORTED(true),
  /** It lost its race after it had begun; what it reported flows nowhere. */
  DISCARDED(true),
  /** An approval that was given. Counts as succeeded. */
  APPROVED(true),
  /** An approval that was refused. Counts as failed. */
  DENIED(true);

  private final boolean terminal;

  StepStatus(boolean terminal) {
    this.terminal = terminal;
  }

  /** Whether a step in this status never changes again. */
  public boolean isTerminal() {
    return terminal;
  }

  /** Whether this end counts as a success. */
  public boolean isSuccess() {
    return this == SUCCEEDED || this == APPROVED;
  }

  /** Whether this end counts as a failure of the step itself. */
  public boolean isFailure() {
    return this == FAILED || this == TIMED_OUT || this == DENIED;
  }

  /** The name in files and outputs: {@code timed_out}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<StepStatus> of(String id) {
    return Arrays.stream(values()).filter(status -> status.id().equals(id)).findFirst();
  }

  /** What {@code on: finished} stands for. */
  public static List<StepStatus> terminal() {
    return Arrays.stream(values()).filter(StepStatus::isTerminal).toList();
  }
}
