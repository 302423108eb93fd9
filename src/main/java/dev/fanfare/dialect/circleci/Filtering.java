package dev.fanfare.dialect.circleci;

import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.circleci.Invocation.Requirement;
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

/**
 * Decides who of a workflow runs, and whom they wait for.
 *
 * <p>A job that is filtered is no dependency: the edges to it are dropped. A job all of whose
 * dependencies are filtered is filtered too. That is decided from the front to the back, once for
 * each edge.
 */
final class Filtering {

  private final PipelineValues pipeline;
  private final Problems problems;
  private final List<Invocation> invocations;
  private final Map<String, Set<Invocation>> byName = new HashMap<>();
  private final Map<Invocation, String> filtered = new HashMap<>();
  private final Map<Invocation, Map<Invocation, Requirement>> edges = new HashMap<>();

  private Filtering(List<Invocation> invocations, PipelineValues pipeline, Problems problems) {
    this.invocations = invocations;
    this.pipeline = pipeline;
    this.problems = problems;
  }

  /**
   * An invocation, and what became of it.
   *
   * @param objection why it does not run
   * @param needs whom it waits for, and in which of CircleCI's statuses
   */
  record Placed(
      Invocation invocation, Optional<String> objection, Map<Invocation, List<String>> needs) {}

  static List<Placed> of(List<Invocation> invocations, PipelineValues pipeline, Problems problems) {
    return new Filtering(invocations, pipeline, problems).placed();
  }

  private List<Placed> placed() {
    for (Invocation each : invocations) {
      name(each.name(), each);
      each.aliases().forEach(alias -> name(alias, each));
    }
    invocations.forEach(this::decide);
    Map<Invocation, List<Invocation>> dependants = new HashMap<>();
    for (Invocation each : invocations) {
      Map<Invocation, Requirement> required = required(each);
      edges.put(each, required);
      required
          .keySet()
          .forEach(on -> dependants.computeIfAbsent(on, any -> new ArrayList<>()).add(each));
    }
    spread(dependants);
    return invocations.stream().map(this::placed).toList();
  }

  private void name(String name, Invocation invocation) {
    byName.computeIfAbsent(name, any -> new LinkedHashSet<>()).add(invocation);
  }

  private void decide(Invocation each) {
    each.filter().objection(pipeline, problems).ifPresent(why -> filtered.put(each, why));
  }

  /** Several invocations of one name: one of them that requires it means those in front of it. */
  private Map<Invocation, Requirement> required(Invocation by) {
    Map<Invocation, Requirement> required = new LinkedHashMap<>();
    for (Requirement requirement : by.requires()) {
      Set<Invocation> all = byName.getOrDefault(requirement.name(), Set.of());
      if (all.isEmpty()) {
        unknown(requirement);
      }
      for (Invocation each : all) {
        if (each.equals(by) && all.size() > 1) {
          break;
        }
        required.merge(each, requirement, Filtering::both);
      }
    }
    return required;
  }

  /** Two requirements of one job must both hold. */
  private static Requirement both(Requirement one, Requirement two) {
    List<String> left = Statuses.expanded(one.statuses());
    List<String> right = Statuses.expanded(two.statuses());
    return new Requirement(one.name(), left.stream().filter(right::contains).toList(), one.span());
  }

  private void unknown(Requirement requirement) {
    problems.error(
        "unknown-need",
        "'" + requirement.name() + "' is required and is no job of this workflow",
        requirement.span(),
        Names.suggestion(
            requirement.name(), invocations.stream().map(Invocation::name).toList(), "jobs"));
  }

  /** From each filtered job to those that wait for nothing else. */
  private void spread(Map<Invocation, List<Invocation>> dependants) {
    Map<Invocation, Integer> left = new HashMap<>();
    edges.forEach((each, required) -> left.put(each, required.size()));
    Deque<Invocation> open = new ArrayDeque<>(filtered.keySet());
    while (!open.isEmpty()) {
      for (Invocation dependant : dependants.getOrDefault(open.remove(), List.of())) {
        int rest = left.merge(dependant, -1, Integer::sum);
        if (rest == 0 && !filtered.containsKey(dependant)) {
          filtered.put(dependant, "all jobs that it requires are filtered");
          open.add(dependant);
        }
      }
    }
  }

  private Placed placed(Invocation each) {
    Map<Invocation, List<String>> needs = new LinkedHashMap<>();
    if (!filtered.containsKey(each)) {
      edges
          .getOrDefault(each, Map.of())
          .forEach(
              (on, requirement) -> {
                if (!filtered.containsKey(on)) {
                  needs.put(on, requirement.statuses());
                }
              });
    }
    return new Placed(each, Optional.ofNullable(filtered.get(each)), needs);
  }
}
