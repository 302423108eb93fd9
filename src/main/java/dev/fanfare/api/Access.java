package dev.fanfare.api;

import dev.fanfare.function.SettingException;
import dev.fanfare.function.access.AccessSettings;
import dev.fanfare.function.access.AccessSettings.Mode;
import dev.fanfare.function.access.Scope;
import dev.fanfare.function.access.Tokens;
import dev.fanfare.function.http.HttpCall;
import dev.fanfare.function.http.HttpCalls;
import dev.fanfare.function.http.HttpTrigger;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who sends a request, before anything else is done with it.
 *
 * <p>Whatever the server answers is behind it, the pages under {@code /q} too. Without credentials
 * that are good every path is the same 401, whether or not there is something; only webhooks and
 * callbacks, which bring their own permission, go on to their resources. A resource method then
 * says what scope it needs ({@link Needs}), or that it is one of those two ({@link Open}); one that
 * says nothing is for admins.
 */
@Singleton
public class Access {

  private static final System.Logger LOG = System.getLogger(Access.class.getName());
  private static final String CALLER = Access.class.getName();
  private static final Pattern LINES = Pattern.compile("\\s*text/plain\\s*(;[^,]*)?");
  private static final String BEARER = "bearer ";

  /** Before all that Quarkus and the API themselves do with a request. */
  private static final int FIRST = 1_000_000;

  private static final String CHALLENGE = "WWW-Authenticate";
  private static final String SCHEME = "Bearer realm=\"fanfare\"";
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int UNAVAILABLE = 503;

  private final HttpCalls calls;
  private final CurrentVertxRequest current;
  private final AccessSettings settings;
  private final String host;
  private final Duration longest;
  private final Instance<Tokens> tokens;

  @Inject
  Access(HttpCalls calls, CurrentVertxRequest current, Instance<Tokens> tokens, Config config) {
    this.calls = calls;
    this.current = current;
    this.settings = AccessSettings.of(config);
    this.host = config.getValue("quarkus.http.host", String.class);
    this.longest = HttpTrigger.longestWait(config).orElse(Queries.LONGEST_WAIT);
    this.tokens = tokens;
  }

  void install(@Observes Filters filters) {
    filters.register(this::admit, FIRST);
  }

  /**
   * Whether this server may serve as it is configured.
   *
   * @throws SettingException if not
   */
  void check() {
    settings.onServer(host);
  }

  /** Who sent the request that is being answered; asked before anything is waited for. */
  Caller caller() {
    RoutingContext request = current.getCurrent();
    Object caller = request == null ? null : request.get(CALLER);
    return caller instanceof Caller known ? known : Caller.unknown(Optional.empty());
  }

  /** Where the API is for whoever sent the request. */
  UriBuilder url(UriInfo uri) {
    return caller()
        .lambda()
        .map(call -> UriBuilder.fromUri(call.url()))
        .orElseGet(uri::getBaseUriBuilder);
  }

  /** How long an answer to this request waits that was asked to wait so long. */
  Duration shorter(Duration asked) {
    Duration most = caller().lambda().map(HttpCall::longest).orElse(longest);
    return asked.compareTo(most) < 0 ? asked : most;
  }

  /** Whether callers have to say who they are. */
  boolean isGuarded() {
    return mode(caller().lambda()) != Mode.NONE;
  }

  /** Whether the answer reaches the caller as a whole only, and not as it is written. */
  boolean isBuffered() {
    return caller().lambda().isPresent();
  }

  private void admit(RoutingContext context) {
    HttpServerRequest request = context.request();
    Optional<HttpCall> lambda = calls.take(request.getHeader(HttpCalls.TICKET));
    request.headers().remove(HttpCalls.TICKET);
    switch (mode(lambda)) {
      case NONE -> go(context, Caller.anybody(lambda));
      case IAM -> go(context, iam(lambda));
      case TOKEN -> {
        request.pause();
        token(request.getHeader("Authorization"), lambda)
            .subscribe()
            .with(
                caller -> {
                  request.resume();
                  go(context, caller);
                },
                failure -> {
                  request.resume();
                  LOG.log(Level.ERROR, "a token could not be looked up", failure);
                  answer(
                      context,
                      Problem.of(
                          UNAVAILABLE,
                          "the token cannot be checked now; the server's log says why"));
                });
      }
    }
  }

