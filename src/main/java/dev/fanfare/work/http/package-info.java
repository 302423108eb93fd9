/**
 * One HTTP request as work.
 *
 * <p>On the JDK's client, asynchronous from end to end: a cancelled subscription aborts the
 * request. Redirects are followed here and not by the client, so that a {@link
 * dev.fanfare.work.http.HostPolicy} sees every host before it is connected to, and no credentials
 * travel to another host.
 *
 * <p>Invariants: only {@code http} and {@code https}; at most 10 MiB of a response are read; a URL
 * in a message never shows user or password. The name is resolved just before the connection, and
 * the JVM's address cache makes both see the same addresses. Where {@link
 * dev.fanfare.work.http.HttpRoutes} send a request to a stand-in, the policy looks at that one.
 *
 * <p>Failure handling: each way to fail has a code ({@code http_status}, {@code http_connect},
 * {@code http_timeout}, {@code http_io}, {@code http_refused}, {@code http_invalid}, {@code
 * http_too_large}, {@code http_redirect}).
 *
 * <p>May see: {@code work}, {@code definition}, {@code json}, {@code java}, Mutiny.
 */
@NullMarked
package dev.fanfare.work.http;

import org.jspecify.annotations.NullMarked;
