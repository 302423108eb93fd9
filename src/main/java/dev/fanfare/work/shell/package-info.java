/**
 * Shell commands as work.
 *
 * <p>A script runs in a session of its own, so that it and all it starts can be signalled together:
 * {@code setsid} where there is one, Perl's otherwise. {@link dev.fanfare.work.shell.ShellWork} is
 * the worker, {@code ShellAttempt} one run of one script from its scratch folder to its outputs,
 * {@code ProcessGroup} everything the script has started.
 *
 * <p>Invariants: the script's text is what the person wrote, values come as environment variables
 * only, unless a dialect whose files write them into commands says otherwise; of the engine's own
 * environment nothing but a short list is inherited; when an attempt has ended, by itself or by
 * force, nothing of its session is left (a process that made itself a session of its own after its
 * parent had ended is out of reach). The main process decides the outcome: a background child that
 * keeps the pipes open delays it by a second at most.
 *
 * <p>Scripts of other systems find what they expect: texts of theirs are replaced ({@code
 * Replacement}), a set of programs is on their path ({@code Tools}), and what they export to later
 * scripts is kept in the workspace ({@code Exports}). Nothing of that happens to a script that does
 * not ask for it.
 *
 * <p>Failure handling: each attempt keeps its process group's id in its scratch folder; after a
 * hard end of the JVM {@code ShellWork.killOrphans} stops what is left. A group id is trusted only
 * together with the start time of its leader or with the run's id in the environment of a member. A
 * script begins when its group is written down and not before ({@code Starter}); what was started
 * and not written down is known by the name of its output file, which its environment holds.
 *
 * <p>May see: {@code work}, {@code work.log}, {@code definition}, {@code json}, {@code secret},
 * {@code java}, Mutiny, JMESPath.
 */
@NullMarked
package dev.fanfare.work.shell;

import org.jspecify.annotations.NullMarked;
