/**
 * At-least-once delivery of "work on this".
 *
 * <p>An {@link dev.fanfare.invoke.Invoker} takes claimed steps after their claim is committed and
 * sees to it that a step function gets each of them. It may lose one, deliver one twice, late or
 * out of order: the stored claim is the outbox, its lease and its attempt number repair all of
 * that. What it must not do is hold up its caller.
 *
 * <p>{@code invoke.local} is a queue inside the process, {@code invoke.lambda} calls functions.
 * {@link dev.fanfare.invoke.Activity} counts what is on its way, for a process that may not stop
 * before it is quiet.
 *
 * <p>May see: {@code engine}, {@code work}, {@code definition}, {@code secret}.
 */
@NullMarked
package dev.fanfare.invoke;

import org.jspecify.annotations.NullMarked;
