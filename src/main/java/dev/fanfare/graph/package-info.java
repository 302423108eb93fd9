/**
 * The execution graph: a workflow made ready to run.
 *
 * <p>{@link dev.fanfare.graph.GraphCompiler} turns a {@code definition.Workflow} into an immutable
 * {@link dev.fanfare.graph.Graph} of {@link dev.fanfare.graph.Node}s: needs resolved to edges with
 * both ends, inferred needs added, matrices expanded, written order turned into edges. Every check
 * that needs the whole graph happens here: missing needs, cycles, reads of steps that are not
 * upstream, secrets where they would be stored, what is written without effect.
 *
 * <p>A node is a step as written; an instance is a step at work. A {@code forEach} has one template
 * node for all its instances, so the graph's size does not depend on data. Edges connect siblings
 * only: a need of something outside is lifted to the enclosing step that is a sibling of it.
 *
 * <p>A hook is a node too: {@code build:always} has {@code build} as its parent without being one
 * of its children, so groups do not count it. No edge leads to or from it; its moment orders it.
 *
 * <p>What a step with {@code join: when} reads orders nothing and is no edge. It is kept in {@link
 * dev.fanfare.graph.Watches}, by reader and by what is read.
 *
 * <p>Nothing here recurses along edges: a chain of 100,000 steps compiles without a deep stack.
 *
 * <p>May see: {@code definition}, {@code expression}.
 */
@NullMarked
package dev.fanfare.graph;

import org.jspecify.annotations.NullMarked;
