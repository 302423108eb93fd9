package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.engine.Event;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.RunJson;
import dev.fanfare.function.TriggerService;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps that are runs of other workflows. */
class ChildRunsTest {

  private static final String DOUBLE =
      """
      name: double
      params: { n: { type: integer, required: true } }
      steps:
        twice: { pass: { output: "${{ params.n * 2 }}" } }
      outputs: { result: "${{ steps.twice.output }}" }
      """;

  private static final String STUCK = "name: stuck\nsteps:\n  nap: { sleep: 1h }\n";

  private static RunView run(Stage stage, EngineRoom room, String yaml) {
    return stage.end(Stage.start(room, yaml));
  }

  private static Map<?, ?> error(RunView run, String step) {
    Map<String, Object> error = Stage.step(run, step).error();
    return error == null ? Map.of() : error;
  }

  private static Map<?, ?> json(EngineRoom room, RunView run) {
    return RunJson.outcome(run, room.conductor().graphs().get(run.graph()));
  }

  private static UUID child(RunView run, String step) {
    return UUID.fromString(Stage.step(run, step).child().orElseThrow());
  }

  private static UUID waiting(Stage stage, UUID run, String step) {
    Stage.until(
        step + " waits for its run", () -> Stage.status(stage.view(run), step).equals("waiting"));
    return child(stage.view(run), step);
  }

