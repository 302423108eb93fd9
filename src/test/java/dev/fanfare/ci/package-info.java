/** The script that CI jobs call, and the examples for CI systems. */
@NullMarked
package dev.fanfare.ci;

import org.jspecify.annotations.NullMarked;
