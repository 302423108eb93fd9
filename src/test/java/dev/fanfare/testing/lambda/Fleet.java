package dev.fanfare.testing.lambda;

import dev.fanfare.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** The environments of one function, and the invocations that wait for one. */
final class Fleet {

  private final Vertx vertx;
  private final RuntimeClient client;
  private final Signals signals;
  private final Counts counts;
  private final Restores restores;
  private final Path folder;
  private final List<Environment> all = new ArrayList<>();
  private final Deque<Environment> idle = new ArrayDeque<>();
  private final Deque<Request> waiting = new ArrayDeque<>();
  private FunctionSettings settings;
  private int total;
  private int coming;
  private int started;
  private int busy;
  private boolean closed;
  private boolean retired;

  Fleet(
      FunctionSettings settings,
      Vertx vertx,
      RuntimeClient client,
      Signals signals,
      Counts counts,
      Restores restores,
      Path folder) {
    this.settings = settings;
    this.vertx = vertx;
    this.client = client;
    this.signals = signals;
    this.counts = counts;
    this.restores = restores;
    this.folder = folder;
  }

  Restores restores() {
    return restores;
  }

  synchronized FunctionSettings settings() {
    return settings;
  }

  synchronized void reserve(OptionalInt concurrency) {
    settings = settings.withReserved(concurrency);
  }

  synchronized void recursion(boolean allowed) {
    settings = settings.withRecursion(allowed);
  }

  /** Runs a request as soon as there is an environment for it. Completes it in any case. */
  void submit(Request request) {
    counts.add("requests", settings().name());
    boolean recursive;
    boolean throttled;
    synchronized (this) {
      recursive = !settings.recursion() && request.lineage().count(settings.arn()) > Lineage.MOST;
      throttled =
          settings.reserved().isPresent()
              && busy + waiting.size() >= settings.reserved().getAsInt();
      if (!recursive && !throttled) {
        waiting.addLast(request);
        distribute();
      }
    }
    if (recursive) {
      counts.add("recursive", settings().name());
      request.result().complete(new Request.Recursive());
    } else if (throttled) {
      counts.add("throttled", settings().name());
      request.result().complete(new Request.Throttled());
    }
  }

  /** Hands waiting requests to idle environments, and starts what is missing. */
  private void distribute() {
    while (!waiting.isEmpty() && !idle.isEmpty()) {
      Environment environment = idle.removeLast();
      assign(environment, waiting.removeFirst());
    }
    while (!closed && coming < waiting.size() && total < settings.processes()) {
      coming++;
      total++;
      String name = settings.name() + "-" + ++started;
      Thread.ofVirtual().name("start-" + name).start(() -> start(name));
    }
  }

  private void start(String name) {
    FunctionSettings now = settings();
    RuntimeApi api = new RuntimeApi(this);
    HttpServer server =
        vertx
            .createHttpServer(LambdaHost.loopback())
            .requestHandler(api::handle)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    Environment environment = Environment.start(now, server, folder.resolve(name), client, name);
    counts.add("processes", now.name());
    synchronized (this) {
      all.add(environment);
      signals.born(environment.process.pid());
      if (closed) {
        environment.process.destroyForcibly();
      }
    }
    api.serve(environment);
    environment.process.onExit().thenAccept(exited -> gone(environment));
  }

  // --- what processes say

  /** An environment asks for its next invocation, and waits for it. */
  synchronized void next(Environment environment, HttpServerResponse response) {
    if (!environment.ready) {
      environment.ready = true;
      coming--;
      counts.init(settings.name(), environment.age().toMillis());
    }
    environment.asks = response;
    if (waiting.isEmpty() && retired) {
      environment.process.destroyForcibly();
    } else if (waiting.isEmpty()) {
      idle.addLast(environment);
      if (settings.freezes()) {
        environment.frozen = true;
        signals.freeze(environment.process.pid());
      }
    } else {
      assign(environment, waiting.removeFirst());
    }
  }

  private void assign(Environment environment, Request request) {
    long pid = environment.process.pid();
    HttpServerResponse response = Objects.requireNonNull(environment.asks);
    environment.asks = null;
    environment.current = request;
    environment.since = System.nanoTime();
    busy++;
    counts.add("invocations", settings.name());
    if (environment.frozen) {
      environment.frozen = false;
      signals.thaw(pid);
    }
    long limit = settings.timeout().toMillis();
    environment.timer = vertx.setTimer(limit, timer -> timedOut(environment, request));
    request
        .kill()
        .ifPresent(
            after ->
                vertx.setTimer(Math.max(1, after.toMillis()), timer -> kill(environment, request)));
    response
        .putHeader("Content-Type", "application/json")
        .putHeader("Lambda-Runtime-Aws-Request-Id", request.id())
        .putHeader("Lambda-Runtime-Deadline-Ms", String.valueOf(System.currentTimeMillis() + limit))
        .putHeader("Lambda-Runtime-Invoked-Function-Arn", request.arn())
        .putHeader("Lambda-Runtime-Trace-Id", request.lineage().header());
    request.context().ifPresent(text -> response.putHeader("Lambda-Runtime-Client-Context", text));
    response.end(Buffer.buffer(request.payload()));
  }

