package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Settings;
import dev.fanfare.definition.Outcome;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Runs that are too large to be read as a whole, in engines that know nothing of them. */
class LargeRunsTest {

  private static final JavaStep NUMBER = (context, input) -> input;

  /** An engine that claims and hands nothing over: its runs stand still. */
  private static EngineRoom still(Stage stage, List<Invocation> sent) {
    return stage.engine(Settings.LOCAL, inside -> sent::addAll);
  }

  private static void perform(EngineRoom room, Invocation invocation) {
    room.invoker()
        .invoke(
            List.of(
                new Invocation(
                    invocation.run(), invocation.step(), invocation.attempt(), Optional.empty())));
  }

  @Test
  void a_run_of_two_thousand_steps_goes_on_in_an_engine_that_knows_nothing_of_it() {
    StringBuilder yaml = new StringBuilder("name: large\nsteps:\n");
    for (int i = 0; i < 1_000; i++) {
      yaml.append("  a%d: { call: number, with: %d }\n".formatted(i, i));
      yaml.append(
          "  b%d: { needs: [a%d, a%d], call: number, with: \"${{ steps.a%d.output * 2 }}\" }\n"
              .formatted(i, i, (i + 1) % 1_000, i));
    }
    yaml.append("  sum: { needs: [");
    for (int i = 0; i < 1_000; i++) {
      yaml.append(i == 0 ? "" : ", ").append("b").append(i);
    }
    yaml.append("], pass: { output: \"${{ steps.b999.output + steps.b1.output }}\" } }\n");
    List<Invocation> sent = Collections.synchronizedList(new ArrayList<>());
    try (Stage stage = new Stage().bean("number", NUMBER)) {
      UUID id = Stage.start(still(stage, sent), yaml.toString());
      Stage.until("all deliveries", () -> sent.size() == 1_000);
      EngineRoom heir = stage.engine();
      List.copyOf(sent).forEach(invocation -> perform(heir, invocation));
      RunView run = stage.end(id);
      assertEquals("succeeded", run.status());
      assertEquals(2_000L, Stage.step(run, "sum").output());
      assertEquals(2_001, run.steps().size());
      run.steps().forEach(step -> assertEquals(1, step.attempt(), step::path));
      Invariants.hold(stage);
    }
  }

  @Test
  void a_fan_of_fifteen_hundred_collects_its_output_in_order_in_another_engine() {
    List<Invocation> sent = Collections.synchronizedList(new ArrayList<>());
    try (Stage stage = new Stage().bean("number", NUMBER)) {
      UUID id =
          Stage.start(
              still(stage, sent),
              """
              name: fan
              steps:
                first: { call: number, with: 7 }
                part:
                  needs: first
                  forEach: "${{ lists.range(1500) }}"
                  call: number
                  with: "${{ item * steps.first.output }}"
                  collect: "${{ output + 1 }}"
                sum: { needs: part, pass: { output: "${{ size(steps.part.output) }}" } }
              """);
      Stage.until("the first delivery", () -> sent.size() == 1);
      EngineRoom opener = still(stage, sent);
      Stage.submit(
          opener,
          id,
          new Event.Report("first", 1, Outcome.Succeeded.of(7L), Event.Cost.NONE, false));
      Stage.until("all deliveries", () -> sent.size() == 1_501);
      EngineRoom heir = stage.engine();
      List.copyOf(sent.subList(1, sent.size())).forEach(each -> perform(heir, each));
      RunView run = stage.end(id);
      assertEquals("succeeded", run.status());
      assertEquals(
          LongStream.range(0, 1_500).mapToObj(i -> i * 7 + 1).toList(),
          Stage.step(run, "part").output());
      assertEquals(1_500L, Stage.step(run, "sum").output());
      Invariants.hold(stage);
    }
  }

  @Test
  void outputs_are_computed_in_an_engine_that_knows_nothing_of_a_large_run() {
    List<Invocation> sent = Collections.synchronizedList(new ArrayList<>());
    try (Stage stage = new Stage().bean("number", NUMBER)) {
      UUID id =
          Stage.start(
              still(stage, sent),
              """
              name: fan
              steps:
                part: { forEach: "${{ lists.range(600) }}", call: number, with: 1 }
                sum: { call: number, with: 20, outputs: { twice: "${{ output * 2 }}" } }
              """);
      Stage.until("all deliveries", () -> sent.size() == 601);
      EngineRoom heir = stage.engine();
      Stage.submit(
          heir, id, new Event.Report("sum", 1, Outcome.Succeeded.of(20L), Event.Cost.NONE, false));
      assertEquals(Map.of("twice", 40L), Stage.step(stage.view(id), "sum").output());
    }
  }

  @Test
  void an_engine_that_knows_nothing_of_a_large_run_cancels_it() {
    List<Invocation> sent = Collections.synchronizedList(new ArrayList<>());
    try (Stage stage = new Stage().bean("number", NUMBER)) {
      UUID id =
          Stage.start(
              still(stage, sent),
              """
              name: fan
              maxParallel: 100
              steps:
                part: { forEach: "${{ lists.range(1500) }}", call: number, with: 1 }
                after: { needs: part, pass: {} }
              """);
      Stage.until("as many deliveries as may be", () -> sent.size() == 100);
      EngineRoom other = stage.engine();
      Stage.cancel(other, id);
      RunView run = stage.end(id);
      assertEquals("cancelled", run.status());
      assertEquals("not_run", Stage.status(run, "after"));
      assertEquals(0, stage.count("SELECT count(*) FROM backlog"));
      Verdict late =
          Stage.submit(
              other,
              id,
              new Event.Report("part[3]", 1, Outcome.Succeeded.of(1L), Event.Cost.NONE, true));
      assertTrue(late != Verdict.ACCEPTED, late::name);
      Invariants.hold(stage);
    }
  }
}
