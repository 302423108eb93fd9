package dev.fanfare.function;

import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Work;
import dev.fanfare.engine.Origin;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import dev.fanfare.store.RunView;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A run as programs read it: what {@code run --output json} prints and the API answers. */
public final class RunJson {

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private RunJson() {}

  /** The whole run: every step of the graph, also those that nothing has happened to. */
  public static Map<String, @Nullable Object> outcome(RunView run, Graph graph) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", run.id().toString());
    json.put("workflow", run.workflow());
    json.put("status", run.status());
    if (run.attempt() > 1) {
      json.put("attempt", (long) run.attempt());
    }
    json.put("startedAt", time(run.startedAt()));
    json.put("finishedAt", run.finishedAt().map(RunJson::time).orElse(null));
    json.put(
        "durationMs",
        run.finishedAt()
            .map(end -> end.toEpochMilli() - run.startedAt().toEpochMilli())
            .orElse(null));
    json.put("outputs", run.outputs() == null ? Map.of() : run.outputs());
    if (run.reason() != null) {
      json.put("reason", told(run.reason()));
    }
    if (!run.attempts().isEmpty()) {
      json.put("earlierAttempts", run.attempts().stream().map(RunJson::attempt).toList());
    }
    Origin.of(run.context()).ifPresent(parent -> json.put("parent", parent(parent)));
    json.put("steps", new StepOrder(run, graph).all());
    return json;
  }

  /** How an earlier attempt of a run ended, and who began the next one where. */
  public static Map<String, @Nullable Object> attempt(RunView.AttemptView attempt) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("attempt", (long) attempt.attempt());
    json.put("status", attempt.status());
    json.put("startedAt", time(attempt.startedAt()));
    json.put("finishedAt", attempt.finishedAt().map(RunJson::time).orElse(null));
    if (attempt.reason() != null) {
      json.put("reason", told(attempt.reason()));
    }
    json.put("next", Map.of("from", attempt.nextFrom(), "by", attempt.nextBy()));
    return json;
  }

  private static Map<String, @Nullable Object> parent(Origin parent) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("run", parent.run().toString());
    json.put("step", parent.step());
    json.put("attempt", (long) parent.attempt());
    return json;
  }

  /** A time as RFC 3339 with milliseconds. */
  public static String time(Instant at) {
    return MILLIS.format(at);
  }

  /** A reason with the sentence that a person reads. */
  private static @Nullable Map<String, Object> told(@Nullable Map<String, Object> reason) {
    if (reason == null) {
      return null;
    }
    Map<String, Object> told = new LinkedHashMap<>(reason);
    told.put("message", ReasonText.of(reason));
    return told;
  }

  /**
   * Steps in the order of the file, instances in the order of items and turns, each group before
   * what is in it.
   */
  private static final class StepOrder {
    private final Graph graph;
    private final Map<String, RunView.StepView> byPath = new HashMap<>();
    private final Map<String, List<RunView.StepView>> instances = new HashMap<>();
    private final List<Map<String, @Nullable Object>> all = new ArrayList<>();
    private final boolean over;

    StepOrder(RunView run, Graph graph) {
      this.graph = graph;
      this.over = run.finishedAt().isPresent();
      for (RunView.StepView step : run.steps()) {
        byPath.put(step.path(), step);
        instances.computeIfAbsent(step.parent(), ignored -> new ArrayList<>()).add(step);
      }
      instances
          .values()
          .forEach(list -> list.sort(java.util.Comparator.comparingInt(RunView.StepView::ordinal)));
    }

    List<Map<String, @Nullable Object>> all() {
      for (int index : graph.top()) {
        Node node = graph.node(index);
        add(node, node.id(), Optional.empty());
      }
      graph.hooks().values().forEach(hook -> addHook(graph.node(hook), ""));
      return all;
    }

    /** A hook after what it belongs to; one that was not called is left out. */
    private void addHook(Node hook, String owner) {
      String path = Graph.pathOf(hook, owner);
      RunView.StepView row = byPath.get(path);
      if (row != null && !row.status().equals(StepStatus.PENDING.id())) {
        add(hook, path, Optional.empty());
      }
    }

    private void add(Node node, String path, Optional<String> closedGroup) {
      RunView.StepView found = byPath.get(path);
      // What a rerun has put back, and what is around it did not come to, is as if it had no row.
      RunView.StepView step = found != null && isLeftOver(found) ? null : found;
      all.add(step == null ? absent(path, closedGroup) : json(step, node));
      Optional<String> closed =
          closedGroup.or(() -> step == null ? Optional.of(path) : Optional.empty());
      if (node.shape() instanceof Shape.Repeated) {
        for (RunView.StepView instance : instances.getOrDefault(path, List.of())) {
          if (!isLeftOver(instance)) {
            add(graph.node(instance.node()), instance.path(), closed);
          }
        }
      } else {
        boolean neverOpened =
            step != null && step.startedAt().isEmpty() && step.endedAt().isPresent();
        for (int child : node.children()) {
          Node inside = graph.node(child);
          add(
              inside,
              Graph.pathOf(inside, path),
              neverOpened ? closed.or(() -> Optional.of(path)) : closed);
        }
      }
      node.hooks().values().forEach(hook -> addHook(graph.node(hook), path));
    }

    private boolean isLeftOver(RunView.StepView step) {
      return over && step.status().equals("pending");
    }

    /** A step without a row: it has not come to be, and after the run's end it never will. */
    private Map<String, @Nullable Object> absent(String path, Optional<String> closedGroup) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("id", path);
      json.put("status", over ? "not_run" : "pending");
      json.put(
          "reason",
          over ? told(Map.of("code", "group_not_run", "group", closedGroup.orElse(""))) : null);
      json.put("attempts", 0L);
      json.put("startedAt", null);
      json.put("finishedAt", null);
      json.put("output", null);
      json.put("error", null);
      return json;
    }

    /** The run that a step started: one that it waits for, or one that it left alone. */
    private static Optional<Object> child(RunView.StepView step, Node node) {
      boolean leavesAlone =
          node.shape() instanceof Shape.Leaf(Work.SubWorkflow work) && !work.await();
      return leavesAlone && step.output() instanceof Map<?, ?> output
          ? Optional.ofNullable(output.get("run"))
          : step.child().map(child -> child);
    }

    /** What a waiting step waits for, and what whoever brings it needs to know. */
    private static Optional<Map<String, @Nullable Object>> waitsFor(RunView.StepView step) {
      if (!step.status().equals("waiting") || step.reason() == null) {
        return Optional.empty();
      }
      Map<String, @Nullable Object> wait = new LinkedHashMap<>();
      switch (String.valueOf(step.reason().get("code"))) {
        case "awaiting_approval" -> {
          wait.put("kind", "approval");
          wait.put("message", step.reason().get("prompt"));
        }
        case "awaiting_event" -> {
          wait.put("kind", "event");
          wait.put("event", step.reason().get("event"));
        }
        case "awaiting_callback" -> {
          wait.put("kind", "callback");
          wait.put("path", step.token().map(token -> "/api/callbacks/" + token).orElse(null));
        }
        default -> {
          return Optional.empty();
        }
      }
      wait.put("deadline", step.deadline().map(RunJson::time).orElse(null));
      return Optional.of(wait);
    }

    private static Map<String, @Nullable Object> json(RunView.StepView step, Node node) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("id", step.path());
      json.put("status", step.status());
      json.put("reason", told(step.reason()));
      json.put("attempts", (long) step.attempt());
      json.put("startedAt", step.startedAt().map(RunJson::time).orElse(null));
      json.put("finishedAt", step.endedAt().map(RunJson::time).orElse(null));
      json.put("output", step.output());
      json.put("error", step.error());
      if (step.exitCode() != null) {
        json.put("exitCode", (long) step.exitCode());
      }
      child(step, node).ifPresent(run -> json.put("run", run));
      waitsFor(step).ifPresent(wait -> json.put("waitsFor", wait));
      return json;
    }
  }
}
