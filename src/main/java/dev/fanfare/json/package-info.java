/**
 * JSON as plain Java values, and back.
 *
 * <p>The one place that configures Jackson. Everywhere else a JSON value is {@code Map<String,
 * Object>} in written order, {@code List<Object>}, {@code String}, {@code Long}, {@code Double},
 * {@code Boolean} or {@code null}: integers are always {@code Long}, so that equal values are equal
 * in Java. A leaf: may see {@code java} and Jackson only.
 */
@NullMarked
package dev.fanfare.json;

import org.jspecify.annotations.NullMarked;
