/** Codefresh's files, read without an engine. */
@NullMarked
package dev.fanfare.dialect.codefresh;

import org.jspecify.annotations.NullMarked;
