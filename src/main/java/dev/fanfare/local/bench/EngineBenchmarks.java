package dev.fanfare.local.bench;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.engine.RunRow;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RunIds;
import dev.fanfare.graph.Graph;
import dev.fanfare.json.Json;
import dev.fanfare.local.Benchmarks;
import dev.fanfare.local.CommandException;
import io.quarkus.arc.Unremovable;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Runs the workloads. */
@Singleton
@Unremovable // the command line looks it up by hand
public class EngineBenchmarks implements Benchmarks {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final List<String> NAMES =
      List.of("chain", "chain-pass", "fan", "diamond", "latency", "race", "forty", "grow", "idle");

  private final EngineRoom room;
  private final Pool pool;

  @Inject
  EngineBenchmarks(EngineRoom room, Pool pool) {
    this.room = room;
    this.pool = pool;
  }

  @Override
  public void run(Optional<String> workload, OptionalInt size, Consumer<String> lines)
      throws CommandException, InterruptedException {
    if (workload.isPresent() && !NAMES.contains(workload.get())) {
      throw CommandException.usage(
          "there is no workload '"
              + workload.get()
              + "'; the workloads are "
              + String.join(", ", NAMES));
    }
    for (String name : NAMES) {
      if (workload.isEmpty() || workload.get().equals(name)) {
        run(name, size, lines);
      }
    }
  }

  private void run(String name, OptionalInt size, Consumer<String> lines)
      throws InterruptedException {
    switch (name) {
      case "chain" -> repeat("chain", Workflows.chain(size.orElse(100)), 30, lines);
      case "chain-pass" -> repeat(name, Workflows.chainOfPass(size.orElse(100)), 30, lines);
      case "forty" -> repeat(name, Workflows.forty(size.orElse(40)), 10, lines);
      case "race" -> race(lines);
      case "fan" -> {
        for (int n :
            size.isPresent() ? new int[] {size.getAsInt()} : new int[] {100, 1_000, 10_000}) {
          repeat(name, Workflows.fan(n), n > 1_000 ? 5 : 15, lines);
        }
      }
      case "grow" -> {
        for (int n :
            size.isPresent()
                ? new int[] {size.getAsInt()}
                : new int[] {100, 1_000, 10_000, 100_000}) {
          repeat(name, Workflows.chainAndFan(n), n > 10_000 ? 1 : n > 1_000 ? 3 : 10, lines);
        }
      }
      case "diamond" -> {
        for (int clients : new int[] {16, 64}) {
          diamond(size.orElse(1_000), clients, lines);
        }
      }
      case "latency" -> latency(size.orElse(200), lines);
      case "idle" -> Idle.measure(this, pool, size.orElse(10_000), lines);
      default -> throw new IllegalStateException("no workload " + name);
    }
  }

