package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Settings;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What steps bring may be strange; it must not stop the run that asked for it, or any other. */
class OddValuesTest {

  private static Object nested(int depth) {
    Object value = "x";
    for (int i = 0; i < depth; i++) {
      value = List.of(value);
    }
    return value;
  }

  @Test
  void output_of_any_depth_is_kept_or_refused_and_the_run_ends_in_any_engine() {
    try (Stage stage = new Stage()) {
      stage.bean(
          "deep", (JavaStep) (context, input) -> nested(Integer.parseInt(String.valueOf(input))));
      EngineRoom first = stage.engine();
      List<UUID> runs = new ArrayList<>();
      for (int depth : List.of(50, 100, 101, 990, 1_100, 5_000)) {
        runs.add(
            Stage.start(
                first,
                """
                name: deep
                steps:
                  a: { call: deep, with: %d, onFailure: { tolerate: true } }
                  z: { sleep: 300ms }
                  b: { needs: [{ step: a, on: [finished] }, z], pass: { output: "${{ steps.a.status }}" } }
                """
                    .formatted(depth)));
      }
      Stage.until(
          "all are asleep",
          () ->
              stage.count("SELECT count(*) FROM run WHERE status = 'waiting'") == runs.size()
                  || runs.stream().allMatch(stage::hasEnded));
      first.close();
      stage.engine();
      for (UUID id : runs) {
        RunView run = stage.end(id);
        boolean kept = runs.indexOf(id) < 2;
        assertEquals(kept ? "succeeded" : "failed", Stage.step(run, "b").output());
        assertEquals(kept ? "succeeded" : "partially_succeeded", run.status());
      }
      Invariants.hold(stage);
    }
  }

  @Test
  void instances_may_have_any_key_that_can_be_shown_in_a_line() {
    try (Stage stage = new Stage()) {
      stage.bean("work", (JavaStep) (context, input) -> input);
      EngineRoom engine = stage.engine();
      UUID id =
          Stage.start(
              engine,
              """
              name: keys
              steps:
                a: { forEach: ["ü]", "a.b[0]", " ", "${ x }"], key: "${{ item }}", call: work, with: "${{ item }}" }
                nul: { forEach: ["x\\u0000y"], key: "${{ item }}", call: work, with: 1, onFailure: { tolerate: true } }
                line: { forEach: ["x\\ny"], key: "${{ item }}", call: work, with: 1, onFailure: { tolerate: true } }
                z: { needs: a, sleep: 50ms }
                b: { needs: z, pass: { output: "${{ size(steps.a.output) }}" } }
              """);
      RunView run = stage.end(id);
      assertEquals("failed", Stage.status(run, "nul"));
      assertEquals("failed", Stage.status(run, "line"));
      assertEquals(4L, Stage.step(run, "b").output(), run::toString);
      Invariants.hold(stage);
    }
  }

  @Test
  void a_key_of_a_run_may_hold_any_character() {
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      String yaml = "name: once\nsteps:\n  a: { pass: {} }\n";
      UUID run = Stage.started(engine, yaml, Optional.of("a\0b")).run();
      assertEquals(run, Stage.started(engine, yaml, Optional.of("a\0b")).run());
    }
  }

  @Test
  void what_cannot_be_stored_fails_its_own_step_only() {
    try (Stage stage = new Stage()) {
      stage.bean("work", (JavaStep) (context, input) -> Map.of("given", input));
      EngineRoom engine =
          stage.engine(new Settings(1, Settings.LOCAL.lease(), Settings.LOCAL.sweep(), 8_192));
      stage.execute(
          "ALTER TABLE step ADD CHECK (coalesce(output::text NOT LIKE '%poison%', true))");
      List<UUID> good = new ArrayList<>();
      List<UUID> bad = new ArrayList<>();
      String yaml =
          """
          name: w
          steps:
            a: { call: work, with: %s }
            b: { call: work, with: harmless }
            c: { needs: [a, b], call: work, with: end }
          """;
      for (int i = 0; i < 50; i++) {
        good.add(Stage.start(engine, yaml.formatted("fine")));
        if (i % 10 == 0) {
          bad.add(Stage.start(engine, yaml.formatted("poison")));
        }
      }
      for (UUID id : good) {
        assertEquals("succeeded", stage.end(id).status());
      }
      for (UUID id : bad) {
        RunView run = stage.end(id);
        assertEquals("failed", run.status());
        assertTrue(String.valueOf(Stage.step(run, "a").error()).contains("code=not_stored"));
        assertEquals("succeeded", Stage.status(run, "b"));
      }
      Invariants.hold(stage);
    }
  }
}