  private Caller iam(Optional<HttpCall> lambda) {
    return lambda
        .flatMap(HttpCall::iam)
        .map(arn -> new Caller(arn, true, settings.scopes(arn), lambda))
        .orElseGet(() -> Caller.unknown(lambda));
  }

  private Uni<Caller> token(@Nullable String header, Optional<HttpCall> lambda) {
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Uni.createFrom().item(Caller.unknown(lambda));
    }
    return tokens
        .get()
        .bearer(header.substring(BEARER.length()).strip())
        .map(
            found ->
                found
                    .map(bearer -> new Caller(bearer.name(), true, bearer.scopes(), lambda))
                    .orElseGet(() -> Caller.unknown(lambda)));
  }

  private void go(RoutingContext context, Caller caller) {
    context.put(CALLER, caller);
    boolean open = isOpen(context);
    Optional<Problem> problem = open ? Optional.empty() : problem(caller, Scope.READ);
    if (problem.isPresent()) {
      answer(context, problem.get());
    } else {
      context.next();
    }
  }

  /** The paths of resources that are {@link Open}; these are asked once more. */
  private static boolean isOpen(RoutingContext context) {
    String path = context.normalizedPath();
    boolean post = context.request().method().equals(HttpMethod.POST);
    return post && (path.startsWith("/hooks/") || path.startsWith("/api/callbacks/"));
  }

  @ServerRequestFilter
  Optional<Response> check(ResourceInfo resource) {
    Method method = resource.getResourceMethod();
    if (method.isAnnotationPresent(Open.class)) {
      return Optional.empty();
    }
    Needs needs = method.getAnnotation(Needs.class);
    return problem(caller(), needs == null ? Scope.ADMIN : needs.value()).map(this::response);
  }

  /** Why a caller may not do what takes a scope. */
  private Optional<Problem> problem(Caller caller, Scope scope) {
    if (!caller.known()) {
      return Optional.of(Problem.of(UNAUTHORIZED, wanted(caller.lambda())));
    }
    if (scope.isIn(caller.scopes())) {
      return Optional.empty();
    }
    String held =
        caller.scopes().stream().sorted().map(Scope::id).collect(Collectors.joining(", "));
    return Optional.of(
        Problem.of(
            FORBIDDEN,
            "this takes the scope '"
                + scope.id()
                + "', and '"
                + caller.name()
                + "' has "
                + (held.isEmpty() ? "none" : "'" + held + "'")));
  }

  private String wanted(Optional<HttpCall> lambda) {
    return mode(lambda) == Mode.IAM
        ? "this is answered to requests that are signed with AWS credentials only"
        : "this is answered to callers with a token only: send 'Authorization: Bearer TOKEN'";
  }

  private Mode mode(Optional<HttpCall> lambda) {
    return lambda.isPresent() ? settings.onLambda() : settings.onServer(host);
  }

  private Response response(Problem problem) {
    Response.ResponseBuilder answer = Response.fromResponse(problem.toResponse());
    return problem.status() == UNAUTHORIZED
        ? answer.header(CHALLENGE, SCHEME).build()
        : answer.build();
  }

  private static void answer(RoutingContext context, Problem problem) {
    HttpServerResponse response = context.response().setStatusCode(problem.status());
    if (problem.status() == UNAUTHORIZED) {
      response.putHeader(CHALLENGE, SCHEME);
    }
    String accept = context.request().getHeader("Accept");
    if (accept != null && LINES.matcher(accept).matches()) {
      response
          .putHeader("Content-Type", "text/plain;charset=UTF-8")
          .end(PlainText.problem(problem));
    } else {
      response.putHeader("Content-Type", Problem.MEDIA_TYPE.toString()).end(problem.json());
    }
  }
}
