package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.Hooks.Moment;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Drawn graphs with drawn hooks: whatever happens, the right ones are called, in the right order,
 * and the run ends.
 */
class RandomHooksTest {
  private static final int GRAPHS = Integer.getInteger("fanfare.graphs", 500);
  private static final long SEED = Long.getLong("fanfare.seed", 20_260_801L);
  private static final List<Moment> OUTCOMES =
      List.of(Moment.ON_SUCCESS, Moment.ON_FAILURE, Moment.ON_CANCEL);

  private static Optional<Step> hook(Moment moment, Random random, boolean simple) {
    if (random.nextInt(3) == 0) {
      return Optional.empty();
    }
    Work call = new Work.Call("scripted", Template.literal(null));
    Step one = Step.bare(moment.id(), call, Optional.empty(), SourceSpan.NONE);
    return Optional.of(
        switch (simple ? 0 : random.nextInt(4)) {
          case 1 ->
              Step.bare(
                  moment.id(),
                  new Work.Sleep(Template.literal(random.nextInt(1_000_000) + "ms")),
                  Optional.empty(),
                  SourceSpan.NONE);
          case 2 ->
              Step.bare(
                  moment.id(),
                  new Structure.Sequence(
                      List.of(
                          Step.bare("1", call, Optional.empty(), SourceSpan.NONE),
                          Step.bare("2", call, Optional.empty(), SourceSpan.NONE))),
                  Optional.empty(),
                  SourceSpan.NONE);
          default -> one;
        });
  }

  private static Hooks hooks(Random random, boolean simple) {
    return new Hooks(
        hook(Moment.BEFORE, random, simple),
        hook(Moment.ON_SUCCESS, random, simple),
        hook(Moment.ON_FAILURE, random, simple),
        hook(Moment.ON_CANCEL, random, simple),
        hook(Moment.ALWAYS, random, simple));
  }

  private static void hang(List<Spec> steps, Random random, boolean simple) {
    for (Spec step : steps) {
      if (random.nextInt(3) > 0) {
        step.hooks = hooks(random, simple);
      }
      hang(step.children, random, simple);
    }
  }

  private static FlowSpec flow(long seed, boolean simple) {
    FlowSpec flow = new Draws(seed).flow();
    Random random = new Random(seed);
    hang(flow.steps, random, simple);
    flow.hooks = hooks(random, simple);
    return flow;
  }

  /** Hooks before something seldom fail, so that there is something after them. */
  private static Script script(long seed, boolean laterFail) {
    Script drawn = Script.random(seed);
    return (path, attempt) -> {
      Script.Attempt what = drawn.attempt(path, attempt);
      boolean good = path.contains(":before") ? seed % 7 > 0 : path.contains(":") && !laterFail;
      return good ? new Script.Attempt(what.millis(), "") : what;
    };
  }

  @Test
  void the_right_hooks_are_called_in_the_right_order_whatever_happens() {
    System.out.println("random hooks: " + GRAPHS + " graphs from seed " + SEED);
    for (long seed = SEED; seed < SEED + GRAPHS; seed++) {
      FlowSpec flow = flow(seed, false);
      Graph graph = Flows.graph(flow.workflow());
      boolean losses = flow.maxParallel == 0 && seed % 2 == 0;
      Simulation.World world = new Simulation.World(seed % 3 > 0, losses, true, true);
      Simulation run = new Simulation(graph, script(seed, true), world, seed);
      boolean twice = false;
      if (flow.cancelAt > 0) {
        run.at(flow.cancelAt, new Event.Cancel("test", "drawn"));
        twice = seed % 5 == 0;
        if (twice) {
          run.at(flow.cancelAt + 100_000_000, new Event.Cancel("test", "again"));
        }
      }
      try {
        run.run();
        // A cancel that finds the outcome decided ends the hooks, as a second one does.
        boolean ended = flow.cancelAt > 0 && run.state.run().status() != RunStatus.CANCELLED;
        check(graph, run, twice || ended);
      } catch (AssertionError | RuntimeException e) {
        fail("seed " + seed + "\n" + flow, e);
      }
    }
  }

