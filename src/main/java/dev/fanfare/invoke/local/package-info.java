/**
 * Delivery inside one process: a hand-over to the step function on another thread.
 *
 * <p>The claimed steps that wait here for a slot keep their leases: the process that claimed them
 * renews them.
 */
@NullMarked
package dev.fanfare.invoke.local;

import org.jspecify.annotations.NullMarked;
