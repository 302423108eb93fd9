package dev.fanfare.testing.lambda;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The machine under another emulator of Lambda: that one keeps functions, versions and the
 * asynchronous queue, and hands on every invocation to be run here, in a process of the function.
 *
 * <p>One POST for each: the body is the payload, {@code X-Function}, {@code X-Function-Version} and
 * {@code X-Function-Arn} say of what, {@code X-Async} whether nobody waits for it, {@code
 * X-Amzn-Trace-Id} in which chain, and {@code X-AWS-ACCESS-KEY-ID} and its like are the credentials
 * of the function's role. The answer comes at the end, with {@code X-Function-Error} if it is one.
 *
 * <p>The faults of the host apply, as far as they are those of a machine or a queue: lost, doubled,
 * late, killed.
 */
public final class Runner implements AutoCloseable {

  /** Knows what is deployed. */
  @FunctionalInterface
  public interface Deployments {
    /** A version of a function, its code unpacked. */
    FunctionSettings of(String function, String version);
  }

  private static final int LARGEST_LOG = 4 << 10;

  private final Vertx vertx;
  private final LambdaHost host;
  private final Deployments deployments;
  private final HttpServer server;

  /** By function. */
  private final Map<String, String> versions = new HashMap<>();

  Runner(Vertx vertx, LambdaHost host, Deployments deployments) {
    this.vertx = vertx;
    this.host = host;
    this.deployments = deployments;
    this.server =
        vertx
            .createHttpServer(LambdaHost.loopback())
            .requestHandler(
                request -> request.body().onSuccess(body -> accept(request, body.getBytes())))
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  /** Where invocations are sent. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/");
  }

  private void accept(HttpServerRequest request, byte[] payload) {
    String name = header(request, "X-Function");
    Fleet current = host.fleetOrNull(name);
    if (current != null && deployed(name).equals(header(request, "X-Function-Version"))) {
      run(request, current, payload);
    } else {
      Thread.ofVirtual()
          .name("deploy-" + name)
          .start(
              () -> {
                try {
                  run(request, deploy(request, name), payload);
                } catch (RuntimeException e) {
                  request.response().setStatusCode(500).end(String.valueOf(e));
                }
              });
    }
  }

  private synchronized String deployed(String name) {
    return versions.getOrDefault(name, "");
  }

  private synchronized Fleet deploy(HttpServerRequest request, String name) {
    String version = header(request, "X-Function-Version");
    if (!deployed(name).equals(version)) {
      FunctionSettings settings = deployments.of(name, version);
      Map<String, String> environment = new LinkedHashMap<>(settings.environment());
      for (String key :
          new String[] {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) {
        environment.put(key, header(request, "X-" + key.replace('_', '-')));
      }
      // Loops are the emulator's to find.
      host.deploy(settings.withEnvironment(environment).withRecursion(true));
      versions.put(name, version);
    }
    return Objects.requireNonNull(host.fleetOrNull(name));
  }

  private void run(HttpServerRequest request, Fleet fleet, byte[] payload) {
    boolean async = header(request, "X-Async").equals("yes");
    String name = fleet.settings().name();
    Optional<Faults.Fault> fault = host.faults().of(Faults.Event.of(name, async, payload));
    CompletableFuture<Request.Result> result =
        switch (fault.orElse(null)) {
          case Faults.Dropped dropped -> {
            host.counts().add("dropped", name);
            byte[] nothing = "null".getBytes(StandardCharsets.UTF_8);
            yield CompletableFuture.completedFuture(new Request.Returned(nothing, ""));
          }
          case Faults.Doubled doubled -> {
            host.counts().add("doubled", name);
            later(doubled.apart(), request, fleet, payload);
            yield submit(request, fleet, payload, Optional.empty());
          }
          case Faults.Late late -> {
            host.counts().add("late", name);
            yield later(late.by(), request, fleet, payload);
          }
          case Faults.Killed killed -> submit(request, fleet, payload, Optional.of(killed.after()));
          case Faults.Refused refused -> submit(request, fleet, payload, Optional.empty());
          case Faults.Broken broken -> submit(request, fleet, payload, Optional.empty());
          case null -> submit(request, fleet, payload, Optional.empty());
        };
    result.thenAccept(ended -> answer(request, ended));
  }

  private CompletableFuture<Request.Result> later(
      Duration time, HttpServerRequest request, Fleet fleet, byte[] payload) {
    CompletableFuture<Request.Result> result = new CompletableFuture<>();
    vertx.setTimer(
        Math.max(1, time.toMillis()),
        timer -> submit(request, fleet, payload, Optional.empty()).thenAccept(result::complete));
    return result;
  }

  private static CompletableFuture<Request.Result> submit(
      HttpServerRequest request, Fleet fleet, byte[] payload, Optional<Duration> kill) {
    Request made =
        new Request(
            header(request, "X-Request-Id"),
            header(request, "X-Function-Arn"),
            payload,
            Lineage.of(header(request, "X-Amzn-Trace-Id")),
            Optional.empty(),
            kill,
            new CompletableFuture<>());
    fleet.submit(made);
    return made.result();
  }

  private static void answer(HttpServerRequest request, Request.Result result) {
    switch (result) {
      case Request.Returned returned -> answer(request, returned.payload(), returned.log());
      case Request.Failed failed -> {
        request.response().putHeader("X-Function-Error", "Unhandled");
        answer(request, failed.payload(), failed.log());
      }
      case Request.Throttled throttled -> request.response().setStatusCode(503).end();
      case Request.Recursive recursive -> request.response().setStatusCode(503).end();
    }
  }

  private static void answer(HttpServerRequest request, byte[] payload, String log) {
    String tail = log.length() > LARGEST_LOG ? log.substring(log.length() - LARGEST_LOG) : log;
    request
        .response()
        .putHeader("Content-Type", "application/json")
        .putHeader(
            "X-Log", Base64.getEncoder().encodeToString(tail.getBytes(StandardCharsets.UTF_8)))
        .end(Buffer.buffer(payload));
  }

  private static String header(HttpServerRequest request, String name) {
    return Optional.ofNullable(request.getHeader(name)).orElse("");
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }
}
