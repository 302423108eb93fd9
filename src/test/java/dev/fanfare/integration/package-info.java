/**
 * The whole engine on a real PostgreSQL, with what can go wrong: processes that are killed,
 * connections that break, deliveries that are lost, doubled and late.
 *
 * <p>A {@link dev.fanfare.integration.Stage} is a database and as many engines on it as a test
 * wants; each stands for a process. {@link dev.fanfare.integration.Invariants} asks the database
 * what must hold whatever has happened.
 */
@NullMarked
package dev.fanfare.integration;

import org.jspecify.annotations.NullMarked;
