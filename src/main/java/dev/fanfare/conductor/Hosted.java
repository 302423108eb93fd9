package dev.fanfare.conductor;

import dev.fanfare.invoke.Activity;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a conductor needs that lives in a function's environment: it is frozen between two
 * invocations, so nothing of it may be at work then, and somebody else has to wake it.
 *
 * @param activity counts what has to end before an invocation does
 * @param executor its threads may block
 * @param left what is left of the invocation under way
 * @param wakeLater has a function look for due timers after this long
 * @param look how often work in progress is compared with what is stored: how soon it hears that it
 *     was cancelled or given to somebody else
 */
public record Hosted(
    Activity activity,
    Executor executor,
    Supplier<Duration> left,
    Consumer<Duration> wakeLater,
    Duration look) {}
