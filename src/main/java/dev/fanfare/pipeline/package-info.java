/**
 * Mutiny around the work: one attempt with its limits, its cancel signal and its heartbeat.
 *
 * <p>{@link dev.fanfare.pipeline.Attempt} subscribes to the work and to everything that may end it
 * early; the first of them to speak decides by one compare-and-set, and all others are cancelled.
 *
 * <p>Invariants: exactly one outcome, never a failure; once an attempt has timed out, or its
 * function's time is up, the work is really over before the outcome is told, so that a next attempt
 * does not meet its processes; a stop that somebody asked for is told at once and the work ends
 * behind it. These timers only stop work earlier than the database's clock would: who may report is
 * decided elsewhere.
 *
 * <p>Failure handling: a throwable of the work is an {@code Outcome.Failed}; a heartbeat that fails
 * or does not answer leaves the work alone, since the lease decides about a worker that is lost.
 *
 * <p>May see: {@code work}, {@code definition}, {@code engine}, {@code java}, Mutiny.
 */
@NullMarked
package dev.fanfare.pipeline;

import org.jspecify.annotations.NullMarked;
