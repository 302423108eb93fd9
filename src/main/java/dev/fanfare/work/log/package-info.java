/**
 * What a step prints, on its way to where it is kept.
 *
 * <p>A worker hands lines to a {@link dev.fanfare.work.log.LogSink}; {@link
 * dev.fanfare.work.log.LogBuffer} turns them into {@link dev.fanfare.work.log.LogChunk}s that a
 * reader can tail, page and search without reading the whole.
 *
 * <p>Invariants: chunks of an attempt are numbered from 0 without a gap and are delivered in order,
 * at most one in flight; every line below the bound is delivered; above the bound one note says so
 * and nothing follows it. A caller of {@code line} is never blocked: what is not delivered yet
 * waits in memory, at most the bound. A delivery that fails is repeated and at last given up with a
 * warning, since a log must not decide how a step ends.
 *
 * <p>May see: {@code java}, {@code secret} and Mutiny.
 */
@NullMarked
package dev.fanfare.work.log;

import org.jspecify.annotations.NullMarked;
