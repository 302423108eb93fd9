package dev.fanfare.function;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reasons as sentences. What is stored is the code and its values; {@code docs/events.md} lists
 * them. A code that this version does not know is shown as it is.
 */
public final class ReasonText {

  private ReasonText() {}

  /** The sentence of a reason record; one that has a {@code message} says it itself. */
  public static String of(Map<?, ?> reason) {
    if (reason.get("message") instanceof String message) {
      return message;
    }
    String code = text(reason, "code");
    return switch (code) {
      case "auto_rerun" -> retrying(reason);
      case "awaiting_approval" -> awaitingApproval(reason);
      case "awaiting_callback" -> "waits for its callback";
      case "awaiting_condition" -> "waits for its condition";
      case "awaiting_event" -> "waits for the event '" + text(reason, "event") + "'";
      case "breaker_lookup" -> "asks the breaker '" + text(reason, "breaker") + "'";
      case "budget_exceeded" ->
          "the run has come to %s entries of its event log; one may have %s (FANFARE_BUDGET)"
              .formatted(text(reason, "events"), text(reason, "limit"));
      case "cache_lookup" -> "asks whether its result is cached";
      case "cached" -> "its result was cached";
      case "cannot_start" -> "nothing can start it any more";
      case "case_not_taken" -> "its case of the switch was not taken";
      case "child_run" ->
          "waits for run " + text(reason, "run") + " of '" + text(reason, "workflow") + "'";
      case "concurrency" -> "it waits for a slot: " + taken(reason);
      case "concurrency_rejected" -> "it was rejected: " + taken(reason) + holders(reason);
      case "concurrency_skipped" -> "it was skipped: " + taken(reason) + holders(reason);
      case "concurrency_wait_max" ->
          "it waited for its turn" + span(reason, "limitMs") + ", which is as long as it may";
      case "condition_false" -> "its condition is false";
      case "decided" -> decided(reason);
      case "fail_fast" -> "'" + text(reason, "step") + "' failed, and the group fails fast";
      case "failure_reported_as" -> "it failed, which counts as " + text(reason, "status");
      case "failure_tolerated" -> "its failure is tolerated";
      case "group_not_run" -> "'" + text(reason, "group") + "' around it did not run";
      case "group_retried" -> "'" + text(reason, "group") + "' around it begins anew";
      case "group_timed_out" -> "the time of '" + text(reason, "group") + "' around it was up";
      case "hook" -> "its hook '" + text(reason, "hook") + "' is at work";
      case "hook_failed" -> "the hook '" + text(reason, "hook") + "' failed";
      case "hooks_inside" -> "hooks of steps inside it are at work";
      case "limit" -> limit(reason);
      case "hops_exceeded" ->
          "%s functions in a row have called each other for it; %s may (FANFARE_HOPS)"
              .formatted(text(reason, "hops"), text(reason, "limit"));
      case "lock" -> "waits for the lock '" + text(reason, "key") + "'";
      case "lock_wait_max" ->
          "it waited for the lock '%s'%s, which is as long as it may"
              .formatted(text(reason, "key"), span(reason, "limitMs"));
      case "loop_pause" -> loopPause(reason);
      case "never_elected" -> "its condition never held";
      case "older_run" ->
          "the younger run %s wants the lock '%s' or has it"
              .formatted(text(reason, "run"), text(reason, "key"));
      case "no_branch_started" -> "every branch was skipped";
      case "no_case_matched" -> "no case of it matched";
      case "race_lost" -> raceLost(reason);
      case "race_timed_out" -> "the time of the race '" + text(reason, "race") + "' was up";
      case "retrying" -> retrying(reason);
      case "run_aborted" -> "'" + text(reason, "step") + "' failed, which ends the run at once";
      case "run_cancelled" -> cancelled(reason);
      case "run_halted" ->
          "'" + text(reason, "step") + "' failed, after which nothing of the run starts any more";
      case "run_input" -> "the run's maxParallel cannot be used";
      case "run_timed_out" -> "the run's time was up" + after(reason, "limitMs");
      case "skipped_by_work" ->
          text(reason, "message").isEmpty()
              ? "it found nothing to do"
              : "it found nothing to do: " + text(reason, "message");
      case "sleeping" -> "it sleeps" + span(reason, "ms");
      case "superseded" ->
          "the newer run "
              + text(reason, "run")
              + " with the concurrency key '"
              + text(reason, "key")
              + "' takes its place";
      case "timed_out" -> "its time was up";
      case "upstream_not_met" ->
          text(reason, "step").isEmpty()
              ? "what it needs can never come"
              : "'" + text(reason, "step") + "' ended " + text(reason, "status");
      case "upstream_skipped" -> "'" + text(reason, "step") + "' was skipped";
      case "worker_lost" -> "its worker was lost; it is handed out again";
      case "worker_stopped" -> "its worker was shut down; it is handed out again";
      default -> code;
    };
  }

