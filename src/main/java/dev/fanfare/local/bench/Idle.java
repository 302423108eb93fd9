package dev.fanfare.local.bench;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.function.RunIds;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** What an engine costs that has nothing to do, also with many runs that wait. */
final class Idle {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Idle() {}

  static void measure(
      EngineBenchmarks benchmarks, Pool pool, int waitingRuns, Consumer<String> lines) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("workload", "idle");
    line.put("n", waitingRuns);
    line.put("since_jvm_start_ms", ManagementFactory.getRuntimeMXBean().getUptime());
    line.put("resident_mib", residentMebibytes());
    line.put("heap_used_mib", heapMebibytes());
    Graphs.Stored graph = benchmarks.keep("waiting", Workflows.waiting());
    long before = waiting(pool);
    for (int i = 0; i < waitingRuns; i++) {
      benchmarks.create(graph, RunIds.next());
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (waiting(pool) - before < waitingRuns && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    line.put("resident_with_waiting_mib", residentMebibytes());
    line.put("heap_used_with_waiting_mib", heapMebibytes());
    pool.query("DELETE FROM due WHERE run_id IN (SELECT id FROM run WHERE workflow = 'waiting')")
        .execute()
        .chain(
            () ->
                pool.query(
                        "DELETE FROM step WHERE run_id IN (SELECT id FROM run WHERE workflow ="
                            + " 'waiting')")
                    .execute())
        .chain(() -> pool.query("DELETE FROM run WHERE workflow = 'waiting'").execute())
        .await()
        .atMost(PATIENCE);
    EngineBenchmarks.print(lines, line);
  }

  private static long waiting(Pool pool) {
    return pool.query("SELECT count(*) FROM run WHERE workflow = 'waiting' AND status = 'waiting'")
        .execute()
        .await()
        .atMost(PATIENCE)
        .iterator()
        .next()
        .getLong(0);
  }

  private static long heapMebibytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
  }

  /** Resident memory of this process; 0 where the system does not tell. */
  private static long residentMebibytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }
}
