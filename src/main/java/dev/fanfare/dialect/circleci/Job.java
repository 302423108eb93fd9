package dev.fanfare.dialect.circleci;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job with everything computed.
 *
 * @param type {@code build}, {@code approval}, {@code no-op}
 * @param folder where its steps run, as it is written
 * @param nodes how many of it run side by side
 */
record Job(
    String type,
    Optional<String> image,
    Map<String, String> environment,
    String folder,
    int nodes,
    List<Action> actions) {

  static final String BUILD = "build";
  static final String APPROVAL = "approval";
  static final String NO_OP = "no-op";

  Job {
    actions = List.copyOf(actions);
  }

  /** A job that does nothing itself. */
  static Job of(String type) {
    return new Job(type, Optional.empty(), Map.of(), "", 1, List.of());
  }

  boolean attaches() {
    return actions.stream().anyMatch(Action.Attach.class::isInstance);
  }

  boolean persists() {
    return actions.stream().anyMatch(Action.Persist.class::isInstance);
  }
}
