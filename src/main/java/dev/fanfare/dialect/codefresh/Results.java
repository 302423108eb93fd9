package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.StepStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Codefresh's words for how a step is or ended, and the statuses they stand for. */
final class Results {

  private static final List<StepStatus> SUCCESS =
      List.of(StepStatus.SUCCEEDED, StepStatus.APPROVED);
  private static final List<StepStatus> FAILURE =
      List.of(StepStatus.FAILED, StepStatus.TIMED_OUT, StepStatus.DENIED);

  private static final Map<String, List<StepStatus>> WORDS = words();

  private Results() {}

  private static Map<String, List<StepStatus>> words() {
    Map<String, List<StepStatus>> words = new LinkedHashMap<>();
    words.put("success", SUCCESS);
    words.put("failure", FAILURE);
    words.put("error", FAILURE);
    words.put("skipped", List.of(StepStatus.SKIPPED));
    List<StepStatus> finished = new ArrayList<>(SUCCESS);
    finished.addAll(FAILURE);
    finished.add(StepStatus.SKIPPED);
    words.put("finished", finished);
    // A step that is never elected waits for its turn for ever.
    words.put("pending", List.of(StepStatus.PENDING, StepStatus.READY, StepStatus.NOT_RUN));
    words.put(
        "running",
        List.of(
            StepStatus.DISPATCHED, StepStatus.RUNNING, StepStatus.RETRYING, StepStatus.WAITING));
    words.put("terminating", List.of());
    words.put(
        "terminated", List.of(StepStatus.CANCELLED, StepStatus.ABORTED, StepStatus.DISCARDED));
    words.put("approved", List.of(StepStatus.APPROVED));
    words.put("denied", List.of(StepStatus.DENIED));
    return words;
  }

  /** The words a list {@code on} may have. */
  static List<String> known() {
    return List.copyOf(WORDS.keySet());
  }

  /** The statuses of a word; empty where it is none. */
  static Optional<List<StepStatus>> of(String word) {
    return Optional.ofNullable(WORDS.get(word));
  }

  /** CEL that tests a status, itself CEL, for statuses. */
  static String test(String status, List<StepStatus> wanted) {
    String list =
        wanted.stream().map(each -> "\"" + each.id() + "\"").collect(Collectors.joining(", "));
    return status + " in [" + list + "]";
  }

  /** CEL for the word of a status, itself CEL. */
  static String word(String status) {
    Map<String, String> words = new LinkedHashMap<>();
    for (String word :
        List.of("success", "failure", "skipped", "pending", "running", "terminated")) {
      of(word).orElseThrow().forEach(each -> words.put(each.id(), word));
    }
    words.put(StepStatus.APPROVED.id(), "approved");
    words.put(StepStatus.DENIED.id(), "denied");
    return words.entrySet().stream()
        .map(each -> "\"" + each.getKey() + "\": \"" + each.getValue() + "\"")
        .collect(Collectors.joining(", ", "{", "}[" + status + "]"));
  }
}
