/**
 * The workloads of {@code docs/performance.md}, run in this process on a real PostgreSQL.
 *
 * <p>Absolute times say more about a machine than about an engine, so every line carries a
 * calibration taken right before it: one-client commits per second through the same driver. A
 * workload is measured after a warm-up; commits and statements are PostgreSQL's own counts.
 */
@NullMarked
package dev.fanfare.local.bench;

import org.jspecify.annotations.NullMarked;
