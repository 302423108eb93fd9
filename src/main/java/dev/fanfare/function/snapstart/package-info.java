/**
 * Before and after a snapshot: what makes Lambda's SnapStart worth having.
 *
 * <p>Before the snapshot everything is done that a first invocation needs and that is the same in
 * every copy: a workflow is read, compiled and decided on, JSON is read and written, the clients of
 * AWS sign and read a call that never leaves the process, and the classes that a first step needs
 * are loaded. The engine room, the connection pool's connections and whatever is random or a time
 * are made after it, by the first invocation.
 *
 * <p>Invariants: nothing here reaches the network, draws at random or keeps a time; no part of the
 * engine room exists before the restore.
 *
 * <p>Failure: what cannot be primed is logged, and costs the first invocation its time.
 *
 * <p>May see: everything {@code function} may.
 */
@NullMarked
package dev.fanfare.function.snapstart;

import org.jspecify.annotations.NullMarked;
