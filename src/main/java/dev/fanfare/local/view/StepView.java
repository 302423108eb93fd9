package dev.fanfare.local.view;

import java.time.Instant;
import java.util.Optional;

/**
 * What the progress of a run knows of one step.
 *
 * @param id path of the step
 * @param phase where it stands: the part of the event's type after the dot, or a status
 * @param attempt from 1; 0 before the first one
 * @param since when it came to this phase
 * @param started when its first attempt began
 * @param note a reason or error as a sentence; empty when there is none
 */
record StepView(
    String id, Phase phase, int attempt, Instant since, Optional<Instant> started, String note) {

  /** Where a step stands, as far as a person who watches cares. */
  enum Phase {
    QUEUED("queued", false),
    RUNNING("running", false),
    RETRYING("retrying", false),
    WAITING("waiting", false),
    SUCCEEDED("succeeded", true),
    APPROVED("approved", true),
    DENIED("denied", true),
    FAILED("failed", true),
    TIMED_OUT("timed out", true),
    SKIPPED("skipped", true),
    NOT_RUN("not run", true),
    CANCELLED("cancelled", true),
    ABORTED("aborted", true),
    DISCARDED("discarded", true);

    private final String words;
    private final boolean end;

    Phase(String words, boolean end) {
      this.words = words;
      this.end = end;
    }

    String words() {
      return words;
    }

    boolean isEnd() {
      return end;
    }

    boolean isFailure() {
      return this == FAILED || this == TIMED_OUT || this == DENIED;
    }

    /** A mark and a colour that tell good from bad at a glance. */
    String mark(Style style) {
      return switch (this) {
        case SUCCEEDED, APPROVED -> style.green("✓");
        case FAILED, TIMED_OUT, DENIED -> style.red("✗");
        case CANCELLED, ABORTED -> style.yellow("■");
        case SKIPPED, NOT_RUN, DISCARDED -> style.dim("-");
        case RETRYING -> style.yellow("↻");
        case WAITING -> style.cyan("…");
        case QUEUED -> style.dim("·");
        case RUNNING -> style.cyan("▸");
      };
    }

    /** The phase that an event's type or a step's status tells of; empty for others. */
    static Optional<Phase> of(String type) {
      return switch (type) {
        case "step.ready", "step.dispatched", "ready", "dispatched", "pending" ->
            Optional.of(QUEUED);
        case "step.started", "running" -> Optional.of(RUNNING);
        case "step.retrying", "retrying" -> Optional.of(RETRYING);
        case "step.waiting", "waiting" -> Optional.of(WAITING);
        case "step.succeeded", "succeeded" -> Optional.of(SUCCEEDED);
        case "step.approved", "approved" -> Optional.of(APPROVED);
        case "step.failed", "failed" -> Optional.of(FAILED);
        case "step.denied", "denied" -> Optional.of(DENIED);
        case "step.timed_out", "timed_out" -> Optional.of(TIMED_OUT);
        case "step.skipped", "skipped" -> Optional.of(SKIPPED);
        case "step.not_run", "not_run" -> Optional.of(NOT_RUN);
        case "step.cancelled", "cancelled" -> Optional.of(CANCELLED);
        case "step.aborted", "aborted" -> Optional.of(ABORTED);
        case "step.discarded", "discarded" -> Optional.of(DISCARDED);
        default -> Optional.empty();
      };
    }
  }
}
