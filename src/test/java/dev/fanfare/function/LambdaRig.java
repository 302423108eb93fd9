package dev.fanfare.function;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.fanfare.conductor.Settings;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.engine.Event;
import dev.fanfare.json.Json;
import dev.fanfare.store.EventStore;
import dev.fanfare.store.LedgerPool;
import dev.fanfare.store.RunView;
import dev.fanfare.store.RunViews;
import dev.fanfare.testing.FunctionServer;
import dev.fanfare.testing.TestDatabase;
import dev.fanfare.work.call.CallStep;
import dev.fanfare.work.call.CallSteps;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The functions of a deployment in this process: real handlers behind real HTTP, called by the real
 * SDK. Each environment is an engine of its own with two connections, and does one invocation at a
 * time. A test sets what becomes of asynchronous invocations.
 */
final class LambdaRig implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final String STEP = "steps";
  static final String DISPATCHER = "dispatcher";

  /** The step function with the tools of the image {@code tools:1}. */
  static final String IMAGE = "image";

  static final List<Duration> ONCE = List.of(Duration.ZERO);

  private final TestDatabase database = TestDatabase.fresh();
  private final FunctionServer server = FunctionServer.start();
  private final DatabaseProxy proxy =
      new DatabaseProxy(database.database().host(), database.database().port());
  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().factory());
  private final java.util.concurrent.ExecutorService threads =
      Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, CallStep> beans = new ConcurrentHashMap<>();
  private final Map<String, Function> functions = new ConcurrentHashMap<>();
  private final List<Done> done = new CopyOnWriteArrayList<>();
  private final RunViews views = new RunViews(database.pool());
  private final Deployment deployment;
  private volatile Fate fate = (function, payload) -> ONCE;
  private volatile Refusals refusals = function -> null;
  private volatile Duration timeout = Duration.ofMinutes(15);
  private volatile boolean closed;

  /** When an asynchronous invocation is delivered: not at all, or more than once. */
  interface Fate {
    List<Duration> of(String function, Map<String, Object> payload);
  }

  /** What the service answers in place of taking a call; null where it takes it. */
  interface Refusals {
    FunctionServer.@Nullable Answer of(String function);
  }

  /** An invocation that has ended. */
  record Done(String function, Map<String, Object> payload, Object answer, Duration took) {}

  /** A handler and the environments that it has. */
  private final class Function {
    final String name;
    final java.util.function.Function<
            EngineRoom, RequestHandler<Map<String, Object>, Map<String, Object>>>
        handler;
    final ConcurrentLinkedDeque<EngineRoom> idle = new ConcurrentLinkedDeque<>();
    final List<EngineRoom> all = new CopyOnWriteArrayList<>();
    final Semaphore concurrency = new Semaphore(12);

    Function(
        String name,
        java.util.function.Function<
                EngineRoom, RequestHandler<Map<String, Object>, Map<String, Object>>>
            handler) {
      this.name = name;
      this.handler = handler;
    }

    Map<String, Object> call(Map<String, Object> payload) {
      concurrency.acquireUninterruptibly();
      EngineRoom room = idle.poll();
      try {
        if (room == null) {
          room = room();
          all.add(room);
        }
        long start = System.nanoTime();
        Map<String, Object> answer =
            handler.apply(room).handleRequest(payload, new Remaining(start, timeout));
        done.add(new Done(name, payload, answer, Duration.ofNanos(System.nanoTime() - start)));
        return answer;
      } finally {
        if (room != null) {
          idle.push(room);
        }
        concurrency.release();
      }
    }
  }

  LambdaRig() {
    this(UnaryOperator.identity());
  }

  LambdaRig(UnaryOperator<Deployment> change) {
    Deployment usual =
        Deployment.of(STEP, Optional.of(DISPATCHER), Optional.of(server.uri() + "/1/wakes"));
    this.deployment = change.apply(usual.withLease(Duration.ofSeconds(3)));
    functions.put(STEP, new Function(STEP, StepFunction::new));
    functions.put(IMAGE, new Function(IMAGE, StepFunction::new));
    functions.put(DISPATCHER, new Function(DISPATCHER, DispatcherFunction::new));
    functions.put("trigger", new Function("trigger", LambdaRig::trigger));
    functions.forEach((name, function) -> server.function(name, at -> invoked(function, at)));
    server.queue(
        message ->
            after(
                Duration.ofSeconds(message.delaySeconds()),
                () -> invoke(DISPATCHER, records(message.body()))));
  }

  /** Without the HTTP of a whole application. */
  private static TriggerFunction trigger(EngineRoom room) {
    return new TriggerFunction(
        room,
        () -> {
          throw new AssertionError("nothing here sends HTTP events");
        });
  }

  private FunctionServer.Answer invoked(Function function, @Nullable Object payload) {
    Map<String, Object> event = Payloads.object(payload);
    FunctionServer.Answer refusal = refusals.of(function.name);
    if (refusal != null) {
      return refusal;
    }
    for (Duration delay : fate.of(function.name, event)) {
      after(delay, () -> delivered(function, event));
    }
    return FunctionServer.Answer.of(null);
  }

  private void delivered(Function function, Map<String, Object> event) {
    try {
      function.call(event);
    } catch (RuntimeException e) {
      if (!closed) {
        e.printStackTrace();
        invoke(DISPATCHER, records(failed(event)));
      }
    }
  }

  /** What Lambda writes of an invocation that failed. */
  static String failed(Map<String, Object> event) {
    return Json.write(
        Map.of(
            "version",
            "1.0",
            "requestContext",
            Map.of("condition", "RetriesExhausted", "functionArn", "arn", "requestId", "r"),
            "requestPayload",
            event));
  }

  static Map<String, Object> records(String... bodies) {
    List<Object> records = new ArrayList<>();
    for (String body : bodies) {
      records.add(
          Map.of("eventSource", "aws:sqs", "messageId", "m" + records.size(), "body", body));
    }
    return Map.of("Records", records);
  }

  private void after(Duration delay, Runnable task) {
    Runnable guarded =
        () -> {
          if (!closed) {
            threads.execute(task);
          }
        };
    if (delay.isZero()) {
      guarded.run();
    } else {
      clock.schedule(guarded, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private EngineRoom room() {
    try {
      Path home = Files.createTempDirectory("fanfare-lambda");
      Pool pool =
          database.pool(
              2, proxy.port(), options -> LedgerPool.hosted(options, Duration.ofSeconds(8)));
      EngineRoom room =
          new EngineRoom(
              pool,
              new EngineRoom.Options(home, Settings.LOCAL, 2, Duration.ofSeconds(30))
                  .with(new Cloud(Optional.of(server.uri()), Map.of("tools:1", IMAGE)))
                  .with(deployment),
              new Beans(beans));
      room.open();
      return room;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LambdaRig bean(String name, CallStep step) {
    beans.put(name, step);
    return this;
  }

  LambdaRig fate(Fate becomes) {
    this.fate = becomes;
    return this;
  }

  LambdaRig refuse(Refusals what) {
    this.refusals = what;
    return this;
  }

  void later(Runnable task) {
    after(Duration.ZERO, task);
  }

  LambdaRig timeout(Duration limit) {
    this.timeout = limit;
    return this;
  }

  FunctionServer server() {
    return server;
  }

  /** What stands between the environments of functions and the database. */
  DatabaseProxy proxy() {
    return proxy;
  }

  TestDatabase database() {
    return database;
  }

  /** Calls a function and waits for its answer. */
  Map<String, Object> invoke(String function, Map<String, Object> payload) {
    return functions.get(function).call(payload);
  }

  void tick() {
    invoke(DISPATCHER, Map.of());
  }

  /** The minute's tick, in less than a minute. */
  void tickEvery(Duration pause) {
    clock.scheduleWithFixedDelay(
        () -> threads.execute(this::tick), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  UUID start(String yaml) {
    return start(yaml, Map.of());
  }

  UUID start(String yaml, Map<String, Object> params) {
    Map<String, Object> answer =
        invoke("trigger", Map.of("file", Map.of("name", "t.yaml", "text", yaml), "params", params));
    if (!(answer.get("run") instanceof String run)) {
      throw new AssertionError(answer.toString());
    }
    return UUID.fromString(run);
  }

  /** Cancels a run as the trigger function does. */
  void cancel(UUID run) {
    asTrigger(
        room ->
            room.conductor()
                .submit(run, new Event.Cancel("test", "enough"))
                .await()
                .atMost(PATIENCE));
  }

  /** Does something in an invocation of an environment of its own. */
  <T> T asTrigger(java.util.function.Function<EngineRoom, T> task) {
    EngineRoom room = room();
    try {
      return room.scope().run(null, () -> task.apply(room));
    } finally {
      room.close();
    }
  }

  void execute(String sql) {
    database.pool().query(sql).execute().await().atMost(PATIENCE);
  }

  /** The first value of what a query finds, as text. */
  String query(String sql) {
    return String.valueOf(
        database
            .pool()
            .query(sql)
            .execute()
            .await()
            .atMost(PATIENCE)
            .iterator()
            .next()
            .getValue(0));
  }

  RunView end(UUID run) {
    until("the end of run " + run, () -> hasEnded(run));
    return view(run);
  }

  boolean hasEnded(UUID run) {
    return views
        .status(run)
        .await()
        .atMost(PATIENCE)
        .flatMap(RunStatus::of)
        .filter(RunStatus::isTerminal)
        .isPresent();
  }

  RunView view(UUID run) {
    return views.run(run).await().atMost(PATIENCE).orElseThrow();
  }

  List<Map<String, Object>> events(UUID run, String type) {
    return new EventStore(database.pool())
        .after(run, 0, Integer.MAX_VALUE).await().atMost(PATIENCE).stream()
            .filter(event -> type.equals(event.get("type")))
            .toList();
  }

  /** Invocations of a function that have ended. */
  List<Done> done(String function) {
    return done.stream().filter(each -> each.function().equals(function)).toList();
  }

  void until(String what, BooleanSupplier happened) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Override
  public void close() {
    closed = true;
    clock.shutdownNow();
    functions
        .values()
        .forEach(
            function -> {
              function.concurrency.acquireUninterruptibly(12);
              function.all.forEach(EngineRoom::close);
            });
    server.close();
    proxy.close();
    database.close();
  }

  private record Beans(Map<String, CallStep> steps) implements CallSteps {
    @Override
    public Optional<CallStep> find(String name) {
      return Optional.ofNullable(steps.get(name));
    }

    @Override
    public SortedSet<String> names() {
      return new TreeSet<>(steps.keySet());
    }
  }
}
