/**
 * Delivery inside one process: a queue with as many hands as the machine can take.
 *
 * <p>Shell steps take a slot each, because each is a process; other work waits for the network and
 * takes a virtual thread. A step that waits for a slot keeps its lease: the process that queues it
 * renews it.
 */
@NullMarked
package dev.fanfare.invoke.local;

import org.jspecify.annotations.NullMarked;
