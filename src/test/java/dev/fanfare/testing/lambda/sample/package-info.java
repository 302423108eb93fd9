/** A function that does as its event says, for the tests of the host itself. */
@NullMarked
package dev.fanfare.testing.lambda.sample;

import org.jspecify.annotations.NullMarked;
