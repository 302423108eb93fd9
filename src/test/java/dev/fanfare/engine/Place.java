package dev.fanfare.engine;

/**
 * Of the reference: where a step is computed.
 *
 * @param cut what stops it from outside
 * @param decided when the race that it is a branch of was decided
 * @param dooms whether the run fails when it does
 */
record Place(Cut cut, long decided, boolean dooms) {}