  private void repeat(String name, Graph graph, int rounds, Consumer<String> lines)
      throws InterruptedException {
    Graphs.Stored stored = keep(name, graph);
    int warmUp = graph.nodes().size() > 10_000 ? 1 : Math.max(3, rounds / 2);
    for (int i = 0; i < warmUp; i++) {
      runOnce(stored);
    }
    double calibration = Calibration.commitsPerSecond(pool);
    Counters before = Counters.read(pool, room);
    double[] millis = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      millis[i] = runOnce(stored);
    }
    Counters.Delta counted = Counters.read(pool, room).since(before);
    int n = graph.nodes().size();
    Measured measured = new Measured(name, n, millis, (long) n * rounds);
    print(lines, measured.line(measured.total(), counted, calibration));
  }

  private void race(Consumer<String> lines) throws InterruptedException {
    Graphs.Stored stored = keep("race", Workflows.race());
    int rounds = 20;
    double[] millis = new double[rounds];
    double[] freed = new double[rounds];
    for (int i = 0; i < 5; i++) {
      runOnce(stored);
    }
    double calibration = Calibration.commitsPerSecond(pool);
    Counters before = Counters.read(pool, room);
    for (int i = 0; i < rounds; i++) {
      PauseStep.STOPPED_AT.set(0);
      millis[i] = runOnce(stored);
      long ended = System.nanoTime();
      while (PauseStep.STOPPED_AT.get() == 0 && System.nanoTime() - ended < 10_000_000_000L) {
        Thread.onSpinWait();
      }
      freed[i] = Math.max(0, (PauseStep.STOPPED_AT.get() - ended) / 1e6);
    }
    Counters.Delta counted = Counters.read(pool, room).since(before);
    java.util.Arrays.sort(freed);
    Measured measured =
        new Measured("race", 2, millis, 2L * rounds)
            .with("loser_freed_after_end_max_ms", Measured.rounded(freed[rounds - 1]));
    print(lines, measured.line(measured.total(), counted, calibration));
  }

  private void diamond(int runs, int clients, Consumer<String> lines) throws InterruptedException {
    Graphs.Stored stored = keep("diamond", Workflows.diamond());
    many(stored, runs, clients);
    many(stored, runs, clients);
    double calibration = Calibration.commitsPerSecond(pool);
    Counters before = Counters.read(pool, room);
    long start = System.nanoTime();
    double[] millis = many(stored, runs, clients);
    double wall = (System.nanoTime() - start) / 1e6;
    Counters.Delta counted = Counters.read(pool, room).since(before);
    Measured measured =
        new Measured("diamond", runs, millis, 4L * runs)
            .with("clients", clients)
            .with("runs_per_s", Math.round(runs / (wall / 1_000)));
    print(lines, measured.line(wall, counted, calibration));
  }

  /** Several clients, each starting its next run when its last has ended. */
  private double[] many(Graphs.Stored stored, int runs, int clients) throws InterruptedException {
    double[] millis = new double[runs];
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        done.add(
            executor.submit(
                () -> {
                  for (int i = next.getAndIncrement(); i < runs; i = next.getAndIncrement()) {
                    millis[i] = runOnce(stored);
                  }
                  return null;
                }));
      }
      for (Future<?> client : done) {
        client.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a client failed", e.getCause());
    }
    return millis;
  }

  private void latency(int requests, Consumer<String> lines) throws InterruptedException {
    HttpLatency http = new HttpLatency();
    http.measure(Math.max(50, requests / 2));
    double calibration = Calibration.commitsPerSecond(pool);
    Counters before = Counters.read(pool, room);
    double[] millis = http.measure(requests);
    Counters.Delta counted = Counters.read(pool, room).since(before);
    Measured measured = new Measured("latency", 1, millis, requests);
    print(lines, measured.line(measured.total(), counted, calibration));
  }

  Graphs.Stored keep(String name, Graph graph) {
    return room.conductor().graphs().keep("bench-" + name + "-" + graph.nodes().size(), graph);
  }

  /** Starts a run; completes when it has ended. */
  CompletableFuture<RunStatus> start(Graphs.Stored graph) {
    UUID id = RunIds.next();
    CompletableFuture<RunStatus> end = room.conductor().watch().end(id);
    create(graph, id);
    return end;
  }

  void create(Graphs.Stored graph, UUID id) {
    RunRow.Facts facts =
        new RunRow.Facts(
            id, graph.graph().workflow().name(), 1, Map.of(), Map.of(), Map.of("trigger", "bench"));
    room.conductor().create(facts, graph, Optional.empty()).subscribe().with(started -> {});
  }

  private double runOnce(Graphs.Stored graph) throws InterruptedException {
    long start = System.nanoTime();
    try {
      RunStatus status = start(graph).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (status != RunStatus.SUCCEEDED) {
        throw new IllegalStateException("a run ended " + status.id());
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("a run did not end", e);
    }
    return (System.nanoTime() - start) / 1e6;
  }

  static void print(Consumer<String> lines, Map<String, Object> line) {
    lines.accept(Json.write(line));
  }
}
