/**
 * The functions, and the services they share with one machine.
 *
 * <p>{@code trigger} stores a run and answers HTTP events, {@code dispatcher} hands claimed steps
 * out and sweeps, {@code step} does a step's work and goes on in place, {@code operator} migrates
 * and makes tokens. Each handler parses its event, calls its service and encodes the answer; what
 * they do is in {@link dev.fanfare.function.TriggerService}, {@link
 * dev.fanfare.function.StepService} and {@link dev.fanfare.conductor.Conductor}, which the command
 * line and the HTTP API use as well. {@link dev.fanfare.function.EngineRoom} puts them together.
 *
 * <p>In a Lambda function, which {@link dev.fanfare.function.Deployment} describes, {@code
 * LambdaHost} delivers and wakes, {@link dev.fanfare.function.InvocationScope} lasts until nothing
 * of an invocation is left to do, and {@code DispatcherService} reads what the dispatcher is sent.
 *
 * <p>{@code function.http} is the way of an HTTP event to the API of this process, {@code
 * function.access} says who may call it. Nothing is migrated but by the operator; {@link
 * dev.fanfare.function.SchemaGate} keeps a function from a schema that is behind it.
 *
 * <p>May see everything but {@code api}, {@code web} and {@code local}.
 */
@NullMarked
package dev.fanfare.function;

import org.jspecify.annotations.NullMarked;