  /** Whether an environment works on an invocation. */
  synchronized boolean works(Environment environment, String id) {
    return environment.current != null && environment.current.id().equals(id);
  }

  /** The end of an invocation that the environment works on. */
  void ended(Environment environment, String id, Request.Result result) {
    Request request;
    synchronized (this) {
      request = environment.current;
      if (request == null || !request.id().equals(id)) {
        return;
      }
      Duration took = Duration.ofNanos(System.nanoTime() - environment.since);
      counts.duration(settings.name(), took);
      release(environment);
    }
    if (result instanceof Request.Failed) {
      counts.add("function-errors", settings().name());
    }
    request.result().complete(result);
  }

  private void release(Environment environment) {
    vertx.cancelTimer(environment.timer);
    environment.current = null;
    busy--;
  }

  private void timedOut(Environment environment, Request request) {
    synchronized (this) {
      if (environment.current != request) {
        return;
      }
      environment.death =
          Optional.of(
              error(
                  "Sandbox.Timedout",
                  String.format(
                      Locale.ROOT,
                      "RequestId: %s Error: Task timed out after %.2f seconds",
                      request.id(),
                      settings.timeout().toMillis() / 1000.0)));
    }
    counts.add("timeouts", settings().name());
    environment.process.destroyForcibly();
  }

  private void gone(Environment environment) {
    environment.api.close();
    List<Request> lost = new ArrayList<>();
    synchronized (this) {
      signals.gone(environment.process.pid());
      all.remove(environment);
      idle.remove(environment);
      total--;
      coming -= environment.ready ? 0 : 1;
      if (environment.current != null) {
        lost.add(environment.current);
        release(environment);
      } else if (!environment.ready && !waiting.isEmpty()) {
        // An invocation that waits for a start that fails, fails with it.
        lost.add(waiting.removeFirst());
      }
      distribute();
    }
    for (Request request : lost) {
      counts.add("function-errors", settings().name());
      request.result().complete(new Request.Failed(last(environment, request), ""));
    }
  }

  private static byte[] last(Environment environment, Request request) {
    if (environment.initError.isPresent()) {
      return environment.initError.get();
    }
    int code = environment.process.exitValue();
    String how = code > 128 ? "signal: killed" : "exit status " + code;
    return environment
        .death
        .orElseGet(
            () ->
                error(
                    "Runtime.ExitError",
                    "RequestId: " + request.id() + " Error: Runtime exited with error: " + how))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String error(String type, String message) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("errorType", type);
    error.put("errorMessage", message);
    return Json.write(error);
  }

  // --- what tests do

  /** Kills one environment that works; false if none does. */
  boolean killOne() {
    Optional<Environment> victim;
    synchronized (this) {
      victim = all.stream().filter(each -> each.current != null).findFirst();
    }
    victim.ifPresent(this::kill);
    return victim.isPresent();
  }

  private void kill(Environment environment, Request request) {
    if (works(environment, request.id())) {
      kill(environment);
    }
  }

  private void kill(Environment environment) {
    environment.process.destroyForcibly();
    counts.add("killed", settings().name());
  }

  /** Lets go of every environment, as a new deployment does; idle ones at once. */
  void recycle() {
    List<Environment> old;
    synchronized (this) {
      old = List.copyOf(idle);
      idle.clear();
    }
    old.forEach(each -> each.process.destroyForcibly());
  }

  /** Takes no more invocations but those it has; its processes end with them. */
  void retire() {
    synchronized (this) {
      retired = true;
    }
    recycle();
  }

  /** Invocations that run or wait. */
  synchronized int load() {
    return busy + waiting.size();
  }

  synchronized List<Environment> environments() {
    return List.copyOf(all);
  }

  void close() {
    List<Environment> left;
    List<Request> lost;
    synchronized (this) {
      closed = true;
      left = List.copyOf(all);
      lost = List.copyOf(waiting);
      waiting.clear();
    }
    left.forEach(each -> each.process.destroyForcibly());
    left.forEach(each -> each.process.onExit().join());
    lost.forEach(request -> request.result().complete(new Request.Throttled()));
  }
}
