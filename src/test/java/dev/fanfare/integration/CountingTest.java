package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a run costs, counted and not timed. */
class CountingTest {

  private static String chain(String work) {
    StringBuilder yaml = new StringBuilder("name: chain\nsteps:\n");
    for (int i = 0; i < 100; i++) {
      String needs = i == 0 ? "" : "needs: s%d, ".formatted(i - 1);
      yaml.append("  s%d: { %s%s }\n".formatted(i, needs, work));
    }
    return yaml.toString();
  }

  /** What a run took: invocations, and transactions, each of which adds one batch of events. */
  private record Cost(long invocations, long commits) {}

  private static Cost cost(Stage stage, EngineRoom engine, String what, String yaml) {
    long before = engine.invoker().count();
    UUID id = Stage.start(engine, yaml);
    RunView run = stage.end(id);
    assertEquals("succeeded", run.status());
    run.steps().forEach(step -> assertEquals("succeeded", step.status(), step::path));
    Cost cost =
        new Cost(
            engine.invoker().count() - before,
            stage.count("SELECT count(*) FROM event_batch WHERE run_id = '%s'".formatted(id)));
    System.out.println(what + ": " + cost);
    return cost;
  }

  @Test
  void a_chain_of_a_hundred_steps_takes_one_invocation() {
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      stage.bean("work", (JavaStep) (context, input) -> context.step());
      Cost pass = cost(stage, engine, "100 pass", chain("pass: { output: 1 }"));
      assertEquals(1, pass.invocations());
      assertTrue(pass.commits() <= 3, pass::toString);
      Cost call = cost(stage, engine, "100 call", chain("call: work"));
      assertEquals(1, call.invocations());
      assertTrue(call.commits() <= 103, call::toString);
    }
  }

  @Test
  void a_fan_of_a_thousand_ends_with_one_join_and_few_commits() {
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      stage.bean("work", (JavaStep) (context, input) -> input);
      Cost cost =
          cost(
              stage,
              engine,
              "fan of 1,000",
              """
              name: fan
              steps:
                first: { pass: {} }
                part: { needs: first, forEach: "${{ lists.range(1000) }}", call: work, with: "${{ item }}" }
                join: { needs: part, pass: { output: "${{ size(steps.part.output) }}" } }
              """);
      assertTrue(cost.invocations() <= 1_002, cost::toString);
      assertTrue(cost.commits() <= 400, cost::toString);
      assertEquals(
          1,
          stage.count(
              "SELECT count(*) FROM run_event WHERE step = 'join' AND type = 'step.succeeded'"));
      Invariants.hold(stage);
    }
  }
}
