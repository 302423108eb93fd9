package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.fail;

import dev.fanfare.definition.StepStatus;
import dev.fanfare.graph.Graph;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The engine against the reference, on drawn graphs.
 *
 * <p>{@code -Dfanfare.graphs=N} sets how many, {@code -Dfanfare.seed=S} where they begin.
 */
class RandomGraphsTest {
  private static final int GRAPHS = Integer.getInteger("fanfare.graphs", 2_000);

  /** One graph in so many is run again. */
  private static final int RERUNS = 3;

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
      Reference reference = new Reference(flow, Script.random(seed)).run();
      if (seed / 3 % RERUNS > 0) {
        run.run();
        visited.addAll(run.visited);
        return compare(reference, run, flow.maxParallel == 0);
      }
      run.toTheEnd();
      Optional<String> difference = compare(reference, run, flow.maxParallel == 0);
      Random random = new Random(seed);
      for (int attempt = 2; attempt <= 3 && difference.isEmpty(); attempt++) {
        Event.From from = from(random, flow, reference);
        Script next = Script.random(seed + attempt * 1_000_003L);
        Map<String, ReferenceReruns.Fate> fates = ReferenceReruns.of(flow, reference, from);
        boolean stale = fates.values().stream().allMatch(ReferenceReruns.Fate.KEPT::equals);
        RunRow before = run.state.run();
        Verdict verdict = run.rerun(from, next, flow.cancelAt);
        String told = attempt + " " + from + " " + fates + "\n";
        if (stale || verdict != Verdict.ACCEPTED) {
          boolean same = before.facts().equals(run.state.run().facts());
          return stale && same && verdict == Verdict.STALE
              ? Optional.empty()
              : Optional.of(told + "nothing is to run again: " + stale + ", engine " + verdict);
        }
        reference = reference.again(next, fates).run();
        difference = compare(reference, run, flow.maxParallel == 0).map(told::concat);
      }
      run.go();
      visited.addAll(run.visited);
      return difference;
    } catch (AssertionError | RuntimeException e) {
      StackTraceElement[] trace = e.getStackTrace();
      return Optional.of(
          e
              + (trace.length == 0
                  ? ""
                  : "\n" + List.of(trace).subList(0, Math.min(8, trace.length))));
    }
  }

  /**
   * Where the run goes on. A kept failure may fail what is around it in the instant in which all
   * begins anew, so there are none where the first failure stops others.
   */
  private static Event.From from(Random random, FlowSpec flow, Reference before) {
    List<String> paths = before.rows.keySet().stream().sorted().toList();
    return switch (random.nextInt(4)) {
      case 0 -> new Event.From.Start();
      case 1 ->
          flow.abort || failsFast(flow.steps)
              ? new Event.From.Failed()
              : new Event.From.Of(paths.get(random.nextInt(paths.size())));
      default -> new Event.From.Failed();
    };
  }

  private static boolean failsFast(List<Spec> steps) {
    return steps.stream().anyMatch(step -> step.failFast || failsFast(step.children));
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
    if (timed && reference.endedAt() != run.endedAt - run.restartedAt) {
      differences.add(
          "ended at " + reference.endedAt() + ", engine at " + (run.endedAt - run.restartedAt));
    }
    Set<String> paths = new HashSet<>(reference.rows.keySet());
    paths.addAll(run.rows().keySet());
    for (String path : paths.stream().sorted().toList()) {
      Reference.Row expected = reference.rows.get(path);
      StepRow actual = run.rows().get(path);
      if (expected == null && actual != null && isLeft(run, actual)) {
        continue;
      }
      int before = run.vanished(path) + run.earlier(path);
      if (expected == null || actual == null || differs(expected, actual, before)) {
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

  /** Whether a row is only what an earlier attempt has left, of an item not come to again. */
  private static boolean isLeft(Simulation run, StepRow row) {
    return row.attempt() == run.earlier(row.path())
        && (row.status() == StepStatus.PENDING
            || row.status() == StepStatus.NOT_RUN
            || row.status() == StepStatus.SKIPPED
                && row.reason() != null
                && row.reason().code().startsWith("race_"));
  }

  private static boolean differs(Reference.Row expected, StepRow actual, int before) {
    boolean begun =
        expected.status() != StepStatus.SKIPPED && expected.status() != StepStatus.NOT_RUN;
    Object winner = actual.detail() == null ? null : actual.detail().get("winner");
    return expected.status() != actual.status()
        || (begun && expected.attempts() != actual.attempt() - before)
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
