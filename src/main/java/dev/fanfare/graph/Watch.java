package dev.fanfare.graph;

/**
 * A step with {@code join: when} reads another one in its condition.
 *
 * @param reader index of the node whose condition reads
 * @param step index of the node that is read
 * @param to index of the node that is or contains the reader, beside {@code from}
 * @param from index of the node that is or contains what is read: once it has ended, nothing that
 *     is read of it changes
 * @param value whether more than its status is read, so that it must have ended to be there
 */
public record Watch(int reader, int step, int to, int from, boolean value) {}
