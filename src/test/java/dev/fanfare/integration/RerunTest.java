package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.engine.Event;
import dev.fanfare.function.RerunService;
import dev.fanfare.store.RunView;
import dev.fanfare.store.RunViews;
import dev.fanfare.testing.TestEngine;
import dev.fanfare.work.call.JavaStep;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Runs that have ended go on, on a real database. */
class RerunTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static RerunService.Result rerun(TestEngine engine, UUID run, String from) {
    return engine
        .room()
        .rerun()
        .rerun(run, RerunService.from(from), "ann")
        .await()
        .atMost(PATIENCE);
  }

  @Test
  void a_rerun_from_failed_keeps_what_succeeded_its_outputs_and_its_workspace() {
    try (TestEngine engine = TestEngine.start()) {
      UUID run =
          engine.start(
              """
              name: build
              steps:
                compile: { run: "echo built >> log.txt; echo 42", outputs: { n: { stdout: true } } }
                test:
                  needs: compile
                  run: |
                    if [ -f tried ]; then cat log.txt; else touch tried; exit 3; fi
                deploy: { needs: test, run: "echo \\"$N $FANFARE_ATTEMPT\\"", env: { N: "${{ steps.compile.output.n }}" } }
              outputs:
                deployed: "${{ steps.deploy.output }}"
                log: "${{ steps.test.output }}"
              """);
      assertEquals("failed", engine.await(run).status());

      assertEquals(new RerunService.Restarted(run, 2), rerun(engine, run, "failed"));
      TestEngine.Outcome outcome = engine.await(run);
      assertEquals("succeeded", outcome.status());
      assertEquals(2L, outcome.json().get("attempt"));
      assertEquals(Map.of("deployed", "42 1", "log", "built"), outcome.json().get("outputs"));

      RunView view = engine.room().views().run(run).await().atMost(PATIENCE).orElseThrow();
      assertEquals(1, view.attempts().size());
      assertEquals("failed", view.attempts().getFirst().status());
      assertEquals("failed", view.attempts().getFirst().nextFrom());
      assertEquals("ann", view.attempts().getFirst().nextBy());
      RunViews.PastAttempt past =
          engine.room().views().attempt(run, 1).await().atMost(PATIENCE).orElseThrow();
      List<String> statuses = new ArrayList<>();
      ((List<?>) past.steps())
          .forEach(step -> statuses.add(((Map<?, ?>) step).get("status").toString()));
      assertEquals(List.of("succeeded", "not_run", "failed"), statuses);
    }
  }

  @Test
  void of_many_who_want_a_rerun_at_once_one_gets_it_and_the_others_are_told() {
    try (TestEngine engine = TestEngine.start()) {
      AtomicBoolean works = new AtomicBoolean();
      Queue<Integer> calls = new ConcurrentLinkedQueue<>();
      engine.bean(
          "flaky",
          (JavaStep)
              (context, input) -> {
                calls.add(context.attempt());
                if (!works.get()) {
                  throw new IllegalStateException("not yet");
                }
                return "done";
              });
      UUID run = engine.start("name: flaky\nsteps:\n  a: { call: flaky }\n");
      assertEquals("failed", engine.await(run).status());
      works.set(true);
      List<Uni<RerunService.Result>> wishes = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        wishes.add(engine.room().rerun().rerun(run, new Event.From.Failed(), "ann"));
      }
      List<RerunService.Result> results =
          Uni.join().all(wishes).andFailFast().await().atMost(PATIENCE);
      assertEquals("succeeded", engine.await(run).status());
      assertEquals(1, results.stream().filter(RerunService.Restarted.class::isInstance).count());
      assertEquals(List.of(1, 2), List.copyOf(calls));
    }
  }

  @Test
  void a_large_run_reruns_only_its_failed_items() {
    try (TestEngine engine = TestEngine.start()) {
      AtomicBoolean works = new AtomicBoolean();
      Queue<Long> items = new ConcurrentLinkedQueue<>();
      engine.bean(
          "item",
          (JavaStep)
              (context, input) -> {
                long item = (Long) ((Map<?, ?>) input).get("item");
                items.add(item);
                if (!works.get() && item % 100 == 7) {
                  throw new IllegalStateException("item " + item);
                }
                return item;
              });
      List<Object> list = new ArrayList<>();
      for (long i = 0; i < 1_200; i++) {
        list.add(i);
      }
      UUID run =
          engine.start(
              """
              name: large
              params: { list: { type: array } }
              steps:
                each: { forEach: "${{ params.list }}", maxParallel: 50, call: item, with: { item: "${{ item }}" } }
                size: { pass: { output: "${{ size(steps.each.output) }}" } }
              outputs: { size: "${{ steps.size.output }}" }
              """,
              Map.of("list", list),
              Optional.empty());
      assertEquals("failed", engine.await(run).status());
      assertEquals(1_200, items.size());
      works.set(true);
      assertInstanceOf(RerunService.Restarted.class, rerun(engine, run, "failed"));
      TestEngine.Outcome outcome = engine.await(run);
      assertEquals("succeeded", outcome.status());
      assertEquals(Map.of("size", 1_200L), outcome.json().get("outputs"));
      assertEquals(1_212, items.size());
    }
  }

  @Test
  void what_cannot_be_rerun_is_refused_with_a_reason() {
    try (TestEngine engine = TestEngine.start()) {
      UUID run =
          engine.start(
              """
              name: fine
              steps:
                r: { race: { steps: { a: { pass: { output: 1 } }, b: { pass: { output: 2 } } } } }
              """);
      engine.await(run);
      assertInstanceOf(RerunService.Unknown.class, rerun(engine, UUID.randomUUID(), "start"));
      assertTrue(refused(engine, run, "failed").contains("nothing in the run failed"));
      assertTrue(refused(engine, run, "nowhere").contains("has no step 'nowhere'"));
      assertTrue(refused(engine, run, "r.a").contains("rerun from 'r'"));
      assertEquals(new RerunService.Restarted(run, 2), rerun(engine, run, "r"));
      assertEquals("succeeded", engine.await(run).status());
    }
  }

  private static String refused(TestEngine engine, UUID run, String from) {
    return assertInstanceOf(RerunService.Refused.class, rerun(engine, run, from)).sentence();
  }

  @Test
  void a_run_that_failed_goes_on_by_itself_and_tells_how_its_attempts_ended() {
    try (TestEngine engine = TestEngine.start()) {
      UUID run =
          engine.start(
              """
              name: again
              autoRerun: { limit: 2, delay: 200ms }
              steps:
                compile: { run: "echo built >> log.txt" }
                test:
                  needs: compile
                  run: |
                    echo try >> tries.txt
                    test "$(wc -l < tries.txt)" -ge 3 && cat log.txt
              outputs: { log: "${{ steps.test.output }}" }
              """);
      TestEngine.Outcome outcome = engine.await(run);
      assertEquals("succeeded", outcome.status());
      assertEquals(Map.of("log", "built"), outcome.outputs());
      RunView view = engine.room().views().run(run).await().atMost(PATIENCE).orElseThrow();
      assertEquals(3, view.attempt());
      assertEquals(
          List.of("failed", "failed"),
          view.attempts().stream().map(RunView.AttemptView::status).toList());
      assertEquals(
          List.of("autoRerun", "autoRerun"),
          view.attempts().stream().map(RunView.AttemptView::nextBy).toList());
    }
  }
}
