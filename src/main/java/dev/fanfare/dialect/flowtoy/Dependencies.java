package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.Nearest;
import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step.Need;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.Problems;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which step needs which, and what the failure of one means to another. */
final class Dependencies {

  private static final List<StepStatus> SUCCESS = List.of(StepStatus.SUCCEEDED);
  private static final List<StepStatus> EITHER = List.of(StepStatus.SUCCEEDED, StepStatus.FAILED);

  private final Map<String, FlowStep> steps;
  private final Policy otherwise;
  private final Problems problems;
  private final Map<String, Map<String, Need>> needs = new LinkedHashMap<>();
  private final Map<String, List<FlowStep>> dependants = new HashMap<>();

  /**
   * @param otherwise what the runner says where no step says anything
   */
  Dependencies(Map<String, FlowStep> steps, Policy otherwise, Problems problems) {
    this.steps = steps;
    this.otherwise = otherwise;
    this.problems = problems;
  }

  /** A step needs what it names, and what its templates read. */
  void add(FlowStep step, Map<String, SourceSpan> read) {
    Map<String, Need> mine = needs.computeIfAbsent(step.name(), name -> new LinkedHashMap<>());
    step.dependsOn().forEach((name, span) -> add(step, name, span, false, mine));
    read.forEach((name, span) -> add(step, name, span, true, mine));
  }

  private void add(
      FlowStep step, String name, SourceSpan span, boolean inferred, Map<String, Need> into) {
    FlowStep needed = steps.get(name);
    if (needed == null) {
      problems.error(
          "unknown-step",
          "there is no step '" + name + "', which '" + step.name() + "' depends on",
          span,
          Nearest.to(name, steps.keySet())
              .map(near -> "did you mean '" + near + "'?")
              .orElse("the steps are " + String.join(", ", steps.keySet())));
      return;
    }
    if (into.containsKey(name)) {
      return;
    }
    List<StepStatus> on = policy(needed, step) == Policy.FAIL ? SUCCESS : EITHER;
    into.put(name, new Need(needed.id(), on, inferred, span));
    dependants.computeIfAbsent(name, key -> new ArrayList<>()).add(step);
  }

  /** The failing step decides; where only the other one says something, that one. */
  private Policy policy(FlowStep failing, FlowStep dependant) {
    return failing.onError().or(dependant::onError).orElse(otherwise);
  }

  List<Need> needs(FlowStep step) {
    return List.copyOf(needs.getOrDefault(step.name(), Map.of()).values());
  }

  /** Whether a step starts: not after a failure that makes it skip. */
  Optional<Template> when(FlowStep step) {
    String condition =
        needs.getOrDefault(step.name(), Map.of()).keySet().stream()
            .map(steps::get)
            .filter(needed -> policy(needed, step) == Policy.SKIP)
            .map(needed -> needed.cel() + ".status == \"succeeded\"")
            .collect(Collectors.joining(" && "));
    return condition.isEmpty()
        ? Optional.empty()
        : Optional.of(new Template.Expression(new Expr(condition, step.span())));
  }

  /**
   * A failure is tolerated where a policy other than {@code fail} covers all that it means: the
   * step's own, that of each step that needs it, or the runner's.
   */
  Optional<OnFailure> onFailure(FlowStep step) {
    List<FlowStep> others = dependants.getOrDefault(step.name(), List.of());
    boolean tolerated =
        others.isEmpty()
            ? step.onError().orElse(otherwise) != Policy.FAIL
            : others.stream().noneMatch(other -> policy(step, other) == Policy.FAIL);
    return tolerated
        ? Optional.of(
            new OnFailure(
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.of(StepStatus.FAILED),
                false,
                step.span()))
        : Optional.empty();
  }

  /** Reports steps that wait for each other; flowtoy would leave them waiting without a word. */
  void checkCycles() {
    Map<String, Integer> open = new LinkedHashMap<>();
    Deque<String> free = new ArrayDeque<>();
    for (String name : steps.keySet()) {
      int count = needs.getOrDefault(name, Map.of()).size();
      open.put(name, count);
      if (count == 0) {
        free.add(name);
      }
    }
    while (!free.isEmpty()) {
      String name = free.remove();
      open.remove(name);
      for (FlowStep dependant : dependants.getOrDefault(name, List.of())) {
        if (open.merge(dependant.name(), -1, Integer::sum) == 0) {
          free.add(dependant.name());
        }
      }
    }
    Set<String> seen = new LinkedHashSet<>();
    for (String name : open.keySet()) {
      if (!seen.contains(name)) {
        reportCycle(name, open.keySet(), seen);
      }
    }
  }

  private void reportCycle(String from, Set<String> among, Set<String> seen) {
    List<String> walked = new ArrayList<>();
    String name = from;
    while (!walked.contains(name)) {
      if (seen.contains(name)) {
        seen.addAll(walked);
        return;
      }
      walked.add(name);
      name =
          needs.getOrDefault(name, Map.of()).keySet().stream()
              .filter(among::contains)
              .findFirst()
              .orElseThrow();
    }
    seen.addAll(walked);
    List<String> cycle = new ArrayList<>(walked.subList(walked.indexOf(name), walked.size()));
    Need need = needs.getOrDefault(cycle.getLast(), Map.of()).get(name);
    cycle.add(name);
    problems.error(
        "dependency-cycle",
        "these steps wait for each other: " + String.join(" -> ", cycle),
        need == null ? SourceSpan.NONE : need.span(),
        "take one of the dependencies out; each arrow is 'needs'");
  }
}
