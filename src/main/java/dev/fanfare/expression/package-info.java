/**
 * Expressions: compiled once, evaluated within a budget, with no way out.
 *
 * <p>The language is CEL. Its grammar and macros come from {@code dev.cel}, which one class, {@link
 * dev.fanfare.expression.CelReader}, knows; it is loaded with the first expression, so a workflow
 * of literals never pays for it. What it reads becomes a small tree of our own, {@link
 * dev.fanfare.expression.Node}, that {@link dev.fanfare.expression.Checker} judges and {@link
 * dev.fanfare.expression.Evaluation} evaluates. The evaluator is ours because the promise of this
 * room is a bound on every step: {@link dev.fanfare.expression.Budget} is charged for each node,
 * each iteration, each element and each character, so the same expression on the same values always
 * ends the same way, on any machine. It also reads lazy maps by {@code containsKey} and {@code get}
 * alone, mixes whole and decimal numbers as JSON does, and knows the place of every failure.
 *
 * <p>Invariants: no clock, no randomness, no reflection, no host access, no state between
 * evaluations. Messages name kinds and written names, never values: a value may be a secret.
 *
 * <p>Failure: checking never throws, it reports diagnostics; evaluating throws {@link
 * dev.fanfare.expression.ExpressionException} and nothing else. Inside, a {@link
 * dev.fanfare.expression.Failure} carries the offset of what failed.
 *
 * <p>May see: {@code java}, {@code dev.fanfare.definition}, {@code dev.fanfare.json}, {@code
 * dev.cel} (one class) and {@code com.google.re2j} (one class).
 */
@NullMarked
package dev.fanfare.expression;

import org.jspecify.annotations.NullMarked;