  private static void check(Graph graph, Simulation run, boolean twice) {
    Map<String, Integer> ends = new HashMap<>();
    Map<String, Integer> begins = new HashMap<>();
    for (int i = 0; i < run.notes.size(); i++) {
      Object step = run.notes.get(i).get("step");
      String type = String.valueOf(run.notes.get(i).get("type")).replace("step.", "");
      if (step instanceof String path) {
        if (StepStatus.of(type).filter(StepStatus::isTerminal).isPresent()) {
          ends.put(path, i);
        } else if (type.equals("started") || type.equals("group.expanded")) {
          begins.putIfAbsent(path, i);
        }
      }
    }
    for (StepRow row : run.rows().values()) {
      Node node = run.node(row);
      if (!node.hooks().isEmpty()) {
        step(graph, run, row, node, ends, begins, twice);
      }
    }
    for (Moment moment : graph.hooks().keySet()) {
      boolean expected =
          switch (run.state.run().status()) {
            case SUCCEEDED, PARTIALLY_SUCCEEDED -> moment == Moment.ON_SUCCESS;
            case FAILED, TIMED_OUT -> moment == Moment.ON_FAILURE;
            case CANCELLED -> moment == Moment.ON_CANCEL;
            case QUEUED, RUNNING, WAITING, FAILING -> throw new AssertionError("not over");
          };
      expected |= moment == Moment.BEFORE || moment == Moment.ALWAYS;
      boolean called = isCalled(run, ":" + moment.id());
      assertTrue(expected || !called, ":" + moment.id() + " was called");
      assertTrue(called || !expected || twice, ":" + moment.id() + " was not called");
    }
    assertOrder(run, ends, List.of(":onSuccess", ":onFailure", ":onCancel"), ":always");
  }

  private static void assertOrder(
      Simulation run, Map<String, Integer> ends, List<String> first, String then) {
    for (String path : first) {
      if (isCalled(run, path) && isCalled(run, then)) {
        assertTrue(ends.get(path) < ends.get(then), path + " ended after " + then);
      }
    }
  }

  private static boolean isCalled(Simulation run, String path) {
    return run.rows().containsKey(path) && run.row(path).status() != StepStatus.PENDING;
  }

  private static void step(
      Graph graph,
      Simulation run,
      StepRow row,
      Node node,
      Map<String, Integer> ends,
      Map<String, Integer> begins,
      boolean twice) {
    String path = row.path();
    Set<Moment> called = new HashSet<>();
    for (int index : node.hooks().values()) {
      Node hook = graph.node(index);
      if (isCalled(run, Graph.pathOf(hook, path))) {
        called.add(hook.moment().orElseThrow());
      }
    }
    if (row.status() == StepStatus.NOT_RUN || row.status() == StepStatus.PENDING) {
      assertEquals(Set.of(), called, path + " has not begun and called hooks");
      return;
    }
    Optional<Moment> of =
        switch (row.status()) {
          case SUCCEEDED -> Optional.of(Moment.ON_SUCCESS);
          case FAILED, TIMED_OUT -> Optional.of(Moment.ON_FAILURE);
          default -> Optional.empty();
        };
    Set<Moment> outcomes = new HashSet<>(called);
    outcomes.retainAll(OUTCOMES);
    if (of.isPresent()) {
      boolean known = node.hooks().containsKey(of.get());
      assertEquals(known ? Set.of(of.get()) : Set.of(), outcomes, path + " " + row.status());
    } else {
      assertTrue(outcomes.size() <= 1, path + " called " + outcomes);
    }
    boolean begun = row.status() != StepStatus.SKIPPED || HookCalls.hasBegun(Cell.of(row));
    if (node.hooks().containsKey(Moment.ALWAYS) && begun && !twice) {
      assertTrue(called.contains(Moment.ALWAYS), path + " did not call always: " + row);
    }
    if (called.contains(Moment.BEFORE) && begins.containsKey(path)) {
      boolean before =
          run.notes.subList(0, begins.get(path)).stream()
              .filter(note -> (path + ":before").equals(note.get("step")))
              .map(note -> String.valueOf(note.get("type")).replace("step.", ""))
              .anyMatch(type -> StepStatus.of(type).filter(StepStatus::isTerminal).isPresent());
      assertTrue(before, path + " began before its hook had ended");
    }
    if (called.contains(Moment.ALWAYS)) {
      for (Moment outcome : outcomes) {
        assertOrder(run, ends, List.of(path + ":" + outcome.id()), path + ":always");
      }
      if (of.isPresent()) {
        assertTrue(ends.get(path + ":always") < ends.get(path), path + " ended before its hook");
      }
    }
  }

  @Test
  void whether_later_hooks_fail_makes_no_difference_to_anything_else() {
    for (long seed = SEED; seed < SEED + GRAPHS / 2; seed++) {
      FlowSpec flow = flow(seed, true);
      Map<String, String> good = ends(flow, seed, false);
      Map<String, String> bad = ends(flow, seed, true);
      assertEquals(good, bad, "seed " + seed + "\n" + flow);
    }
  }

  private static Map<String, String> ends(FlowSpec flow, long seed, boolean laterFail) {
    Graph graph = Flows.graph(flow.workflow());
    Simulation run = new Simulation(graph, script(seed, laterFail), Simulation.World.CALM, seed);
    if (flow.cancelAt > 0) {
      run.at(flow.cancelAt, new Event.Cancel("test", "drawn"));
    }
    run.run();
    Map<String, String> ends = new TreeMap<>();
    ends.put("", run.state.run().status().id());
    for (StepRow row : run.rows().values()) {
      boolean later = row.path().contains(":") && !row.path().contains(":before");
      if (!later) {
        ends.put(row.path(), row.status() + " " + row.attempt() + " " + row.output());
      }
    }
    return ends;
  }
}
