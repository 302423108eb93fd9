package dev.fanfare.local.view;

import dev.fanfare.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The outcome of a run as a table: one row per step, the instances of a large fan in one row. */
public final class Summary {

  private static final int SMALL_FAN = 12;
  private static final int LONGEST_OUTPUT = 2_000;
  private static final List<String> HEADING =
      List.of("STEP", "STATUS", "ATTEMPTS", "TIME", "REASON");

  private final Style style;
  private final int columns;

  public Summary(Style style, int columns) {
    this.style = style;
    this.columns = columns;
  }

  /**
   * The table, the verdict under it, and the run's outputs.
   *
   * @param outcome the object that {@code run --output json} prints
   */
  public String render(Map<?, ?> outcome) {
    StringBuilder text = new StringBuilder();
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADING);
    fans(outcome).forEach((fan, steps) -> rows.addAll(rows(fan, steps)));
    if (rows.size() > 1) {
      text.append(Table.render(rows, columns, style)).append('\n');
    }
    text.append(verdict(outcome)).append('\n');
    if (outcome.get("outputs") instanceof Map<?, ?> outputs && !outputs.isEmpty()) {
      text.append("outputs: ").append(Text.cut(Json.write(outputs), LONGEST_OUTPUT)).append('\n');
    }
    return text.toString();
  }

  private String verdict(Map<?, ?> outcome) {
    String status = Text.of(outcome, "status");
    String sentence = Text.of(outcome, "workflow") + " " + status.replace('_', ' ');
    if (outcome.get("durationMs") instanceof Number ms) {
      sentence += " in " + Text.duration(Duration.ofMillis(ms.longValue()));
    }
    String shown =
        switch (status) {
          case "succeeded" -> style.green(sentence);
          case "failed", "timed_out" -> style.red(sentence);
          case "cancelled", "partially_succeeded" -> style.yellow(sentence);
          default -> sentence;
        };
    return style.bold(shown) + style.dim("  (run " + Text.of(outcome, "id") + ")");
  }

  /** The steps in their order, those of one fan together under its name. */
  private static Map<String, List<Map<?, ?>>> fans(Map<?, ?> outcome) {
    Map<String, List<Map<?, ?>>> groups = new LinkedHashMap<>();
    if (outcome.get("steps") instanceof List<?> steps) {
      for (Object entry : steps) {
        if (entry instanceof Map<?, ?> step) {
          String id = Text.of(step, "id");
          String group = Text.fanOf(id).map(fan -> fan + "[]").orElse(id);
          groups.computeIfAbsent(group, unused -> new ArrayList<>()).add(step);
        }
      }
    }
    return groups;
  }

  private static List<List<String>> rows(String fan, List<Map<?, ?>> steps) {
    if (steps.size() <= SMALL_FAN) {
      return steps.stream().map(Summary::row).toList();
    }
    Map<String, Long> counts =
        steps.stream()
            .collect(
                Collectors.groupingBy(
                    step -> Text.of(step, "status"), LinkedHashMap::new, Collectors.counting()));
    String told =
        counts.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of(fan.replace("[]", "[*]"), told, "", "", ""));
    steps.stream()
        .filter(
            step ->
                StepView.Phase.of(Text.of(step, "status"))
                    .map(StepView.Phase::isFailure)
                    .orElse(false))
        .limit(SMALL_FAN)
        .map(Summary::row)
        .forEach(rows::add);
    return rows;
  }

  private static List<String> row(Map<?, ?> step) {
    String why =
        Stream.of(step.get("error"), step.get("reason"))
            .filter(Objects::nonNull)
            .map(Text::sentence)
            .collect(Collectors.joining("; "));
    return List.of(
        Text.of(step, "id"), Text.of(step, "status"), Text.of(step, "attempts"), took(step), why);
  }

  private static String took(Map<?, ?> step) {
    Optional<Instant> from = Text.instant(step.get("startedAt"));
    Optional<Instant> to = Text.instant(step.get("finishedAt"));
    return from.isPresent() && to.isPresent()
        ? Text.duration(Duration.between(from.get(), to.get()))
        : "";
  }
}
