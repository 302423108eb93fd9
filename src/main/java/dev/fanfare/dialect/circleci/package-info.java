/**
 * CircleCI's configuration as a definition: what its compiler does when a pipeline starts, done
 * when the file is read.
 *
 * <p>CircleCI computes a configuration before anything runs: parameters, expressions, logic
 * statements, commands, matrices, filters. So does this importer, with what the run brings. What is
 * left is jobs and what they require. A job becomes one {@code run} step whose script does the
 * job's steps in order, in folders of its own; a workflow that is alone becomes the steps of the
 * file, several become a group each.
 *
 * <p>Reading goes in three passes, each linear in the file: {@code ConfigReader} finds what is
 * defined; {@code WorkflowReader} turns each workflow into {@code Invocation}s, with matrices
 * expanded and names made unique; {@code Filtering} decides who runs and drops the edges of those
 * who do not. {@code JobReader} then makes the script of each that is left. A scalar is rendered
 * where it is read, in the {@code Scope} it stands in, so that every finding has the place in the
 * file that a person wrote.
 *
 * <p>Failure handling: everything a person wrote ends in diagnostics, with bounds on depth, on the
 * number of jobs and on the time a pattern may take.
 *
 * <p>May see: {@code dialect}, {@code dialect.key}, {@code dialect.yaml}, {@code definition}.
 */
@NullMarked
package dev.fanfare.dialect.circleci;

import org.jspecify.annotations.NullMarked;
