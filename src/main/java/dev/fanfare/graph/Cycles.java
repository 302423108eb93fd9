package dev.fanfare.graph;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds needs that lead back to where they start: Kahn's algorithm, then a walk for the message.
 */
final class Cycles {

  private Cycles() {}

  static List<Diagnostic> find(List<NodeDraft> nodes) {
    Map<Integer, Integer> waiting = new HashMap<>();
    Deque<NodeDraft> free = new ArrayDeque<>();
    for (NodeDraft node : nodes) {
      if (node.needs.isEmpty()) {
        free.add(node);
      } else {
        waiting.put(node.index, node.needs.size());
      }
    }
    while (!free.isEmpty()) {
      for (Edge edge : free.remove().dependants) {
        if (waiting.merge(edge.to(), -1, Integer::sum) == 0) {
          waiting.remove(edge.to());
          free.add(nodes.get(edge.to()));
        }
      }
    }
    List<Diagnostic> found = new ArrayList<>();
    while (!waiting.isEmpty()) {
      List<NodeDraft> cycle = walk(nodes, waiting);
      found.add(describe(cycle));
      // What merely waits for the cycle is not part of the problem.
      removeReachable(cycle, nodes, waiting);
    }
    return found;
  }

  private static List<NodeDraft> walk(List<NodeDraft> nodes, Map<Integer, Integer> waiting) {
    int start = Collections.min(waiting.keySet());
    Map<Integer, Integer> placeOf = new HashMap<>();
    List<NodeDraft> path = new ArrayList<>();
    NodeDraft at = nodes.get(start);
    while (!placeOf.containsKey(at.index)) {
      placeOf.put(at.index, path.size());
      path.add(at);
      at =
          nodes.get(
              at.needs.values().stream()
                  .map(Edge::from)
                  .filter(waiting::containsKey)
                  .findFirst()
                  .orElseThrow());
    }
    List<NodeDraft> cycle = new ArrayList<>(path.subList(placeOf.get(at.index), path.size()));
    Collections.reverse(cycle);
    int first = 0;
    for (int i = 1; i < cycle.size(); i++) {
      if (cycle.get(i).index < cycle.get(first).index) {
        first = i;
      }
    }
    Collections.rotate(cycle, -first);
    return cycle;
  }

  private static void removeReachable(
      List<NodeDraft> cycle, List<NodeDraft> nodes, Map<Integer, Integer> waiting) {
    Deque<NodeDraft> open = new ArrayDeque<>(cycle);
    cycle.forEach(node -> waiting.remove(node.index));
    while (!open.isEmpty()) {
      for (Edge edge : open.remove().dependants) {
        if (waiting.remove(edge.to()) != null) {
          open.add(nodes.get(edge.to()));
        }
      }
    }
  }

  private static Diagnostic describe(List<NodeDraft> cycle) {
    StringBuilder text = new StringBuilder();
    cycle.stream().limit(20).forEach(node -> text.append(node.id).append(" → "));
    if (cycle.size() > 20) {
      text.append("... → ");
    }
    text.append(cycle.getFirst().id);
    return Diagnostic.error(
        "cycle",
        "steps wait for each other in a circle: " + text,
        spanOf(cycle),
        "remove one of these needs");
  }

  /** The place of the need that closes the circle, or of the step where the need was inferred. */
  private static SourceSpan spanOf(List<NodeDraft> cycle) {
    NodeDraft first = cycle.getFirst();
    NodeDraft last = cycle.getLast();
    return first.step.needs().stream()
        .filter(need -> need.step().equals(last.step.name()))
        .map(Step.Need::span)
        .findFirst()
        .orElse(first.step.span());
  }
}
