/**
 * Jinja templates of flowtoy files, translated to the expressions of this language.
 *
 * <p>A template is read into a small tree, which is written as CEL: expressions, filters, tests,
 * {@code if}, {@code for} and {@code set}. What a name stands for is asked of {@link
 * dev.fanfare.dialect.flowtoy.jinja.Names}. Values become text as Python writes them ({@code True},
 * {@code None}), but for lists and mappings, which become JSON. A member that is not there fails
 * the step, as with {@code StrictUndefined}, unless {@code default} or {@code is defined} asks for
 * it.
 *
 * <p>Failure handling: what has no translation is an {@link
 * dev.fanfare.dialect.flowtoy.jinja.Untranslatable} with the place of it, which {@link
 * dev.fanfare.dialect.flowtoy.jinja.Jinja} turns into a diagnostic. Nothing is left out quietly.
 *
 * <p>May see: {@code definition}, and of {@code dialect} the nodes of YAML and the problems.
 */
@NullMarked
package dev.fanfare.dialect.flowtoy.jinja;

import org.jspecify.annotations.NullMarked;
