/**
 * Delivery to Lambda functions.
 *
 * <p>{@link dev.fanfare.invoke.lambda.LambdaInvoker} hands claimed steps to Fanfare's own step
 * function by asynchronous invocations, several small ones in one; {@link
 * dev.fanfare.invoke.lambda.Claims} is what is sent, references and no data. A step that asks for
 * an image goes to the function that carries it, also from one machine, where {@link
 * dev.fanfare.invoke.lambda.ImageInvoker} picks these out; such a function is the step function
 * built with those tools. {@link dev.fanfare.invoke.lambda.CurrentInvocation} knows the invocation
 * under way, {@link dev.fanfare.invoke.lambda.MessageQueue} wakes a dispatcher later.
 *
 * <p>Invariants: nothing is sent before its commit, and no caller is held up. A payload has at most
 * 200 KB of claims. At most {@code atOnce} calls of one fan-out are under way. What is sent is one
 * hop further than what it was sent from.
 *
 * <p>Failure handling: until a function begins it, a claimed step is held by nobody, so what the
 * service loses is handed out again when the lease has run out. What it has no room for, or cannot
 * be reached for, is tried again for a few seconds and then left to the queue, with a longer lease;
 * without a queue the lease is all. What will not pass, a function that is not there or may not be
 * called, fails the step.
 *
 * <p>May see: {@code invoke}, {@code aws}, {@code definition}, {@code json}, the AWS SDK.
 */
@NullMarked
package dev.fanfare.invoke.lambda;

import org.jspecify.annotations.NullMarked;
