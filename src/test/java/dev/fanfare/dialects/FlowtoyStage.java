package dev.fanfare.dialects;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fanfare.conductor.Graphs;
import dev.fanfare.function.StandIns;
import dev.fanfare.secret.SecretStore;
import dev.fanfare.testing.TestEngine;
import dev.fanfare.work.http.HttpRoutes;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An engine, a folder with a file in it, a server that stands in for {@code
 * https://api.example.com}, and the programs {@code python} and {@code job}.
 */
final class FlowtoyStage implements AutoCloseable {

  /** {@code job NAME [OTHER...]}: begins, waits for the others to begin, fails where told to. */
  private static final String JOB =
      """
      #!/bin/sh
      name=$1; shift
      records="${0%/*}/../records"
      echo "$name" >> "$records/ran"
      : > "$records/started-$name"
      for other in "$@"; do
        turns=0
        until [ -e "$records/started-$other" ]; do
          turns=$((turns + 1))
          [ "$turns" -lt 3000 ] || { echo "$other does not come" >&2; exit 9; }
          sleep 0.02
        done
      done
      if [ -e "$records/fails-$name" ]; then exit 3; fi
      echo "{\\"ran\\": \\"$name\\"}"
      """;

  private static final String PYTHON =
      """
      #!/bin/sh
      test -e "$1" || { echo "there is no $1" >&2; exit 2; }
      echo '{"merged": true}'
      """;

  /** A request that has come. */
  record Seen(String method, String path, String authorization, String body, String forwarded) {}

  private final TestEngine engine;
  private final Path project;
  private final Path records;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private Optional<CyclicBarrier> meeting = Optional.empty();

  FlowtoyStage(Path folder) {
    this(folder, Map.of());
  }

  FlowtoyStage(Path folder, Map<String, String> secrets) {
    try {
      project = Files.createDirectories(folder.resolve("project"));
      records = Files.createDirectories(folder.resolve("records"));
      Path programs = Files.createDirectories(folder.resolve("bin"));
      Foreign.program(programs.resolve("job"), JOB);
      Foreign.program(programs.resolve("python"), PYTHON);
      Files.createFile(records.resolve("ran"));
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/", this::answer);
      server.start();
      String here = "http://127.0.0.1:" + server.getAddress().getPort();
      StandIns standIns =
          new StandIns(HttpRoutes.of("https://api.example.com=" + here), programs.toString());
      engine = TestEngine.with(options -> options.with(standIns).withSecrets(new Secrets(secrets)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Secrets(Map<String, String> values) implements SecretStore {
    @Override
    public Uni<Optional<String>> value(String name) {
      return Uni.createFrom().item(Optional.ofNullable(values.get(name)));
    }

    @Override
    public List<String> places(String name) {
      return List.of("this test");
    }
  }

  TestEngine engine() {
    return engine;
  }

  Path project() {
    return project;
  }

  static String file(String name) {
    return Foreign.file("flowtoy/" + name);
  }

  /** What the server answers at a path. */
  FlowtoyStage answers(String path, String json) {
    answers.put(path, json);
    return this;
  }

  /** From now on requests to these paths are answered when so many of them are there. */
  FlowtoyStage meeting(int parties) {
    meeting = Optional.of(new CyclicBarrier(parties));
    return this;
  }

  FlowtoyStage failing(String... names) throws IOException {
    for (String name : names) {
      Files.createFile(records.resolve("fails-" + name));
    }
    return this;
  }

  /** Lets jobs go on that wait for something that is no job. */
  void release(String name) {
    try {
      Files.createFile(records.resolve("started-" + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a step of a run has a status. */
  void until(UUID run, String step, String status) {
    Foreign.until(() -> engine.outcome(run).status(step).equals(status));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
    seen.add(
        new Seen(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
            exchange.getRequestHeaders().getFirst("X-Forwarded-Host")));
    if (!path.equals("/auth")) {
      meet();
    }
    inside.decrementAndGet();
    byte[] body = answers.getOrDefault(path, "{}").getBytes(StandardCharsets.UTF_8);
    int status = answers.containsKey(path) ? 200 : 404;
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void meet() {
    if (meeting.isPresent()) {
      try {
        meeting.get().await(60, TimeUnit.SECONDS);
      } catch (InterruptedException
          | java.util.concurrent.BrokenBarrierException
          | java.util.concurrent.TimeoutException e) {
        throw new IllegalStateException("the others did not come", e);
      }
    }
  }

  List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** The most requests that were there at the same time. */
  int most() {
    return most.get();
  }

  /** The jobs that ran, in the order of their starts. */
  List<String> ran() throws IOException {
    return Files.readAllLines(records.resolve("ran"));
  }

  TestEngine.Outcome run(String file) {
    return engine.await(engine.startIn(project, file, Map.of()));
  }

  /** As {@code run --max-parallel} does. */
  TestEngine.Outcome run(String file, int maxParallel) {
    Graphs.File flow = Foreign.file("flow.yaml", file, Optional.empty());
    Map<String, Object> context = Map.of("trigger", "test", "maxParallel", (long) maxParallel);
    return engine.await(Foreign.started(Foreign.ask(engine, flow, Map.of(), context)));
  }

  static Instant started(TestEngine.Outcome run, String step) {
    return Foreign.time(run, step, "startedAt");
  }

  static Instant finished(TestEngine.Outcome run, String step) {
    return Foreign.time(run, step, "finishedAt");
  }

  /** Whether a step ended before another one began. */
  static boolean before(TestEngine.Outcome run, String first, String second) {
    return !finished(run, first).isAfter(started(run, second));
  }

  @Override
  public void close() {
    engine.close();
    server.stop(0);
    threads.shutdownNow();
  }
}
