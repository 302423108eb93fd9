/**
 * The HTTP API: workflows, runs, events and logs as JSON; {@code docs/api.md} is its manual.
 *
 * <p>Resources read a request, call what {@link dev.fanfare.function.EngineRoom} offers or the
 * entities of {@code store.browse}, and encode the answer. Whatever is wrong becomes an {@link
 * dev.fanfare.api.ApiException} with a {@link dev.fanfare.api.Problem}, and every answer from 400
 * on is problem+json (RFC 9457). A request that is refused has stored nothing.
 *
 * <p>Threads: what compiles runs on a virtual thread, all else on the event loop; nothing waits by
 * holding a thread. Starting a run means starting programs, so pages of other origins are kept out
 * ({@link dev.fanfare.api.CrossSiteGuard}).
 *
 * <p>Who calls is found out before anything else, by {@link dev.fanfare.api.Access}, for every path
 * there is. A resource method says what scope it needs with {@link dev.fanfare.api.Needs}; one that
 * says nothing is for admins. {@link dev.fanfare.api.Open} is for what brings its own permission.
 *
 * <p>May see: {@code function}, {@code conductor}, {@code pipeline}, {@code store}, {@code
 * store.browse}, {@code definition}, {@code graph}, {@code json}, {@code work}, {@code work.log},
 * {@code form}.
 */
@NullMarked
package dev.fanfare.api;

import org.jspecify.annotations.NullMarked;
