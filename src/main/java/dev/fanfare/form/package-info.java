/**
 * Forms of approvals: the only package that knows JSON Schema.
 *
 * <p>A schema comes from a workflow file and is checked when the file is read; a form comes from a
 * person and is checked before it is decided on. Nothing is fetched: a {@code $ref} may point into
 * its own schema and to the drafts themselves, which the library brings along. Patterns run in
 * linear time ({@link dev.fanfare.form.Patterns}), so that neither a schema nor a form can hold a
 * thread.
 *
 * <p>May see: {@code java}, Jackson, the JSON Schema library and {@code com.google.re2j}.
 */
@NullMarked
package dev.fanfare.form;

import org.jspecify.annotations.NullMarked;
