/**
 * Workflows, runs, steps and events as entities, for lists that people page through.
 *
 * <p>Read-only: every entity is immutable, {@link dev.fanfare.store.RunLedger} and {@link
 * dev.fanfare.store.GraphStore} are the only writers. The hot path never comes here; a process that
 * shows no lists switches Hibernate off ({@code quarkus.hibernate-orm.active=false}) and starts
 * faster. Each query opens a session of its own and is one range of an index.
 *
 * <p>Must be called on a Vert.x context, as a request of the HTTP API is.
 *
 * <p>May see: {@code java}, Panache.
 */
@NullMarked
package dev.fanfare.store.browse;

import org.jspecify.annotations.NullMarked;
