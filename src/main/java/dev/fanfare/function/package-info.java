/**
 * The three functions, and the services they share with one machine.
 *
 * <p>{@code trigger} stores a run, {@code dispatcher} hands claimed steps out and sweeps, {@code
 * step} does a step's work and goes on in place. Each handler parses its event, calls its service
 * and encodes the answer; what they do is in {@link dev.fanfare.function.TriggerService}, {@link
 * dev.fanfare.function.StepService} and {@link dev.fanfare.conductor.Conductor}, which the command
 * line and the HTTP API use as well. {@link dev.fanfare.function.EngineRoom} puts them together.
 *
 * <p>In a Lambda function, which {@link dev.fanfare.function.Deployment} describes, {@code
 * LambdaHost} delivers and wakes, {@link dev.fanfare.function.InvocationScope} lasts until nothing
 * of an invocation is left to do, and {@code DispatcherService} reads what the dispatcher is sent.
 *
 * <p>May see everything but {@code api}, {@code web} and {@code local}.
 */
@NullMarked
package dev.fanfare.function;

import org.jspecify.annotations.NullMarked;
