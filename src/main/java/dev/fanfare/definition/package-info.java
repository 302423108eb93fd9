/**
 * What a workflow says.
 *
 * <p>Records and sealed interfaces that every dialect, the Java API and the graph compiler share.
 * Nothing here decides, evaluates or reads: a value of this package is what a person wrote, checked
 * for its shape only, and everything that can be wrong carries the {@link
 * dev.fanfare.definition.SourceSpan} of where it was written.
 *
 * <p>Values that a person writes (an {@code env} entry, a URL, a request body) are {@link
 * dev.fanfare.definition.Template}s: literals, expressions, or text with expressions in it. Plain
 * values are JSON as Java: {@code Map<String, Object>} in written order, {@code List<Object>},
 * {@code String}, {@code Long}, {@code Double}, {@code Boolean} and {@code null}.
 *
 * <p>May see: {@code java} only. May be seen by everything.
 */
@NullMarked
package dev.fanfare.definition;

import org.jspecify.annotations.NullMarked;
