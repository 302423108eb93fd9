package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Errors of structures: which of the steps inside have failed, and why. */
final class Causes {

  /** Causes kept in a group's error; the rest is counted. */
  private static final int MAX_CAUSES = 10;

  private Causes() {}

  /** The error of a group of which some children have failed. */
  static ErrorInfo of(List<Cell> children, Predicate<Cell> counts) {
    List<Cell> failed = children.stream().filter(counts).toList();
    if (failed.isEmpty()) {
      return ErrorInfo.of("success_condition", "its success condition does not hold");
    }
    List<String> names = failed.stream().limit(MAX_CAUSES).map(child -> child.path).toList();
    return ErrorInfo.of(
            "children_failed",
            failed.size()
                + " of "
                + children.size()
                + " steps failed: "
                + String.join(", ", names)
                + (failed.size() > MAX_CAUSES ? ", ..." : ""))
        .causedBy(
            failed.stream()
                .limit(MAX_CAUSES)
                .filter(child -> child.error != null)
                .map(Causes::of)
                .toList());
  }

  /** The error of a step, with the step in it. */
  static ErrorInfo of(Cell child) {
    ErrorInfo error =
        child.error == null
            ? ErrorInfo.of(child.status.id(), "it " + child.status.id())
            : child.error;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("step", child.path);
    error
        .details()
        .forEach(
            (key, value) -> {
              if (!key.equals("causes")) {
                details.put(key, value);
              }
            });
    return new ErrorInfo(error.code(), error.message(), details);
  }
}
