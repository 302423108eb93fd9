/** The files of other systems, run as they are: acceptance cases and the page of conformance. */
@NullMarked
package dev.fanfare.dialects;

import org.jspecify.annotations.NullMarked;
