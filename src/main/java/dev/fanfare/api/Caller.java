package dev.fanfare.api;

import dev.fanfare.function.access.Scope;
import dev.fanfare.function.http.HttpCall;
import java.util.Optional;
import java.util.Set;

/**
 * Who sent a request.
 *
 * @param name who did it, where a request does not say otherwise: the name of a token, an ARN, or
 *     {@code api}
 * @param known false where no credentials came, or none that are good
 * @param lambda what the event said, where the request came as one
 */
record Caller(String name, boolean known, Set<Scope> scopes, Optional<HttpCall> lambda) {

  static final String ANYBODY = "api";

  Caller {
    scopes = Set.copyOf(scopes);
  }

  /** Where nobody is asked who they are. */
  static Caller anybody(Optional<HttpCall> lambda) {
    return new Caller(ANYBODY, true, Set.of(Scope.ADMIN), lambda);
  }

  static Caller unknown(Optional<HttpCall> lambda) {
    return new Caller(ANYBODY, false, Set.of(), lambda);
  }
}
