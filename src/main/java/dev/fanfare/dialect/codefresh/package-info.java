/**
 * Codefresh's pipelines: {@code codefresh.yml} and the wrapper {@code kind: pipeline}.
 *
 * <p>Reading goes twice over a file. {@link dev.fanfare.dialect.codefresh.StepIndex} first finds
 * every step, since any condition may name any other one by its plain id, wherever it stands. Then
 * {@code StepReader} makes the steps: {@code Bodies} what they do, {@code Whens} when they do it,
 * {@code Policies} what their failure means, {@code HooksReader} what surrounds them.
 *
 * <p>Sequential mode becomes a sequence whose conditions are asked once, when a step's turn has
 * come. {@code mode: parallel} becomes a graph: a list of steps to wait for becomes needs, any
 * other condition {@code join: when}, which is asked again and again. Conditions are parsed here
 * and written as CEL, so one evaluator and one budget serve all dialects.
 *
 * <p>{@code ${{X}}} is kept as text where nothing is known of X, as Codefresh does it: in commands
 * by {@code Work.Run.texts}, elsewhere by expressions that fall back to the written text.
 *
 * <p>What needs Codefresh's own cloud becomes a call of a Java step named {@code codefresh/TYPE}.
 *
 * <p>May see: {@code definition}, {@code dialect}, {@code dialect.key}, {@code dialect.yaml}.
 */
@NullMarked
package dev.fanfare.dialect.codefresh;

import org.jspecify.annotations.NullMarked;
