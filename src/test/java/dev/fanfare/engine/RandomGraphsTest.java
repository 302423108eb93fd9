package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.fail;

import dev.fanfare.definition.StepStatus;
import dev.fanfare.graph.Graph;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The engine against the reference, on drawn graphs.
 *
 * <p>{@code -Dfanfare.graphs=N} sets how many, {@code -Dfanfare.seed=S} where they begin.
 */
class RandomGraphsTest {
  private static final int GRAPHS = Integer.getInteger("fanfare.graphs", 2_000);
  private static final long SEED = Long.getLong("fanfare.seed", 20_260_801L);

  @Test
  void the_engine_does_what_the_reference_says() {
    System.out.println("random graphs: " + GRAPHS + " from seed " + SEED);
    for (long seed = SEED; seed < SEED + GRAPHS; seed++) {
      FlowSpec flow = new Draws(seed).flow();
      Optional<String> difference = difference(flow, seed, new HashSet<>());
      if (difference.isPresent()) {
        FlowSpec small = shrink(flow, seed);
        fail(
            "seed " + seed + "\n" + small + difference(small, seed, new HashSet<>()).orElseThrow());
      }
    }
  }

  /** What the engine does otherwise than the reference. */
  static Optional<String> difference(FlowSpec flow, long seed, Set<Transitions.Change> visited) {
    try {
      Graph graph = Flows.graph(flow.workflow());
      boolean losses = flow.maxParallel == 0 && !isSensitive(flow.steps);
      Simulation.World world = new Simulation.World(seed % 3 > 0, losses, true, true);
      Simulation run = new Simulation(graph, Script.random(seed), world, seed);
      if (flow.cancelAt > 0) {
        run.at(flow.cancelAt, new Event.Cancel("test", "drawn"));
      }
      run.run();
      visited.addAll(run.visited);
      return compare(new Reference(flow, Script.random(seed)).run(), run, flow.maxParallel == 0);
    } catch (AssertionError | RuntimeException e) {
      StackTraceElement[] trace = e.getStackTrace();
      return Optional.of(
          e
              + (trace.length == 0
                  ? ""
                  : "\n" + List.of(trace).subList(0, Math.min(8, trace.length))));
    }
  }

  /** Whether something in it depends on a begin being told at once. */
  private static boolean isSensitive(List<Spec> steps) {
    return steps.stream()
        .anyMatch(
            step ->
                step.kind == Spec.Kind.RACE
                    || step.needs.stream().anyMatch(need -> need.on().contains(StepStatus.RUNNING))
                    || isSensitive(step.children));
  }

  private static Optional<String> compare(Reference reference, Simulation run, boolean timed) {
    List<String> differences = new ArrayList<>();
    if (reference.status != run.state.run().status()) {
      differences.add("run: " + reference.status + ", engine " + run.state.run().status());
    }
    if (timed && reference.endedAt() != run.endedAt) {
      differences.add("ended at " + reference.endedAt() + ", engine at " + run.endedAt);
    }
    Set<String> paths = new HashSet<>(reference.rows.keySet());
    paths.addAll(run.rows().keySet());
    for (String path : paths.stream().sorted().toList()) {
      Reference.Row expected = reference.rows.get(path);
      StepRow actual = run.rows().get(path);
      if (expected == null || actual == null || differs(expected, actual, run.vanished(path))) {
        differences.add(path + ": " + expected + ", engine " + actual);
      }
      if (path.matches("\\w+") && expected != null && run.state.run().outputs() != null) {
        Object output = run.state.run().outputs().get(path);
        if (expected.status() != StepStatus.DISCARDED
            && !Objects.equals(expected.output(), output)) {
          differences.add("run output " + path + ": " + expected.output() + ", engine " + output);
        }
      }
    }
    return differences.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", differences));
  }

  private static boolean differs(Reference.Row expected, StepRow actual, int vanished) {
    boolean begun =
        expected.status() != StepStatus.SKIPPED && expected.status() != StepStatus.NOT_RUN;
    Object winner = actual.detail() == null ? null : actual.detail().get("winner");
    return expected.status() != actual.status()
        || (begun && expected.attempts() != actual.attempt() - vanished)
        || (expected.status() != StepStatus.DISCARDED
            && !Objects.equals(expected.output(), actual.output()))
        || !Objects.equals(expected.winner(), winner);
  }

  private static FlowSpec shrink(FlowSpec flow, long seed) {
    FlowSpec best = flow;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (FlowSpec candidate : Shrink.of(best)) {
        if (difference(candidate, seed, new HashSet<>()).isPresent()) {
          best = candidate;
          smaller = true;
          break;
        }
      }
    }
    return best;
  }
}
