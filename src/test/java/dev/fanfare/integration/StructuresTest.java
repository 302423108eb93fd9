package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.RunView;
import dev.fanfare.testing.TestEngine;
import dev.fanfare.work.call.JavaStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Loops, switches and batches on a real engine and its database. */
class StructuresTest {

  private static final String POLL =
      """
      name: poll
      steps:
        poll:
          loop:
            until: "${{ steps.look.output >= 3 }}"
            delay: 300ms
            steps:
              look: { call: count }
        after: { pass: { output: "${{ steps.poll.output }}" } }
      """;

  private static JavaStep counting(AtomicInteger calls) {
    return (context, input) -> (long) calls.incrementAndGet();
  }

  private static boolean pauses(Stage stage, UUID run) {
    return stage.count("SELECT count(*) FROM due WHERE kind = 'PAUSE' AND run_id = '" + run + "'")
        == 1;
  }

  @Test
  void a_loop_that_pauses_goes_on_in_a_process_that_did_not_begin_it() {
    AtomicInteger calls = new AtomicInteger();
    String slow = POLL.replace("300ms", "2s");
    try (Stage stage = new Stage().bean("count", counting(calls))) {
      EngineRoom first = stage.engine();
      UUID run = Stage.start(first, slow);
      Stage.until("the first pause", () -> pauses(stage, run));
      first.close();
      assertEquals(1, calls.get());
      stage.engine();
      RunView view = stage.end(run);
      assertEquals("succeeded", view.status());
      assertEquals(Map.of("iterations", 3L, "last", 3L), Stage.step(view, "after").output());
      assertEquals(3, calls.get());
      assertEquals(2, stage.events(run, "loop.paused").size());
      assertEquals(0, stage.count("SELECT count(*) FROM due"), "no timer is left");
      Invariants.hold(stage);
    }
  }

  @Test
  void while_a_loop_pauses_nothing_of_it_is_held() {
    try (Stage stage = new Stage().bean("count", counting(new AtomicInteger()))) {
      UUID run = Stage.start(stage.engine(), POLL.replace("300ms", "1h"));
      Stage.until("the pause", () -> pauses(stage, run));
      assertEquals(List.of("waiting"), stage.query("SELECT status FROM run"));
      assertEquals(
          0, stage.count("SELECT count(*) FROM step WHERE status IN ('dispatched', 'ready')"));
      assertEquals(List.of("running"), stage.query("SELECT status FROM step WHERE path = 'poll'"));
      Stage.cancel(stage.engine(), run);
      RunView view = stage.end(run);
      assertEquals("cancelled", view.status());
      assertEquals("cancelled", Stage.status(view, "poll"));
      assertEquals(0, stage.count("SELECT count(*) FROM due"), "no timer is left");
    }
  }

  @Test
  void a_switch_takes_one_case_and_says_so_of_the_others() {
    try (TestEngine engine = TestEngine.start()) {
      TestEngine.Outcome run =
          engine.run(
              """
              name: route
              params: { kind: docs }
              steps:
                route:
                  switch:
                    - { when: "${{ params.kind == 'code' }}", steps: { build: { run: make } } }
                    - { when: "${{ params.kind == 'docs' }}", steps: { write: { run: echo pages } } }
                    - else: { skip: { pass: {} } }
              """,
              Map.of());
      assertEquals("succeeded", run.status());
      assertEquals("pages", run.output("route"));
      assertEquals("skipped", run.status("route.case1"));
      assertEquals(
          "its case of the switch was not taken",
          ((Map<?, ?>) run.step("route.else").get("reason")).get("message"));
      assertEquals("not_run", run.status("route.case1.build"));
    }
  }

  @Test
  void the_turns_of_a_loop_stand_in_their_order_in_the_outcome() {
    try (TestEngine engine = TestEngine.start()) {
      TestEngine.Outcome run =
          engine.run(
              """
              name: turns
              steps:
                count:
                  loop:
                    while: "${{ iteration < 12 }}"
                    steps: { n: { pass: { output: "${{ iteration }}" } } }
              """);
      List<String> expected = new ArrayList<>(List.of("count"));
      for (int turn = 0; turn < 12; turn++) {
        expected.add("count[" + turn + "]");
        expected.add("count[" + turn + "].n");
      }
      List<String> ids =
          ((List<?>) run.json().get("steps"))
              .stream().map(step -> String.valueOf(((Map<?, ?>) step).get("id"))).toList();
      assertEquals(expected, ids);
    }
  }

  @Test
  void a_loop_of_ten_thousand_turns_without_work_ends_soon() {
    try (TestEngine engine = TestEngine.start()) {
      TestEngine.Outcome run =
          engine.run(
              """
              name: long
              steps:
                count:
                  loop:
                    while: "${{ iteration < 10000 }}"
                    limit: 10000
                    steps: { n: { pass: { output: "${{ iteration }}" } } }
              outputs: { last: "${{ steps.count.output.last }}" }
              """);
      assertEquals("succeeded", run.status());
      assertEquals(9_999L, run.outputs().get("last"));
    }
  }

  @Test
  void fifty_groups_in_each_other_run() {
    StringBuilder steps = new StringBuilder("{ echo: { run: echo deep } }");
    for (int depth = 0; depth < 50; depth++) {
      steps.insert(
          0,
          switch (depth % 5) {
            case 0 -> "{ g: { loop: { until: true, steps: ";
            case 1 -> "{ g: { switch: { cases: [{ when: true, steps: ";
            case 2 -> "{ g: { forEach: [1], batch: 2, sequence: { steps: ";
            case 3 -> "{ g: { race: { win: { quorum: 1 }, steps: ";
            default -> "{ g: { parallel: { steps: ";
          });
      steps.append(depth % 5 == 1 ? "}] } } }" : "} } }");
    }
    try (TestEngine engine = TestEngine.start()) {
      TestEngine.Outcome run = engine.run("name: deep\nsteps: " + steps + "\n");
      assertEquals("succeeded", run.status());
      assertTrue(String.valueOf(run.output("g")).contains("deep"));
    }
  }
}
