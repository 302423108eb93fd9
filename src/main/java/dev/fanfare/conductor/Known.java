package dev.fanfare.conductor;

import dev.fanfare.engine.RunState;
import dev.fanfare.graph.Graph;

/** A run that is at work: its graph and its state after the last commit that was seen. */
record Known(Graph graph, RunState state) {}
