package dev.fanfare.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The order in which steps whose conditions never held are given up.
 *
 * <p>One whose condition reads another, or something that comes after it, is given up after that
 * one, so that it can still start because of how that one ended. Steps that wait for each other in
 * a circle are given up as they are written. Tarjan's algorithm over the beginnings and ends of all
 * nodes; it yields a circle once everything that the circle waits for has been yielded.
 */
final class Patience {

  private final Graph graph;
  private final int size;
  private final List<List<Integer>> waitsFor = new ArrayList<>();
  private final int[] number;
  private final int[] low;
  private final boolean[] isOpen;
  private final Deque<Integer> open = new ArrayDeque<>();
  private final List<Integer> order = new ArrayList<>();
  private int seen;

  private Patience(Graph graph) {
    this.graph = graph;
    this.size = graph.nodes().size();
    // A beginning for each node, an end for each, and the state of the run.
    int places = 2 * size + 1;
    this.number = new int[places];
    this.low = new int[places];
    this.isOpen = new boolean[places];
    for (int i = 0; i < places; i++) {
      waitsFor.add(new ArrayList<>(0));
    }
  }

  /** Indexes of the nodes with {@code join: when}. */
  static List<Integer> of(Graph graph) {
    Patience patience = new Patience(graph);
    patience.connect();
    for (int place = 0; place < patience.number.length; place++) {
      if (patience.number[place] == 0) {
        patience.walk(place);
      }
    }
    return patience.order;
  }

  private int end(int node) {
    return size + node;
  }

  private void connect() {
    int run = 2 * size;
    for (Node node : graph.nodes()) {
      int begin = node.index();
      waitsFor.get(end(begin)).add(begin);
      node.needs().forEach(need -> waitsFor.get(begin).add(end(need.from())));
      if (node.isTop()) {
        waitsFor.get(run).add(end(begin));
      } else {
        waitsFor.get(begin).add(node.parent());
        waitsFor.get(end(node.parent())).add(end(begin));
      }
      graph.watches().by(begin).forEach(watch -> waitsFor.get(begin).add(end(watch.step())));
    }
    graph.watches().ofRun().forEach(reader -> waitsFor.get(reader).add(run));
  }

  private void walk(int root) {
    Deque<int[]> path = new ArrayDeque<>();
    enter(root, path);
    while (!path.isEmpty()) {
      int[] at = path.element();
      int place = at[0];
      List<Integer> next = waitsFor.get(place);
      if (at[1] < next.size()) {
        int to = next.get(at[1]++);
        if (number[to] == 0) {
          enter(to, path);
        } else if (isOpen[to]) {
          low[place] = Math.min(low[place], number[to]);
        }
        continue;
      }
      path.remove();
      if (!path.isEmpty()) {
        int before = path.element()[0];
        low[before] = Math.min(low[before], low[place]);
      }
      if (low[place] == number[place]) {
        circle(place);
      }
    }
  }

  private void enter(int place, Deque<int[]> path) {
    number[place] = ++seen;
    low[place] = seen;
    isOpen[place] = true;
    open.push(place);
    path.push(new int[] {place, 0});
  }

  /** What waits for each other, or a single place that waits for none of what is left. */
  private void circle(int root) {
    List<Integer> members = new ArrayList<>();
    int place;
    do {
      place = open.pop();
      isOpen[place] = false;
      members.add(place);
    } while (place != root);
    members.stream().sorted().filter(graph.watches().readers()::contains).forEach(order::add);
  }
}
