package dev.fanfare.work.http;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.work.Assignment;
import dev.fanfare.work.Input.HttpInput;
import dev.fanfare.work.Pulse;
import dev.fanfare.work.TraceContext;
import dev.fanfare.work.VirtualThreads;
import dev.fanfare.work.WorkException;
import dev.fanfare.work.Worker;
import io.smallrye.mutiny.Uni;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/**
 * Sends one request.
 *
 * <p>Redirects of GET and HEAD, and 303, 307 and 308 of any method, are followed up to five times;
 * 301 and 302 turn POST into GET as browsers do. A redirect from https to http is not followed, nor
 * one whose status is in {@code expect}.
 */
public final class HttpWork implements Worker<HttpInput> {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration RESPONSE_TIMEOUT = Duration.ofMinutes(5);
  private static final int MAX_REDIRECTS = 5;
  private static final Set<String> KEYED = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "cookie", "proxy-authorization");

  private final HostPolicy policy;
  private final HttpRoutes routes;
  private final Executor threads = VirtualThreads.executor();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .executor(threads)
          .build();

  public HttpWork(HostPolicy policy) {
    this(policy, HttpRoutes.NONE);
  }

  /**
   * @param routes to stand-ins of services
   */
  public HttpWork(HostPolicy policy, HttpRoutes routes) {
    this.policy = policy;
    this.routes = routes;
  }

  /** One request on the way, which redirects may change. */
  private record Hop(
      String method,
      Url url,
      Map<String, String> headers,
      Optional<RequestBody> body,
      Optional<Duration> timeout,
      Pulse pulse,
      int redirects) {}

  @Override
  public Uni<Outcome> work(Assignment assignment, HttpInput input) {
    return Uni.createFrom()
        .item(() -> prepare(assignment, input))
        .flatMap(hop -> send(hop, input).onFailure().recoverWithItem(e -> failed(e, hop)))
        .onFailure()
        .recoverWithItem(e -> Outcome.Failed.of(HttpErrors.of(e, input.method(), "the URL")));
  }

  private static Outcome failed(Throwable failure, Hop hop) {
    return Outcome.Failed.of(HttpErrors.of(failure, hop.method(), hop.url().uri().toString()));
  }

  private static Hop prepare(Assignment assignment, HttpInput input) {
    try {
      Url url = Url.of(input.url(), input.query());
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      url.authorization().ifPresent(value -> headers.put("Authorization", value));
      headers.putAll(input.headers());
      if (KEYED.contains(input.method())) {
        headers.putIfAbsent("Idempotency-Key", assignment.idempotencyKey());
      }
      traced(assignment.trace(), headers);
      Optional<RequestBody> body =
          input
              .body()
              .map(
                  value -> RequestBody.of(value, Optional.ofNullable(headers.get("Content-Type"))));
      body.ifPresent(content -> headers.put("Content-Type", content.contentType()));
      Optional<Duration> timeout =
          assignment.attemptTimeout().isPresent()
              ? Optional.empty()
              : Optional.of(RESPONSE_TIMEOUT);
      return new Hop(input.method(), url, headers, body, timeout, assignment.pulse(), 0);
    } catch (WorkException e) {
      throw new HttpErrors.Refused(e);
    }
  }

  /** A trace that the person gives is left as it is, with nothing of ours beside it. */
  private static void traced(TraceContext trace, Map<String, String> headers) {
    if (!headers.containsKey(TraceContext.PARENT) && !headers.containsKey(TraceContext.STATE)) {
      headers.put(TraceContext.PARENT, trace.parent());
      if (!trace.state().isEmpty()) {
        headers.put(TraceContext.STATE, trace.state());
      }
    }
  }

  private Uni<Outcome> send(Hop hop, HttpInput input) {
    return exchange(hop)
        .flatMap(
            response -> {
              Optional<String> location = response.headers().firstValue("location");
              boolean follow =
                  location.isPresent()
                      && isRedirect(response.statusCode())
                      && !input.expect().contains(response.statusCode());
              if (!follow) {
                return Uni.createFrom()
                    .item(Exchange.outcome(response, hop.method(), hop.url().uri(), input));
              }
              return follow(hop, response.statusCode(), location.get(), input);
            });
  }

  private Uni<Outcome> follow(Hop hop, int status, String location, HttpInput input) {
    Hop next = next(hop, status, location);
    return send(next, input).onFailure().recoverWithItem(e -> failed(e, next));
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private static Hop next(Hop hop, int status, String location) {
    if (hop.redirects() == MAX_REDIRECTS) {
      throw new HttpErrors.Refused(
          new WorkException(
              "http_redirect",
              "More than %d redirects; the last one leads to another.".formatted(MAX_REDIRECTS)));
    }
    try {
      Url target = Url.of(hop.url().uri().resolve(location).toString(), Map.of());
      if (hop.url().uri().getScheme().equals("https") && target.uri().getScheme().equals("http")) {
        throw new WorkException(
            "http_redirect", "The server redirects from https to http, which is not followed.");
      }
      boolean toGet =
          (status == 303 && !hop.method().equals("HEAD"))
              || ((status == 301 || status == 302) && hop.method().equals("POST"));
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      headers.putAll(hop.headers());
      if (!hop.url().sameOrigin(target.uri())) {
        CREDENTIALS.forEach(headers::remove);
      }
      if (toGet) {
        headers.remove("Content-Type");
      }
      return new Hop(
          toGet ? "GET" : hop.method(),
          target,
          headers,
          toGet ? Optional.empty() : hop.body(),
          hop.timeout(),
          hop.pulse(),
          hop.redirects() + 1);
    } catch (WorkException e) {
      throw new HttpErrors.Refused(e);
    } catch (IllegalArgumentException e) {
      throw new HttpErrors.Refused(
          new WorkException("http_redirect", "The server redirects to an address that is no URL."));
    }
  }

  private Uni<HttpResponse<byte[]>> exchange(Hop hop) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              InFlight inFlight = new InFlight();
              emitter.onTermination(inFlight::abort);
              BiFunction<HttpResponse<byte[]>, Throwable, Boolean> end =
                  (response, failure) -> {
                    // The client answers on a thread of the platform's common pool.
                    threads.execute(
                        () -> {
                          if (failure == null) {
                            emitter.complete(response);
                          } else {
                            emitter.fail(failure);
                          }
                        });
                    return true;
                  };
              threads.execute(() -> inFlight.start(() -> start(hop), end));
            });
  }

  /** Runs on a thread that may block: a name is resolved. */
  private CompletableFuture<HttpResponse<byte[]>> start(Hop hop) {
    try {
      URI target = routes.target(hop.url().uri());
      checkHost(target);
      HttpRequest request = request(hop, target);
      return client.sendAsync(
          request,
          response -> {
            hop.pulse().beat();
            return new BoundedBody(hop.pulse());
          });
    } catch (WorkException | UnknownHostException e) {
      return CompletableFuture.failedFuture(e);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(
          new WorkException("http_invalid", "The request is not valid: " + e.getMessage() + "."));
    }
  }

  private void checkHost(URI uri) throws WorkException, UnknownHostException {
    for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
      if (!policy.allows(address)) {
        throw new WorkException(
            ErrorInfo.of(
                    "http_refused",
                    "The host %s is at %s, where workflows of this server may not connect."
                        .formatted(uri.getHost(), address.getHostAddress()))
                .with("host", uri.getHost()));
      }
    }
  }

  private HttpRequest request(Hop hop, URI target) {
    HttpRequest.BodyPublisher body =
        hop.body()
            .map(content -> HttpRequest.BodyPublishers.ofString(content.text()))
            .orElse(HttpRequest.BodyPublishers.noBody());
    HttpRequest.Builder request = HttpRequest.newBuilder(target).method(hop.method(), body);
    new LinkedHashMap<>(hop.headers()).forEach(request::setHeader);
    URI asked = hop.url().uri();
    if (routes.has(asked)) {
      request.setHeader("X-Forwarded-Proto", asked.getScheme());
      request.setHeader("X-Forwarded-Host", asked.getRawAuthority());
    }
    hop.timeout().ifPresent(request::timeout);
    return request.build();
  }
}
