/**
 * Workflows written in Java: Cronflow's API.
 *
 * <p>Here are the fluent API, what a step sees of its run, and the text that a workflow becomes.
 *
 * <p>A person implements {@link dev.fanfare.dsl.Flows}; {@link dev.fanfare.dsl.Cronflow} collects
 * what is defined and makes {@link dev.fanfare.dsl.FlowCode} of each workflow: a text in the
 * language of docs/language.md, which is stored, planned and executed like any file, and the
 * functions that its {@code call} steps name as {@code WORKFLOW/STEP}. Nothing of a run is in the
 * memory of a process: what a function needs is in the step's input, or is read through {@link
 * dev.fanfare.dsl.Host} when it asks.
 *
 * <p>Always holds: names of steps are unique in a workflow; steps that the API adds have names with
 * a blank, which nobody else may use; defining has no effect but the definition.
 *
 * <p>Failure handling: bad use is a {@link dev.fanfare.dsl.FlowException} at the line that is
 * wrong; what a function throws is the failure of its attempt.
 *
 * <p>May see: {@code definition}, {@code json}, Jackson's annotations ({@link
 * dev.fanfare.dsl.Value} is its JSON where it is part of an output), {@code java}.
 */
@NullMarked
package dev.fanfare.dsl;

import org.jspecify.annotations.NullMarked;
