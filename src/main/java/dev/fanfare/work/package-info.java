/**
 * What a leaf step does.
 *
 * <p>{@link dev.fanfare.work.Inputs} evaluates what a person wrote into an {@link
 * dev.fanfare.work.Input}: values only, nothing left to look up. A {@link dev.fanfare.work.Worker}
 * per kind of work turns an input into an {@link dev.fanfare.definition.Outcome}: {@code
 * work.shell}, {@code work.http}, {@code work.call}, none of which knows another.
 *
 * <p>Invariants: a worker never fails its Uni, every failure is an {@code Outcome.Failed} with a
 * code and a sentence; cancelling the subscription stops the work; an output is JSON that any part
 * of Fanfare can keep (no NUL, no half surrogate, at most 256 KiB). A value reaches a script as an
 * environment variable and never as a part of its text; a file is only touched inside the run's
 * {@link dev.fanfare.work.Workspace}. {@code work.files} makes the folder that is, shared by the
 * run or put together for one attempt.
 *
 * <p>Workers run at least once per attempt: what they do outside (a request, a file) may happen
 * twice, so each is given the idempotency key.
 *
 * <p>May see: {@code definition}, {@code expression}, {@code json}, {@code secret}, {@code java},
 * Mutiny, Jackson. Sees neither the store nor the engine.
 */
@NullMarked
package dev.fanfare.work;

import org.jspecify.annotations.NullMarked;
