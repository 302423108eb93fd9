/**
 * The log of a function: one JSON object a line, and lines that say what happened to steps and in
 * ticks. On one machine none of this is used: its log is for a person.
 *
 * <p>Invariants: a line has no line break in it; what a secret was covered in stays covered, since
 * the filter of the process comes before. Fields are named in {@code docs/operations.md}, and
 * alarms hang on them.
 *
 * <p>Failure: a record that cannot be written as it is, is written as text.
 *
 * <p>May see: everything {@code function} may, and the log manager.
 */
@NullMarked
package dev.fanfare.function.log;

import org.jspecify.annotations.NullMarked;