  @Test
  void a_run_that_goes_on_by_itself_is_waited_for_until_it_ends() {
    String flaky =
        """
        name: flaky
        autoRerun: { limit: 1, delay: 100ms }
        steps:
          a: { run: "test -e tried && echo done || { touch tried; exit 1; }" }
        outputs: { a: "${{ steps.a.output }}" }
        """;
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      stage.register("flaky", flaky);
      RunView view = run(stage, room, "name: up\nsteps:\n  call: { workflow: flaky }\n");
      assertEquals("succeeded", view.status());
      assertEquals(Map.of("a", "done"), Stage.step(view, "call").output());
      assertEquals(2, stage.view(child(view, "call")).attempt());
    }
  }

  @Test
  void a_step_yields_what_the_run_that_it_waits_for_yields() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      stage.register("double", DOUBLE);
      RunView run =
          run(
              stage,
              room,
              """
              name: top
              steps:
                a: { workflow: double, params: { n: "${{ 20 + 1 }}" } }
                b: { workflow: { name: double, params: { n: "${{ steps.a.output.result }}" } } }
              outputs: { last: "${{ steps.b.output.result }}" }
              """);
      assertEquals("succeeded", run.status());
      assertEquals(Map.of("last", 84L), run.outputs());
      RunView child = stage.end(child(run, "a"));
      assertEquals("double", child.workflow());
      assertEquals(Map.of("n", 21L), child.params());
      assertEquals("workflow", child.context().get("trigger"));
      assertEquals(1L, child.context().get("depth"));
      Map<?, ?> parent = (Map<?, ?>) child.context().get("parent");
      assertEquals(run.id().toString(), parent.get("run"));
      assertEquals("a", parent.get("step"));
      Map<?, ?> told = json(room, run);
      Map<?, ?> step = (Map<?, ?>) ((List<?>) told.get("steps")).getFirst();
      assertEquals(child.id().toString(), step.get("run"));
      assertFalse(told.containsKey("parent"));
      assertEquals(
          Map.of("run", run.id().toString(), "step", "a", "attempt", 1L),
          json(room, child).get("parent"));
    }
  }

  @Test
  void a_run_that_fails_fails_its_step_with_the_cause() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      stage.register("broken", "name: broken\nsteps:\n  boom: { run: exit 7 }\n");
      RunView run = run(stage, room, "name: top\nsteps:\n  a: { workflow: broken }\n");
      assertEquals("failed", run.status());
      Map<?, ?> error = error(run, "a");
      assertEquals("child_failed", error.get("code"));
      assertEquals("failed", error.get("runStatus"));
      assertTrue(String.valueOf(error.get("message")).contains("'boom' failed"), error.toString());
      assertEquals(
          "exit_code", ((Map<?, ?>) ((List<?>) error.get("causes")).getFirst()).get("code"));
    }
  }

  @Test
  void a_retry_starts_another_run() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      AtomicInteger calls = new AtomicInteger();
      stage.bean(
          "flaky",
          (JavaStep)
              (context, input) -> {
                if (calls.incrementAndGet() < 3) {
                  throw new IllegalStateException("not yet");
                }
                return "now";
              });
      stage.register(
          "flaky",
          "name: flaky\n"
              + "steps:\n"
              + "  f: { call: flaky }\n"
              + "outputs: { it: \"${{ steps.f.output }}\" }\n");
      RunView run =
          run(
              stage,
              room,
              "name: top\nsteps:\n  a: { workflow: flaky, retry: { attempts: 3, on:"
                  + " [child_failed] } }\n");
      assertEquals("succeeded", run.status());
      assertEquals(Map.of("it", "now"), Stage.step(run, "a").output());
      assertEquals(3, stage.count("SELECT count(*) FROM run WHERE workflow = 'flaky'"));
    }
  }

  @Test
  void an_unknown_workflow_is_named_with_the_nearest_known_one() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      stage.register("double", DOUBLE);
      RunView run =
          run(
              stage,
              room,
              "name: top\nsteps:\n  a: { workflow: duoble }\n  b: { workflow: \"../etc\" }\n");
      assertEquals("unknown_workflow", error(run, "a").get("code"));
      assertTrue(String.valueOf(error(run, "a").get("message")).contains("mean 'double'"));
      assertEquals("unknown_workflow", error(run, "b").get("code"));
    }
  }

  @Test
  void a_run_that_is_refused_fails_its_step_with_what_is_wrong() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      stage.register("double", DOUBLE);
      RunView run =
          run(
              stage,
              room,
              "name: top\nsteps:\n  a: { workflow: double, params: { m: 1 } }\n"
                  + "  b: { workflow: double, params: { n: many } }\n");
      String message = String.valueOf(error(run, "a").get("message"));
      assertEquals("child_refused", error(run, "a").get("code"));
      assertTrue(message.contains("'n' is required") && message.contains("no parameter 'm'"));
      assertTrue(String.valueOf(error(run, "b").get("message")).contains("'many'"));
      assertEquals(1, stage.count("SELECT count(*) FROM run"));
    }
  }

  @Test
  void a_workflow_that_calls_itself_for_ever_ends_with_the_chain() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      String yaml = "name: loop\nsteps:\n  again: { workflow: loop }\n";
      stage.register("loop", yaml);
      RunView run = run(stage, room, yaml);
      assertEquals("failed", run.status());
      assertEquals(33, stage.count("SELECT count(*) FROM run"));
      String deepest = stage.query("SELECT id FROM run WHERE context->>'depth' = '32'").getFirst();
      Map<?, ?> error = error(stage.end(UUID.fromString(deepest)), "again");
      assertEquals("workflow_too_deep", error.get("code"));
      assertEquals(34, ((List<?>) error.get("chain")).size());
    }
  }

  @Test
  void a_workflow_may_call_itself_as_long_as_it_ends() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      String yaml =
          """
          name: sum
          params: { n: 10 }
          steps:
            rest:
              when: "${{ params.n > 0 }}"
              workflow: sum
              params: { n: "${{ params.n - 1 }}" }
              onSkip: satisfy
            sum:
              needs: rest
              pass: { output: "${{ params.n > 0 ? params.n + steps.rest.output.sum : 0 }}" }
          outputs: { sum: "${{ steps.sum.output }}" }
          """;
      stage.register("sum", yaml);
      assertEquals(Map.of("sum", 55L), run(stage, room, yaml).outputs());
    }
  }

  @Test
  void a_cancel_goes_down_to_every_run_below() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      stage.register("stuck", STUCK);
      stage.register("middle", "name: middle\nsteps:\n  m: { workflow: stuck }\n");
      UUID top =
          Stage.start(
              room,
              "name: top\nsteps:\n  a: { workflow: middle }\n"
                  + "  free: { workflow: { name: stuck, wait: false } }\n");
      UUID middle = waiting(stage, top, "a");
      UUID bottom = waiting(stage, middle, "m");
      Stage.until("b", () -> Stage.status(stage.view(top), "free").equals("succeeded"));
      Stage.cancel(room, top);
      assertEquals("cancelled", stage.end(top).status());
      assertEquals("cancelled", stage.end(middle).status());
      RunView last = stage.end(bottom);
      assertEquals("cancelled", last.status());
      assertEquals("run " + middle, last.reason() == null ? "" : last.reason().get("by"));
      Map<?, ?> left = (Map<?, ?>) Stage.step(stage.view(top), "free").output();
      UUID free = UUID.fromString(String.valueOf(left.get("run")));
      assertFalse(stage.hasEnded(free), "nobody waited for it");
      Stage.cancel(room, free);
      stage.end(free);
      Stage.until("no timer is left", () -> stage.count("SELECT count(*) FROM due") == 0);
      Invariants.hold(stage);
    }
  }

  @Test
  void a_run_that_somebody_cancels_fails_the_step_that_waits_for_it() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      stage.register("stuck", STUCK);
      UUID top = Stage.start(room, "name: top\nsteps:\n  a: { workflow: stuck }\n");
      Stage.cancel(room, waiting(stage, top, "a"));
      RunView run = stage.end(top);
      assertEquals("failed", run.status());
      assertEquals("cancelled", error(run, "a").get("runStatus"));
      assertTrue(String.valueOf(error(run, "a").get("message")).endsWith("was cancelled by test"));
    }
  }

  @Test
  void a_run_that_waits_in_line_is_cancelled_and_one_that_finds_no_slot_fails_its_step() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      String line = "name: %s\nconcurrency: { key: k, limit: 1, policy: %s }\n";
      stage.register("first", line.formatted("first", "queue") + "steps:\n  nap: { sleep: 1h }\n");
      stage.register("next", line.formatted("next", "queue") + "steps:\n  n: { pass: {} }\n");
      stage.register("never", line.formatted("never", "reject") + "steps:\n  n: { pass: {} }\n");
      UUID first = Stage.start(room, "name: one\nsteps:\n  a: { workflow: first }\n");
      UUID holder = waiting(stage, first, "a");
      Stage.until("it has the slot", () -> stage.view(holder).status().equals("waiting"));
      UUID second = Stage.start(room, "name: two\nsteps:\n  a: { workflow: next }\n");
      UUID queued = waiting(stage, second, "a");
      assertEquals("queued", stage.view(queued).status());
      Stage.cancel(room, second);
      assertEquals("cancelled", stage.end(queued).status());
      RunView third = run(stage, room, "name: three\nsteps:\n  a: { workflow: never }\n");
      String message = String.valueOf(error(third, "a").get("message"));
      assertTrue(message.endsWith("its concurrency key 'k' has no slot"), message);
      Stage.cancel(room, first);
      stage.end(holder);
    }
  }

  @Test
  void a_rerun_starts_another_run_for_a_step_that_runs_again() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      AtomicInteger calls = new AtomicInteger();
      stage.bean(
          "flaky",
          (JavaStep)
              (context, input) -> {
                if (calls.incrementAndGet() == 1) {
                  throw new IllegalStateException("not yet");
                }
                return "now";
              });
      stage.register("flaky", "name: flaky\nsteps:\n  f: { call: flaky }\n");
      stage.register("double", DOUBLE);
      String yaml =
          "name: top\nsteps:\n  a: { workflow: flaky }\n"
              + "  b: { workflow: double, params: { n: 2 } }\n";
      UUID id = Stage.start(room, yaml);
      RunView failed = stage.end(id);
      assertEquals("failed", failed.status());
      Stage.submit(room, id, new Event.Rerun(new Event.From.Failed(), "ann"));
      RunView run = stage.end(id);
      assertEquals("succeeded", run.status());
      assertNotEquals(child(failed, "a"), child(run, "a"));
      assertEquals(child(failed, "b"), child(run, "b"), "it is kept");
      assertEquals(2, stage.count("SELECT count(*) FROM run WHERE workflow = 'flaky'"));
    }
  }

  @Test
  void a_step_that_times_out_cancels_its_run() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      stage.register("stuck", STUCK);
      RunView run =
          run(
              stage,
              room,
              "name: top\n"
                  + "steps:\n"
                  + "  a: { workflow: stuck, timeout: 300ms }\n"
                  + "  b: { race: { steps: { one: { workflow: stuck }, two: { sleep: 300ms } } }"
                  + " }\n");
      assertEquals("timed_out", Stage.status(run, "a"));
      assertEquals("discarded", Stage.status(run, "b.one"));
      assertEquals("cancelled", stage.end(child(run, "a")).status());
      assertEquals("cancelled", stage.end(child(run, "b.one")).status());
    }
  }

  @Test
  void two_hundred_runs_of_a_fan_go_on_as_many_at_once_as_it_says() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      AtomicInteger now = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      stage.bean(
          "count",
          (JavaStep)
              (context, input) -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                new CountDownLatch(1).await(5, java.util.concurrent.TimeUnit.MILLISECONDS);
                now.decrementAndGet();
                return input;
              });
      stage.register(
          "item",
          """
          name: item
          params: { n: 0 }
          steps:
            c: { call: { bean: count, with: "${{ params.n }}" } }
          outputs: { n: "${{ steps.c.output }}" }
          """);
      RunView run =
          run(
              stage,
              room,
              """
              name: top
              steps:
                all:
                  forEach: "${{ lists.range(200) }}"
                  as: n
                  maxParallel: 10
                  collect: "${{ output.n }}"
                  workflow: item
                  params: { n: "${{ n }}" }
              outputs: { size: "${{ size(steps.all.output) }}", last: "${{ steps.all.output[199] }}" }
              """);
      assertEquals("succeeded", run.status());
      assertEquals(Map.of("size", 200L, "last", 199L), run.outputs());
      assertEquals(200, stage.count("SELECT count(*) FROM run WHERE workflow = 'item'"));
      assertTrue(most.get() <= 10, most + " at once");
      Stage.until("no timer is left", () -> stage.count("SELECT count(*) FROM due") == 0);
      Invariants.hold(stage);
    }
  }

  @Test
  void a_file_beside_the_caller_comes_before_a_registered_workflow(@TempDir Path folder)
      throws IOException {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      String says = "name: %s\nsteps: { s: { pass: {} } }\noutputs: { from: %s }\n";
      stage.register("one", says.formatted("one", "registry"));
      stage.register("two", says.formatted("two", "registry"));
      Files.writeString(folder.resolve("one.yml"), says.formatted("one", "file"));
      Files.createDirectory(folder.resolve("x.yaml"));
      Files.writeString(folder.resolve("odd.yaml"), ":\n  - [");
      Files.writeString(
          folder.resolve("third.yaml"),
          "name: three\nsteps: { s: { workflow: one } }\noutputs: { from: \"${{"
              + " steps.s.output.from }}\" }\n");
      String yaml =
          """
          name: top
          steps:
            a: { workflow: one }
            b: { workflow: two }
            c: { workflow: three }
            d: { workflow: fuor, onFailure: tolerate }
          outputs:
            all: "${{ [steps.a.output.from, steps.b.output.from, steps.c.output.from] }}"
          """;
      Map<String, Object> context = new HashMap<>();
      context.put("source", folder.toString());
      UUID id = RunIds.next();
      room.trigger()
          .start(
              new TriggerService.Request(
                  id,
                  new Graphs.File(
                      yaml.getBytes(StandardCharsets.UTF_8), "top.yaml", Optional.empty()),
                  Map.of(),
                  Map.of(),
                  context,
                  Optional.empty()))
          .await()
          .atMost(Stage.PATIENCE);
      RunView run = stage.end(id);
      assertEquals(List.of("file", "registry", "file"), run.outputs().get("all"), run.toString());
      assertEquals(List.of("one", "three", "two"), error(run, "d").get("known"));
    }
  }

  @Test
  void a_written_key_starts_one_run_for_all_who_leave_it_alone() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      stage.register("double", DOUBLE);
      String yaml =
          """
          name: top
          steps:
            a:
              workflow: { name: double, params: { n: 1 }, wait: false }
              idempotencyKey: once
          """;
      Object first = Stage.step(run(stage, room, yaml), "a").output();
      assertEquals(first, Stage.step(run(stage, room, yaml), "a").output());
      assertEquals(1, stage.count("SELECT count(*) FROM run WHERE workflow = 'double'"));
    }
  }

  @Test
  void outputs_computed_from_those_of_the_run_replace_them() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      stage.register("double", DOUBLE);
      RunView run =
          run(
              stage,
              room,
              """
              name: top
              steps:
                a:
                  workflow: double
                  params: { n: 4 }
                  outputs: { plus: { value: "${{ output.result + 1 }}" } }
                b:
                  workflow: double
                  params: { n: 4 }
                  outputs: { wrong: { value: "${{ output.nothing.at }}" } }
              """);
      assertEquals(Map.of("plus", 9L), Stage.step(run, "a").output());
      assertEquals("failed", Stage.status(run, "b"));
    }
  }

  @Test
  void outputs_of_a_run_that_are_too_large_for_a_step_fail_it() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      stage.bean("big", (JavaStep) (context, input) -> "x".repeat(200_000));
      stage.register(
          "large",
          """
          name: large
          steps: { a: { call: big } }
          outputs: { one: "${{ steps.a.output }}", two: "${{ steps.a.output }}" }
          """);
      RunView run = run(stage, room, "name: top\nsteps:\n  a: { workflow: large }\n");
      assertEquals("output_too_large", error(run, "a").get("code"));
    }
  }

  @Test
  void a_run_whose_process_is_killed_goes_on_and_brings_its_step_what_it_yields(
      @TempDir Path folder) throws Exception {
    try (Stage stage = new Stage()) {
      String url = stage.url();
      StringBuilder child = new StringBuilder("name: child\nparams: { n: 0 }\norder: sequence\n");
      child.append("steps:\n");
      for (int i = 0; i < 5; i++) {
        child.append("  s%d: { call: nap }\n".formatted(i));
      }
      child.append("outputs: { n: \"${{ params.n }}\" }\n");
      stage.register("child", child.toString());
      Path file =
          Files.writeString(
              folder.resolve("top.yaml"),
              """
              name: top
              steps:
                all:
                  forEach: "${{ lists.range(6) }}"
                  workflow: child
                  params: { n: "${{ item }}" }
                  collect: "${{ output.n }}"
              """);
      List<String> args = List.of(url, folder.resolve("home").toString(), file.toString(), "once");
      String begun = "SELECT count(*) FROM step WHERE path <> 'all' AND began_at IS NOT NULL";
      for (int kill = 0; kill < 4; kill++) {
        Process process = EngineProcess.start(args);
        int wanted = 3 * (kill + 1);
        try {
          Stage.until("some steps have begun", () -> stage.count(begun) >= wanted);
        } finally {
          process.destroyForcibly().waitFor();
        }
      }
      Process process = EngineProcess.start(args.subList(0, 2));
      UUID id =
          UUID.fromString(stage.query("SELECT id FROM run WHERE workflow = 'top'").getFirst());
      RunView run;
      try {
        run = stage.end(id);
        Stage.until("no timer is left", () -> stage.count("SELECT count(*) FROM due") == 0);
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertEquals("succeeded", run.status());
      assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L), Stage.step(run, "all").output());
      assertEquals(
          6, stage.count("SELECT count(*) FROM run WHERE workflow = 'child'"), "one for each item");
      Invariants.hold(stage);
    }
  }
}
