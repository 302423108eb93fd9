/**
 * The workflows under {@code examples/} do what they say.
 *
 * <p>Run by a whole engine on a real database, with real compilers, servers and files; {@link
 * dev.fanfare.examples.CommandLineIT} runs them as a person does, by {@code scripts/fanfare}.
 */
@NullMarked
package dev.fanfare.examples;

import org.jspecify.annotations.NullMarked;
