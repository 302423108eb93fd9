/**
 * PostgreSQL without an installation: the server's binaries come as a Maven artifact, its data
 * lives in Fanfare's home directory.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>One server per home directory. Whoever starts or stops it holds {@code start.lock}; whoever
 *       uses it holds a shared lock on {@code clients.lock}. The operating system drops both when a
 *       process dies, however it dies, so neither can go stale.
 *   <li>The last process that leaves stops the server. A process that was killed leaves it running,
 *       and the next one takes it over.
 *   <li>Nothing but the loopback address is listened on, and every connection needs the password
 *       that only the owner of the home directory can read (see {@link
 *       dev.fanfare.local.postgres.ServerDirectory}).
 *   <li>Durability is PostgreSQL's default: {@code fsync}, {@code synchronous_commit} and {@code
 *       full_page_writes} are on, except where a test asks for a throw-away server.
 * </ul>
 *
 * <p>Failures are {@link dev.fanfare.local.postgres.PostgresException}s whose message says what to
 * do. May see: {@code java}, the JDBC driver, and the readers of the binaries' archive.
 */
@NullMarked
package dev.fanfare.local.postgres;

import org.jspecify.annotations.NullMarked;
