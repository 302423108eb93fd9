package dev.fanfare.function;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What has happened to a step, entry by entry of the run's event log, in sentences. */
public final class StepHistory {

  private StepHistory() {}

  /**
   * The sentences about a step, oldest first, each {@code {at, sentence}}; entries that say nothing
   * to a person are left out.
   */
  public static List<Map<String, Object>> of(String step, List<Map<String, Object>> events) {
    return events.stream()
        .filter(event -> isAbout(step, event))
        .flatMap(event -> sentence(event).map(said -> entry(event, said)).stream())
        .toList();
  }

  private static boolean isAbout(String step, Map<String, Object> event) {
    return step.equals(event.get("step")) || "run.rerun".equals(event.get("type"));
  }

  private static Map<String, Object> entry(Map<String, Object> event, String sentence) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("at", String.valueOf(event.get("at")));
    entry.put("sentence", sentence);
    return entry;
  }

  private static Optional<String> sentence(Map<String, Object> event) {
    String type = String.valueOf(event.get("type"));
    String attempt = event.containsKey("attempt") ? "attempt " + event.get("attempt") : "it";
    String why = why(event);
    return Optional.of(type)
        .map(
            each ->
                switch (each) {
                  case "run.rerun" ->
                      "the run was rerun from " + event.get("from") + " by " + event.get("by");
                  case "group.expanded" -> "it has " + event.get("items") + " items";
                  case "race.won" -> "'" + event.get("winner") + "' won";
                  case "step.dispatched" -> attempt + " was handed out";
                  case "step.started" -> attempt + " began";
                  case "step.resumed" -> "it goes on with what is kept";
                  case "step.late_report" -> attempt + " reported after the step had ended";
                  case "step.lost" -> attempt + " was lost" + why;
                  case "step.retrying" -> why.isEmpty() ? "it is tried again" : why.substring(2);
                  default ->
                      each.startsWith("step.")
                          ? each.substring("step.".length()).replace('_', ' ') + why
                          : "";
                })
        .filter(said -> !said.isEmpty());
  }

  private static String why(Map<String, Object> event) {
    String why =
        Stream.of(event.get("error"), event.get("reason"))
            .filter(Map.class::isInstance)
            .map(each -> ReasonText.of((Map<?, ?>) each))
            .reduce((one, other) -> one + "; " + other)
            .orElse("");
    return why.isEmpty() ? "" : ": " + why;
  }
}
