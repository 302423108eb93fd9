/**
 * The Fanfare language itself: a tree of YAML to a definition.
 *
 * <p>One parser per corner of the language, each a list of the keys it knows and what they become.
 * A parser never stops at an error: it reports it at the exact key or value, puts something of the
 * right type in its place and goes on, so that one pass finds everything (up to {@link
 * dev.fanfare.dialect.fanfare.Problems#MAX}). What is put in place is never seen by anybody, since
 * a file with an error yields no workflow.
 *
 * <p>Checked here is shape: keys, types, ranges, names, and what can be seen without looking at
 * other steps. Expressions are cut out and not compiled; needs are read and not followed. Both are
 * the graph's.
 *
 * <p>May see: {@code definition}, {@code dialect}, {@code dialect.yaml}.
 */
@NullMarked
package dev.fanfare.dialect.fanfare;

import org.jspecify.annotations.NullMarked;