  private static String awaitingApproval(Map<?, ?> reason) {
    String prompt = text(reason, "prompt");
    return "waits for a person to approve or deny" + (prompt.isEmpty() ? "" : ": " + prompt);
  }

  private static String decided(Map<?, ?> reason) {
    String why = text(reason, "why");
    if (text(reason, "by").equals("timeout")) {
      return why;
    }
    return text(reason, "decision")
        + " by "
        + text(reason, "by")
        + (why.isEmpty() ? "" : " (" + why + ")");
  }

  private static String taken(Map<?, ?> reason) {
    String limit = text(reason, "limit");
    String key = "with the concurrency key '" + text(reason, "key") + "'";
    return switch (limit) {
      case "0" -> "runs " + key + " are frozen";
      case "1" -> "a run " + key + " is active";
      default -> limit + " runs " + key + " are active";
    };
  }

  private static String holders(Map<?, ?> reason) {
    return reason.get("holders") instanceof List<?> runs && !runs.isEmpty()
        ? ", " + runs.stream().map(String::valueOf).collect(Collectors.joining(", "))
        : "";
  }

  private static String raceLost(Map<?, ?> reason) {
    Object winner = reason.get("winner");
    String race = "'" + text(reason, "race") + "'";
    return winner == null ? "the race " + race + " was over" : winner + " won the race " + race;
  }

  private static String loopPause(Map<?, ?> reason) {
    return "turn " + text(reason, "iteration") + " begins" + after(reason, "delayMs");
  }

  private static String retrying(Map<?, ?> reason) {
    return "attempt "
        + text(reason, "failed")
        + " of "
        + text(reason, "attempts")
        + " failed"
        + (text(reason, "error").isEmpty() ? "" : " (" + text(reason, "error") + ")")
        + "; the next begins"
        + after(reason, "delayMs");
  }

  private static String cancelled(Map<?, ?> reason) {
    String why = text(reason, "reason");
    return "the run was cancelled by "
        + text(reason, "by")
        + (why.isEmpty() ? "" : " (" + why + ")");
  }

  private static String limit(Map<?, ?> reason) {
    String scope = text(reason, "scope");
    return "waits for one of the "
        + text(reason, "limit")
        + " slots of "
        + (scope.isEmpty() ? "the run" : "'" + scope + "'");
  }

  private static String after(Map<?, ?> reason, String key) {
    return reason.get(key) instanceof Number millis
        ? millis.longValue() == 0 ? " at once" : " after " + duration(millis.longValue())
        : "";
  }

  private static String span(Map<?, ?> reason, String key) {
    return reason.get(key) instanceof Number millis ? " for " + duration(millis.longValue()) : "";
  }

  private static String duration(long millis) {
    Duration duration = Duration.ofMillis(millis);
    if (millis < 1_000) {
      return millis + "ms";
    }
    if (millis < 60_000) {
      long tenths = millis / 100;
      return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + "s";
    }
    return duration.toHours() == 0
        ? duration.toMinutes()
            + "m"
            + (duration.toSecondsPart() == 0 ? "" : duration.toSecondsPart() + "s")
        : duration.toHours()
            + "h"
            + (duration.toMinutesPart() == 0 ? "" : duration.toMinutesPart() + "m");
  }

  private static String text(Map<?, ?> reason, String key) {
    @Nullable Object value = reason.get(key);
    return value == null ? "" : String.valueOf(value);
  }
}
