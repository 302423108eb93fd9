/**
 * flowtoy files: sources, and a flow of steps that call them.
 *
 * <p>The file is read in three passes: the sources, the heads of the steps (name, source, outputs),
 * then what each step does, for which its templates are translated. Whatever a template reads of
 * another step, anywhere in the input or in the configuration of the source, makes an edge. {@code
 * rest} becomes an HTTP request, {@code process} a script, {@code env} secrets; any other type of
 * source is a Java step of that name.
 *
 * <p>Failure handling: everything a person wrote ends in diagnostics with their places. What a step
 * that fails means to another is decided for each edge: by the failing step, where only the other
 * one says something by that, else by the runner.
 *
 * <p>May see: {@code definition}, {@code expression} and what {@code dialect} shares.
 */
@NullMarked
package dev.fanfare.dialect.flowtoy;

import org.jspecify.annotations.NullMarked;
