/**
 * The pure engine: events in, decisions out.
 *
 * <p>{@link dev.fanfare.engine.Engine#decide} takes a compiled graph, what is known of a run, and
 * events in the order in which they are to count, and says what becomes of the run: changed step
 * rows, timers to set, steps to hand out, work to stop. It has no clock, no randomness and no IO,
 * and never changes what it was given; the same input gives the same output on a laptop and in
 * Lambda. Times are durations, made absolute by the database when the decision is stored.
 *
 * <p><b>Invariants.</b> One run's events are decided one after another (the caller holds the run's
 * order). {@code attempt} is the fence: it grows with every claim, and a report with another number
 * changes nothing. A status changes only along {@link dev.fanfare.engine.Transitions}. A step ends
 * once. A group's counters are exact, so that a join costs the same for two children and for
 * 10,000.
 *
 * <p><b>Neighbourhood.</b> The engine reads a step, what depends on it, what encloses it and what
 * its expressions name, each by its path. A state that holds only part of a run answers {@link
 * dev.fanfare.engine.Reply.Needs}; the caller loads those rows and asks again. So the cost of a
 * report does not grow with the run.
 *
 * <p>Life of a step: {@link dev.fanfare.engine.Steps}. Structures: {@link
 * dev.fanfare.engine.Groups} and {@link dev.fanfare.engine.Races}. The run: {@link
 * dev.fanfare.engine.Runs}. Limits: {@link dev.fanfare.engine.Slots}. Hooks: {@link
 * dev.fanfare.engine.HookCalls}, {@link dev.fanfare.engine.RunHooks}. After the end: {@link
 * dev.fanfare.engine.Reruns}, {@link dev.fanfare.engine.AutoReruns}.
 *
 * <p>Who is released: by needs {@link dev.fanfare.engine.Edges}; by a condition that is asked again
 * {@link dev.fanfare.engine.Conditions}, which is told of every change of a status and asks only
 * those that read it.
 *
 * <p>May see: {@code graph}, {@code expression}, {@code definition}.
 */
@NullMarked
package dev.fanfare.engine;

import org.jspecify.annotations.NullMarked;
