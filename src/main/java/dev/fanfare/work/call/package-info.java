/**
 * Java beans as work.
 *
 * <p>A person names a CDI bean; it is a {@link dev.fanfare.work.call.JavaStep} (blocking, on a
 * virtual thread of its own) or a {@link dev.fanfare.work.call.ReactiveStep}. {@link
 * dev.fanfare.work.call.CallWork} finds it by its name, runs it and turns what it returns into
 * JSON.
 *
 * <p>Failure handling: whatever a bean throws is a failed outcome with class and message; the stack
 * goes to the debug log and never to the user. Cancelling interrupts a blocking bean and cancels a
 * reactive one.
 *
 * <p>May see: {@code work}, {@code work.log}, {@code definition}, {@code java}, Mutiny, Jackson,
 * CDI.
 */
@NullMarked
package dev.fanfare.work.call;

import org.jspecify.annotations.NullMarked;
