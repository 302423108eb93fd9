/**
 * Who may call the API with what.
 *
 * <p>{@link dev.fanfare.function.access.AccessSettings} says how callers are known: not at all, by
 * a token of the API, or by the identity that AWS has verified. {@link
 * dev.fanfare.function.access.Tokens} makes, checks and revokes tokens; it is what the API, the
 * command line and the operator function share. A token's secret exists in the answer to whoever
 * made it and nowhere else: the store has a digest.
 *
 * <p>May see what {@code function} may.
 */
@NullMarked
package dev.fanfare.function.access;

import org.jspecify.annotations.NullMarked;
