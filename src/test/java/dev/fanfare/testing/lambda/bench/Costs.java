package dev.fanfare.testing.lambda.bench;

import dev.fanfare.testing.Deployables;
import dev.fanfare.testing.lambda.Counts;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What runs cost on Lambda: the invocations of all functions, each with its billed milliseconds,
 * from the trigger's to the last. Starts of processes are not in it; functions are started as for
 * SnapStart, which is how they are deployed.
 */
final class Costs {

  private static final List<String> ROLES = List.of("trigger", "dispatcher", "step");

  private final BenchStage stage;
  private final int rounds;
  private final Consumer<Map<String, Object>> lines;

  /**
   * @param bench the unpacked zip of workers with the step that does nothing
   */
  Costs(BenchStage stage, Path bench, int rounds, Consumer<Map<String, Object>> lines) {
    this.stage = stage;
    this.rounds = rounds;
    this.lines = lines;
    stage
        .host()
        .deploy(
            stage
                .function("trigger", Deployables.FUNCTION.unpacked())
                .withSnapStart(true)
                .withProcesses(1));
    stage.host().deploy(stage.function("dispatcher", bench).withSnapStart(true).withProcesses(1));
    stage.host().deploy(stage.function("step", bench).withSnapStart(true).withProcesses(2));
    stage.host().map("wake", "dispatcher", 10, 2);
    stage.host().map("failed", "dispatcher", 10, 2);
  }

  /** Several runs of one workflow, started one after another without waiting for their ends. */
  void measure(String name, Shapes.Shape shape, int runs) throws SQLException {
    for (int i = 0; i < Shapes.WARM_UP; i++) {
      once(shape, runs);
    }
    long calibration = stage.commitsPerSecond();
    Seen before = Seen.of(stage.host().counts());
    for (int i = 0; i < rounds; i++) {
      once(shape, runs);
    }
    Seen after = Seen.of(stage.host().counts());
    Map<String, Object> line = line(name, shape, runs, before, after);
    line.put("calibration_tps", calibration);
    lines.accept(line);
  }

  private void once(Shapes.Shape shape, int runs) throws SQLException {
    List<UUID> started = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      started.add(stage.start(shape.yaml()));
    }
    for (UUID run : started) {
      stage.end(run);
    }
    stage.host().settle();
  }

  /** What had happened at one moment. */
  private record Seen(
      Map<String, List<Duration>> invocations, Map<String, Long> calls, long messages) {
    static Seen of(Counts counts) {
      Map<String, List<Duration>> invocations = new TreeMap<>();
      ROLES.forEach(role -> invocations.put(role, counts.durations(role)));
      return new Seen(invocations, counts.all("sdk-calls"), counts.get("messages"));
    }

    /** The invocations of a function since another moment. */
    List<Duration> since(Seen before, String role) {
      List<Duration> all = invocations.getOrDefault(role, List.of());
      return all.subList(before.invocations.getOrDefault(role, List.of()).size(), all.size());
    }

    Map<String, Long> callsSince(Seen before) {
      Map<String, Long> since = new TreeMap<>();
      calls.forEach((name, n) -> since.put(name, n - before.calls.getOrDefault(name, 0L)));
      since.values().removeIf(n -> n == 0);
      return since;
    }
  }

  private Map<String, Object> line(
      String name, Shapes.Shape shape, int runs, Seen before, Seen after) {
    long steps = (long) shape.steps() * runs * rounds;
    Map<String, Object> invocations = new LinkedHashMap<>();
    Map<String, Object> billed = new LinkedHashMap<>();
    Bill bill = Bill.NOTHING;
    for (String role : ROLES) {
      List<Duration> times = after.since(before, role);
      invocations.put(role, times.size());
      billed.put(role, Figures.rounded((double) Bill.billed(times) / steps));
      bill = bill.plus(Bill.of(times, BenchStage.memory(role)));
    }
    Map<String, Long> calls = after.callsSince(before);
    // The invokes that start the runs are this program's.
    calls.merge("Invoke", (long) -runs * rounds, Long::sum);
    long messages = after.messages() - before.messages();
    long sent = calls.getOrDefault("SendMessage", 0L) + calls.getOrDefault("SendMessageBatch", 0L);
    // Lambda receives and deletes each; at most, since it does so by the batch.
    bill = bill.withQueueRequests(sent + 2 * messages);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("workload", name);
    line.put("n", shape.steps());
    line.put("runs", runs * rounds);
    line.put("steps", steps);
    line.put("invocations", invocations);
    line.put("invocations_per_step", Figures.rounded((double) bill.invocations() / steps));
    line.put("billed_ms_per_step", billed);
    line.put("sdk_calls", calls);
    line.put("queue_messages", messages);
    line.put("dollars_per_million_steps", Figures.rounded(bill.perMillion(steps)));
    line.put("step_functions_dollars", Bill.STEP_FUNCTIONS);
    line.put("load", Figures.load());
    return line;
  }
}
