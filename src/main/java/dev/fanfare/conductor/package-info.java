/**
 * The loop around the engine: takes the events of a run one after another, decides, commits, acts.
 *
 * <p>A {@link dev.fanfare.conductor.Conductor} has a few lanes, each a thread; a run belongs to one
 * lane, so its events are decided in order without a lock. Events that arrive while a commit is
 * under way are decided together and committed together: that is the group commit, across runs too.
 * Between commits a lane remembers the runs that are at work; the version of the run's row tells
 * when another process has moved one, and then the lane forgets what it knew, reads again and
 * decides again.
 *
 * <p><b>Order of things.</b> Decide, commit, then act. Nobody is answered, invoked or stopped
 * before the commit. What is lost after it, because the process dies, is found by the sweep: claims
 * by their leases, timers by their time.
 *
 * <p><b>Failure handling.</b> What this process remembers may be old. A commit finds that out by
 * the version; a decision that changes nothing is not committed, so it counts only when it was
 * taken on what has just been read. While the database cannot be reached a lane asks again, and
 * after a while fails its tasks; whoever reports or begins repeats that until it is decided, which
 * the fence makes safe. A commit that the database refuses is tried apart, event by event, so that
 * one bad value fails its own step only. A claim that nobody received is held by nobody: its lease
 * runs out and the sweep, which looks at every live run, puts the step back.
 *
 * <p><b>Keeping time.</b> A process that lives on has threads for timers and leases. One that is
 * {@link dev.fanfare.conductor.Hosted}, frozen between invocations, has none: {@link
 * dev.fanfare.conductor.HostedTimers} fires what is due before an invocation ends and has somebody
 * woken for the rest; leases are renewed from {@code attend} to {@code settle}, which waits until
 * nothing that was started is under way.
 *
 * <p><b>Many processes, one run.</b> A lane that has lost twice against others leaves its begins
 * and reports in the run's inbox, where whoever has the turn decides all of them in one commit
 * ({@link dev.fanfare.conductor.Letters}).
 *
 * <p>{@link dev.fanfare.conductor.Timers} and {@link dev.fanfare.conductor.Leases} are the sweep.
 *
 * <p>May see: {@code engine}, {@code graph}, {@code dialect}, {@code store}, {@code work}, {@code
 * invoke}, {@code secret}, {@code blob}.
 */
@NullMarked
package dev.fanfare.conductor;

import org.jspecify.annotations.NullMarked;
