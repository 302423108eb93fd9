package dev.fanfare.conductor;

import dev.fanfare.engine.RunState;
import dev.fanfare.graph.Graph;
import dev.fanfare.work.files.View;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run that is at work.
 *
 * @param graph its graph
 * @param state its state after the last commit that was seen
 * @param views what many of its steps see alike of a layered workspace, made once for all of them
 */
record Known(Graph graph, RunState state, Map<String, View> views) {

  private static final int MOST_VIEWS = 50;

  Known(Graph graph, RunState state) {
    this(
        graph,
        state,
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, View> eldest) {
            return size() > MOST_VIEWS;
          }
        });
  }
}
