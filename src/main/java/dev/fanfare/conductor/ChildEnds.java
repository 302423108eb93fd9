package dev.fanfare.conductor;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.engine.Event;
import dev.fanfare.store.RunReader;
import dev.fanfare.work.Yield;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Looks up how a run has ended, for the step of another run that waits for it. */
final class ChildEnds {

  private final RunReader reader;

  ChildEnds(RunReader reader) {
    this.reader = reader;
  }

  /**
   * What a step is to be told for its timer.
   *
   * @return empty if the run has not ended; it will tell when it has
   */
  Uni<Optional<Event>> look(Event.Due due) {
    if (!(due.data().get("child") instanceof String id)) {
      return Uni.createFrom().item(Optional.empty());
    }
    UUID run = UUID.fromString(id);
    return reader.end(run).map(end -> end.map(found -> ended(due.step(), run, found)));
  }

  private static Event ended(String step, UUID run, RunReader.End end) {
    boolean succeeded =
        end.status() == RunStatus.SUCCEEDED || end.status() == RunStatus.PARTIALLY_SUCCEEDED;
    if (!succeeded) {
      return new Event.ChildEnded(step, run, null, failed(run, end));
    }
    if (!Yield.fits(end.outputs())) {
      ErrorInfo tooLarge =
          ErrorInfo.of(
                  "output_too_large",
                  "the run %s of '%s' succeeded, but its outputs have more than 256 KiB together;"
                          .formatted(run, end.workflow())
                      + " let it write a file and yield its name")
              .with("run", run.toString());
      return new Event.ChildEnded(step, run, null, tooLarge);
    }
    return new Event.ChildEnded(step, run, end.outputs(), null);
  }

  private static ErrorInfo failed(UUID run, RunReader.End end) {
    String who = "the run " + run + " of '" + end.workflow() + "' ";
    List<ErrorInfo> causes = causes(end.failures());
    String what =
        switch (end.status()) {
          case CANCELLED -> "was cancelled" + by(end.reason());
          case TIMED_OUT -> "took longer than it may";
          case FAILED -> "failed" + why(causes);
          case QUEUED, RUNNING, FAILING, WAITING, SUCCEEDED, PARTIALLY_SUCCEEDED ->
              throw new IllegalStateException(who + "is " + end.status().id());
        };
    ErrorInfo error =
        ErrorInfo.of("child_failed", who + what)
            .with("run", run.toString())
            .with("runStatus", end.status().id());
    if (!end.reason().isEmpty()) {
      error = error.with("reason", end.reason());
    }
    return causes.isEmpty() ? error : error.causedBy(causes);
  }

  private static String by(Map<String, Object> reason) {
    if (String.valueOf(reason.get("code")).startsWith("concurrency_")) {
      return " before it began: its concurrency key '" + reason.get("key") + "' has no slot";
    }
    return reason.get("by") instanceof String by ? " by " + by : "";
  }

  private static String why(List<ErrorInfo> causes) {
    if (causes.isEmpty()) {
      return "";
    }
    ErrorInfo first = causes.getFirst();
    return ": its step '" + first.details().get("step") + "' failed: " + first.message();
  }

  @SuppressWarnings("unchecked")
  private static List<ErrorInfo> causes(List<Object> failures) {
    List<ErrorInfo> causes = new ArrayList<>();
    for (Object failure : failures) {
      if (failure instanceof Map<?, ?> map && map.get("error") instanceof Map<?, ?> error) {
        ErrorInfo cause = ErrorInfo.fromJson((Map<String, Object>) error);
        causes.add(
            ErrorInfo.of(cause.code(), cause.message())
                .with("step", String.valueOf(map.get("step"))));
      }
    }
    return causes;
  }
}
