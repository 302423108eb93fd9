/**
 * What {@code infra/} would make on AWS, read from plans that {@code scripts/lib/infra-check} left
 * in {@code target/infra}, and whether its pages and scripts say what is so. {@code scripts/test}
 * makes the plans first; where there are none, or older ones than the sources, tests of plans are
 * left out with a word.
 */
@NullMarked
package dev.fanfare.infra;

import org.jspecify.annotations.NullMarked;
