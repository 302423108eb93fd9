package dev.fanfare.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * How many steps follow each other before a node among its siblings: a node has a higher rank than
 * every node it needs, directly or over others. What it reads in {@code join: when} counts as a
 * need; of nodes that read each other the first has the lowest rank.
 */
final class Ranks {

  private Ranks() {}

  /** Ranks by node index. */
  static int[] of(Graph graph) {
    List<Node> nodes = graph.nodes();
    int[] ranks = new int[nodes.size()];
    int[] undecided = new int[nodes.size()];
    Deque<Node> free = new ArrayDeque<>();
    for (Node node : nodes) {
      node.dependants().forEach(edge -> undecided[edge.to()]++);
      graph.watches().followers(node.index()).forEach(to -> undecided[to]++);
    }
    nodes.stream().filter(node -> undecided[node.index()] == 0).forEach(free::add);
    boolean[] taken = new boolean[nodes.size()];
    Iterator<Integer> stuck = graph.watches().readers().iterator();
    while (!free.isEmpty() || stuck.hasNext()) {
      Node node = free.isEmpty() ? nodes.get(stuck.next()) : free.remove();
      if (taken[node.index()]) {
        continue;
      }
      taken[node.index()] = true;
      List<Integer> after = new ArrayList<>(graph.watches().followers(node.index()));
      node.dependants().forEach(edge -> after.add(edge.to()));
      for (int to : after) {
        if (!taken[to]) {
          ranks[to] = Math.max(ranks[to], ranks[node.index()] + 1);
          if (--undecided[to] == 0) {
            free.add(nodes.get(to));
          }
        }
      }
    }
    return ranks;
  }
}
