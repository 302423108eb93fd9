/**
 * Workflows written in Java, in a process: where they are found, how they are registered, and what
 * their functions reach.
 *
 * <p>{@link dev.fanfare.function.flow.FlowSources} finds {@link dev.fanfare.dsl.Flows}: beans of
 * the application, the class path, and jars of a folder, which share a class loader that shows them
 * nothing of Fanfare but its API. {@link dev.fanfare.function.flow.FlowSteps} has their functions
 * as steps that can be called; {@link dev.fanfare.function.flow.FlowHost} is the {@link
 * dev.fanfare.dsl.Host} of each.
 *
 * <p>Always holds: a workflow is registered by its text, like a file; a run has the graph it began
 * with, and finds its functions by the name of the workflow and the step.
 *
 * <p>Failure handling: what is wrong with a definition keeps the process from starting. A step
 * whose function is not in this process fails with {@code flow_code_missing}.
 *
 * <p>May see what {@code function} may.
 */
@NullMarked
package dev.fanfare.function.flow;

import org.jspecify.annotations.NullMarked;
