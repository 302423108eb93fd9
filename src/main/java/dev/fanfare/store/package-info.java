/**
 * PostgreSQL: the only state of Fanfare, and the only package that knows SQL.
 *
 * <p><b>Promise.</b> Everything about one event is in one transaction. A decision counts only if
 * the run's {@code version} still is the one it was taken on; the row of the run is the run's
 * order. The database's clock is the only one: decisions carry durations, statements make them
 * times.
 *
 * <p>{@link dev.fanfare.store.RunLedger} writes what the engine decides, {@link
 * dev.fanfare.store.RunReader} reads what the engine needs; the statements of both are constants
 * with their cost. {@link dev.fanfare.store.RunViews} and the entities in {@code store.browse} read
 * for people. {@link dev.fanfare.store.Migrations} makes the schema; {@code docs/schema.sql} shows
 * it.
 *
 * <p>May see: {@code engine}, {@code definition}, {@code json}.
 */
@NullMarked
package dev.fanfare.store;

import org.jspecify.annotations.NullMarked;
