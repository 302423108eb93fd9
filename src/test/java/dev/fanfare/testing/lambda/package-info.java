/**
 * A small local AWS in one process of test code, spoken to over HTTP by the real AWS SDK.
 *
 * <p>{@link dev.fanfare.testing.lambda.LambdaHost} is the door. It runs functions as Lambda does:
 * the unpacked zip in processes of their own under AWS's Java runtime client, one invocation at a
 * time in each, stopped ({@code SIGSTOP}) between invocations, killed at their timeout. Beside the
 * Invoke operation it has Lambda's asynchronous queue, SQS with its event sources, and function
 * URLs. Tests set what becomes of events: {@link dev.fanfare.testing.lambda.Faults}.
 *
 * <p>What always holds: an error has the status, the type and the shape of AWS's API model, so that
 * the SDK throws what it would throw there; limits are AWS's; where AWS counts in minutes, {@link
 * dev.fanfare.testing.lambda.Pace} divides them. What is not here: permissions (any signature is
 * good), versions (an alias names the code there is), and everything that creates resources: a test
 * deploys with method calls.
 *
 * <p>Threads: HTTP is Vert.x and never waits; a {@link dev.fanfare.testing.lambda.Fleet} guards the
 * state of its processes with its own lock and calls nothing foreign while it holds it.
 */
@NullMarked
package dev.fanfare.testing.lambda;

import org.jspecify.annotations.NullMarked;
