/**
 * Fanfare on one machine: the command line and everything it starts.
 *
 * <p>{@link dev.fanfare.local.Main} reads the command line, starts what the command needs (nothing
 * for {@code plan}; PostgreSQL and the application for {@code run}, {@code serve} and {@code
 * bench}), and stops it again in the reverse order. It is the edge of the program: a failure below
 * becomes one sentence on standard error and an exit code here, never a stack trace; details go to
 * a file under {@code $FANFARE_HOME/logs}.
 *
 * <p>Standard output carries results only; progress, logs and diagnostics of a run go to standard
 * error.
 *
 * <p>May see every other package. Nothing sees this one, and it stays out of the zip that is
 * deployed: what it needs from elsewhere (command line parsing, embedded PostgreSQL) is an optional
 * dependency.
 */
@NullMarked
package dev.fanfare.local;

import org.jspecify.annotations.NullMarked;
