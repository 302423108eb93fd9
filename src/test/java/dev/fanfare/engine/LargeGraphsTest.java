package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.graph.Graph;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LargeGraphsTest {

  private static Spec step(String name, Spec.Kind kind, String... needs) {
    Spec spec = new Spec();
    spec.name = name;
    spec.kind = kind;
    for (String need : needs) {
      spec.needs.add(new Spec.Need(need, Set.of(StepStatus.SUCCEEDED)));
    }
    return spec;
  }

  private static FlowSpec chain(int length, Spec.Kind kind) {
    FlowSpec flow = new FlowSpec();
    flow.steps.add(step("s0", Spec.Kind.CALL));
    for (int i = 1; i < length; i++) {
      flow.steps.add(step("s" + i, kind, "s" + (i - 1)));
    }
    return flow;
  }

  private static FlowSpec fan(int width) {
    FlowSpec flow = new FlowSpec();
    flow.steps.add(step("first", Spec.Kind.CALL));
    Spec last = step("last", Spec.Kind.CALL);
    for (int i = 0; i < width; i++) {
      flow.steps.add(step("s" + i, Spec.Kind.CALL, "first"));
      last.needs.add(new Spec.Need("s" + i, Set.of(StepStatus.SUCCEEDED)));
    }
    flow.steps.add(last);
    return flow;
  }

  private static Simulation simulation(FlowSpec flow) {
    Simulation.World quick = new Simulation.World(false, false, false, true);
    return new Simulation(Flows.graph(flow.workflow()), Script.quick(), quick, 1);
  }

  private static Event report(String step, Outcome outcome) {
    return new Event.Report(step, 1, outcome, Event.Cost.NONE, false);
  }

  private static Reply.Decided decide(Graph graph, RunState state, Event event) {
    Reply.Decided decided =
        (Reply.Decided) Engine.decide(graph, state, List.of(event), Context.REPORT);
    state.apply(decided);
    return decided;
  }

  @Test
  void a_chain_of_100_000_steps_without_work_ends_in_about_a_hundred_decisions() {
    Simulation run = simulation(chain(100_000, Spec.Kind.PASS)).run();
    assertEquals(RunStatus.SUCCEEDED, run.state.run().status());
    assertEquals(100_000, run.state.size());
    assertTrue(run.verdicts.size() < 500, "took " + run.verdicts.size() + " events");
  }

  @Test
  void a_failure_at_the_head_of_1000_steps_leaves_all_of_them_not_run() {
    Graph graph = Flows.graph(chain(1_001, Spec.Kind.CALL).workflow());
    RunState state = RunState.fresh(Flows.facts(1));
    decide(graph, state, new Event.Start());
    decide(graph, state, report("s0", Simulation.outcome("s0", new Script.Attempt(1, "boom"))));
    assertEquals(RunStatus.FAILED, state.run().status());
    for (int i = 1; i <= 1_000; i++) {
      assertEquals(StepStatus.NOT_RUN, state.step("s" + i).orElseThrow().status());
    }
  }

  @Test
  void a_report_into_a_fan_of_10_000_changes_two_rows_whatever_the_size_of_the_run() {
    Graph graph = Flows.graph(fan(10_000).workflow());
    RunState state = RunState.fresh(Flows.facts(1));
    decide(graph, state, new Event.Start());
    Reply.Decided opened = decide(graph, state, report("first", Outcome.Succeeded.of(1L)));
    assertEquals(10_001, opened.steps().size());
    for (int i = 0; i < 10_000; i++) {
      Reply.Decided decided = decide(graph, state, report("s" + i, Outcome.Succeeded.of(1L)));
      assertEquals(2, decided.steps().size());
    }
    assertEquals(StepStatus.DISPATCHED, state.step("last").orElseThrow().status());
    assertEquals(1, state.step("last").orElseThrow().attempt());
  }

  @Test
  void a_report_needs_no_other_rows_than_those_around_its_step() {
    Graph graph = Flows.graph(fan(10_000).workflow());
    RunState whole = RunState.fresh(Flows.facts(1));
    decide(graph, whole, new Event.Start());
    decide(graph, whole, report("first", Outcome.Succeeded.of(1L)));
    RunState partial = RunState.load(whole.run(), List.of(), false);
    int asked = 0;
    Reply reply;
    List<Event> events = List.of(report("s77", Outcome.Succeeded.of(1L)));
    while ((reply = Engine.decide(graph, partial, events, Context.REPORT))
        instanceof Reply.Needs needs) {
      asked += needs.paths().size();
      partial.add(
          needs.paths(),
          needs.paths().stream().flatMap(path -> whole.step(path).stream()).toList());
    }
    assertTrue(reply instanceof Reply.Decided);
    assertEquals(2, asked);
  }

  @Test
  void a_run_of_10_000_steps_never_has_more_at_work_than_its_limit() {
    FlowSpec flow = fan(10_000);
    flow.maxParallel = 7;
    Simulation run = simulation(flow).run();
    assertEquals(RunStatus.SUCCEEDED, run.state.run().status());
    assertEquals(7, run.mostActive);
  }

  @Test
  void ten_thousand_steps_without_work_behind_one_slot_end_in_order() {
    FlowSpec flow = new FlowSpec();
    flow.steps.add(step("go", Spec.Kind.CALL));
    Spec group = step("g", Spec.Kind.PARALLEL, "go");
    group.limit = 1;
    for (int i = 0; i < 10_000; i++) {
      group.children.add(step("s" + i, Spec.Kind.PASS));
    }
    flow.steps.add(group);
    assertEquals(RunStatus.SUCCEEDED, simulation(flow).run().state.run().status());
  }
}
