package dev.fanfare.api;

import dev.fanfare.function.access.AccessSettings;
import dev.fanfare.function.http.HttpCall;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other origins out: a browser on the machine of a server would else let any
 * page start programs there. A request that names an origin must come from this server itself, and
 * a server that listens to its own machine only answers to that machine's names, so that no foreign
 * name can be pointed at it. What came as an event was sent to the name that AWS says.
 */
@Singleton
public class CrossSiteGuard {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final Access access;
  private final boolean loopbackOnly;

  @Inject
  CrossSiteGuard(Access access, @ConfigProperty(name = "quarkus.http.host") String host) {
    this.access = access;
    this.loopbackOnly = AccessSettings.isLoopback(host);
  }

  @ServerRequestFilter(preMatching = true)
  Optional<Response> check(ContainerRequestContext request) {
    String host = request.getHeaderString("Host");
    String origin = request.getHeaderString("Origin");
    Optional<HttpCall> lambda = access.caller().lambda();
    if (lambda.isPresent()) {
      // The name comes from AWS, and nobody but this process reaches the port.
      return origin == null || isSame(origin, URI.create(lambda.get().url()).getRawAuthority())
          ? Optional.empty()
          : refused("pages of " + origin + " may not use this server");
    }
    if (loopbackOnly && host != null && !LOOPBACK.contains(nameIn(host))) {
      return refused(
          "this server answers to the names of its own machine only, not to '"
              + host
              + "'; serve --host ADDRESS lets it listen to others");
    }
    if (origin != null && !isSame(origin, host)) {
      return refused("pages of " + origin + " may not use this server");
    }
    return Optional.empty();
  }

  private static boolean isSame(String origin, @Nullable String host) {
    try {
      return host != null && host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String nameIn(String host) {
    int port = host.lastIndexOf(':');
    return port > host.lastIndexOf(']') ? host.substring(0, port) : host;
  }

  private static Optional<Response> refused(String detail) {
    return Optional.of(Problem.of(403, detail).toResponse());
  }
}
