package dev.fanfare.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * How many steps follow each other before a node among its siblings: a node has a higher rank than
 * every node it needs, directly or over others.
 */
final class Ranks {

  private Ranks() {}

  /** Ranks by node index; the graph has no cycles. */
  static int[] of(List<Node> nodes) {
    int[] ranks = new int[nodes.size()];
    int[] undecided = new int[nodes.size()];
    Deque<Node> free = new ArrayDeque<>();
    for (Node node : nodes) {
      undecided[node.index()] = node.needs().size();
      if (node.needs().isEmpty()) {
        free.add(node);
      }
    }
    while (!free.isEmpty()) {
      Node node = free.remove();
      for (Edge edge : node.dependants()) {
        ranks[edge.to()] = Math.max(ranks[edge.to()], ranks[node.index()] + 1);
        if (--undecided[edge.to()] == 0) {
          free.add(nodes.get(edge.to()));
        }
      }
    }
    return ranks;
  }
}
