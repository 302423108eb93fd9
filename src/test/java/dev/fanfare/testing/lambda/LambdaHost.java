package dev.fanfare.testing.lambda;

import dev.fanfare.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Lambda, SQS and what stands around them, on one port of this machine.
 *
 * <p>{@code try (LambdaHost host = LambdaHost.start(Pace.TEST)) { host.deploy(..) }}; the SDK is
 * pointed at {@link #endpoint()}.
 */
public final class LambdaHost implements AutoCloseable {

  public static final String REGION = "eu-central-1";
  public static final String ACCOUNT = "123456789012";

  /** The alias that every function has. */
  public static final String ALIAS = "live";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final HttpServer server;
  private final Signals signals = new Signals();
  private final Counts counts = new Counts();
  private final Restores restores = new Restores();
  private final Faults faults = new Faults();
  private final Map<String, Fleet> functions = new ConcurrentHashMap<>();
  private final List<EventSource> sources = new CopyOnWriteArrayList<>();
  private final Map<String, Neighbour> neighbours = new ConcurrentHashMap<>();
  private final List<Long> clocks = new CopyOnWriteArrayList<>();
  private final Path folder;
  private final RuntimeClient client;
  private final Queues queues;
  private final AsyncEvents events;
  private final InvokeApi invoke;
  private final SqsApi sqs;

  private LambdaHost(Pace pace) throws IOException {
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setInternalBlockingPoolSize(2));
    Path logs = Files.createDirectories(Path.of("target", "lambda-host").toAbsolutePath());
    folder = Files.createTempDirectory(logs, "host-");
    client = RuntimeClient.in(folder);
    queues = new Queues(vertx, pace, counts);
    events = new AsyncEvents(vertx, pace, counts, queues);
    invoke = new InvokeApi(functions, events, faults, counts);
    sqs = new SqsApi(queues, vertx, counts);
    server =
        vertx
            .createHttpServer(loopback())
            .requestHandler(this::route)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  public static LambdaHost start(Pace pace) {
    try {
      return new LambdaHost(pace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port of this machine alone, for headers and lines as long as AWS takes them. */
  static HttpServerOptions loopback() {
    return new HttpServerOptions()
        .setHost("127.0.0.1")
        .setPort(0)
        .setTcpNoDelay(true)
        .setHandle100ContinueAutomatically(true)
        .setMaxHeaderSize(64 << 10)
        .setMaxInitialLineLength(32 << 10);
  }

  /** Where the SDK finds every service. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  private void route(HttpServerRequest request) {
    String path = request.path();
    Optional<Neighbour> neighbour =
        neighbours.entrySet().stream()
            .filter(each -> path.startsWith(each.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
    String target = Optional.ofNullable(request.getHeader("X-Amz-Target")).orElse("");
    if (neighbour.isPresent()) {
      counts.add("sdk-calls", neighbour.get().name());
      neighbour.get().forward(request);
    } else if (path.startsWith(InvokeApi.BASE)) {
      request.body().onSuccess(body -> invoke.handle(request, body.getBytes()));
    } else if (target.startsWith(SqsApi.TARGET)) {
      request.body().onSuccess(body -> sqs.handle(request, body.getBytes()));
    } else {
      request
          .response()
          .setStatusCode(404)
          .putHeader("x-amzn-ErrorType", "UnknownOperationException")
          .end("{\"message\":\"nobody here serves " + path + " " + target + "\"}");
    }
  }

  // --- what a deployment makes

  /** A function, or another version of it; the processes of the former end with their work. */
  public LambdaHost deploy(FunctionSettings settings) {
    Fleet former =
        functions.put(
            settings.name(), new Fleet(settings, vertx, client, signals, counts, restores, folder));
    if (former != null) {
      former.retire();
    }
    return this;
  }

  /** A function of somebody else, here in this process: payload in, answer out, JSON as Java. */
  public LambdaHost stub(String name, UnaryOperator<@Nullable Object> answers) {
    invoke.stub(name, answers);
    return this;
  }

  public LambdaHost queue(QueueSettings settings) {
    queues.create(settings);
    return this;
  }

  /** Messages of a queue go to a function, up to so many in one invocation. */
  public LambdaHost map(String queue, String function, int batch, int atOnce) {
    sources.add(new EventSource(queues.get(queue), function(function), batch, atOnce));
    return this;
  }

  /** A function URL, which knows signatures by their looks only. */
  public FunctionUrl url(String function, FunctionUrl.Auth auth) {
    return new FunctionUrl(vertx, function(function), auth);
  }

  /** Runs what another emulator of Lambda hands on. */
  public Runner runner(Runner.Deployments deployments) {
    return new Runner(vertx, this, deployments);
  }

  /** Requests for paths that begin so are for another server of this machine: objects, secrets. */
  public LambdaHost forward(String path, String name, URI server) {
    neighbours.put(path, new Neighbour(name, server, vertx.createHttpClient()));
    return this;
  }

  public String queueUrl(String queue) {
    return endpoint() + "/" + ACCOUNT + "/" + queue;
  }

  // --- what happens by itself on AWS

  /** The event of a rule {@code rate(1 minute)}, now. */
  public void tick(String function) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("version", "0");
    event.put("id", UUID.randomUUID().toString());
    event.put("detail-type", "Scheduled Event");
    event.put("source", "aws.events");
    event.put("account", ACCOUNT);
    event.put("time", Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString());
    event.put("region", REGION);
    event.put("resources", List.of("arn:aws:events:%s:%s:rule/tick".formatted(REGION, ACCOUNT)));
    event.put("detail", Map.of());
    send(function, Json.write(event));
  }

  /** The rule's event again and again, faster than once a minute. */
  public LambdaHost tickEvery(Duration time, String function) {
    clocks.add(vertx.setPeriodic(time.toMillis(), timer -> tick(function)));
    return this;
  }

  public void stopClocks() {
    clocks.forEach(vertx::cancelTimer);
    clocks.clear();
  }

  /** An asynchronous event, as a service of AWS sends it. */
  public void send(String function, String payload) {
    FunctionSettings settings = function(function).settings();
    byte[] bytes = payload.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Request request =
        Request.of(
            settings.arn() + ":" + ALIAS,
            bytes,
            Lineage.of((String) null).and(settings.arn()),
            Optional.empty());
    events.accept(
        function(function), request, faults.of(Faults.Event.of(settings.name(), true, bytes)));
  }

  // --- what tests do and see

  public Faults faults() {
    return faults;
  }

  /** Processes that wait to be restored from their snapshot. */
  public Restores restores() {
    return restores;
  }

  public Counts counts() {
    return counts;
  }

  /** Sets a function's reserved concurrency; empty for none. */
  public void reserve(String function, OptionalInt concurrency) {
    function(function).reserve(concurrency);
  }

  /** Sets a function's {@code RecursiveLoop}. */
  public void recursion(String function, boolean allowed) {
    function(function).recursion(allowed);
  }

  /** Puts a message into a queue. */
  public void message(String queue, String body) {
    queues.get(queue).send(body, Lineage.of((String) null).header());
  }

  /** Kills a process of a function that works now; false if none does. */
  public boolean kill(String function) {
    return function(function).killOne();
  }

  /** Ends the idle processes of a function: the next invocation starts a new one. */
  public void recycle(String function) {
    function(function).recycle();
  }

  /** Messages that can be received from a queue now. */
  public List<String> messages(String queue) {
    return queues.get(queue).bodies();
  }

  /** What the processes of a function have written, the newest 4 KB of each. */
  public List<String> logs(String function) {
    return function(function).environments().stream().map(Environment::logTail).toList();
  }

  /** Folders of the processes of a function: {@code log} and {@code tmp} in each. */
  public Path folder() {
    return folder;
  }

  /** Process ids of a function's environments. */
  public List<Long> processes(String function) {
    return function(function).environments().stream().map(each -> each.process.pid()).toList();
  }

  /** Waits until nothing runs, waits or is on its way but messages with a delay. */
  public void settle() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (busy() > 0) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("still busy after " + PATIENCE + ":\n" + counts.report());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  private int busy() {
    return events.open()
        + functions.values().stream().mapToInt(Fleet::load).sum()
        + sources.stream().mapToInt(EventSource::running).sum();
  }

  @Nullable Fleet fleetOrNull(String name) {
    return functions.get(name);
  }

  private Fleet function(String name) {
    Fleet fleet = functions.get(name);
    if (fleet == null) {
      throw new IllegalArgumentException("no function " + name);
    }
    return fleet;
  }

  /** What has happened here, for the log of a suite. */
  public String report() {
    return "local AWS: real processes, real SDK calls\n" + counts.report();
  }

  @Override
  public void close() {
    stopClocks();
    List<Fleet> all = new ArrayList<>(functions.values());
    all.forEach(Fleet::close);
    signals.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** Another server that answers for a part of AWS. */
  private record Neighbour(String name, URI server, HttpClient client) {

    void forward(HttpServerRequest request) {
      request
          .body()
          .compose(
              body ->
                  client
                      .request(request.method(), server.getPort(), server.getHost(), request.uri())
                      .compose(
                          out -> {
                            request.headers().forEach(out::putHeader);
                            return out.send(body);
                          }))
          .compose(
              in ->
                  in.body()
                      .compose(
                          body -> {
                            request.response().setStatusCode(in.statusCode());
                            in.headers()
                                .forEach(
                                    (key, value) -> {
                                      if (!key.equalsIgnoreCase("Transfer-Encoding")) {
                                        request.response().headers().add(key, value);
                                      }
                                    });
                            return request.method() == io.vertx.core.http.HttpMethod.HEAD
                                ? request.response().end()
                                : request.response().end(body);
                          }))
          .onFailure(failure -> request.response().setStatusCode(503).end(String.valueOf(failure)));
    }
  }
}
