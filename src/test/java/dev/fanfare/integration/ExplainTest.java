package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.engine.Event;
import dev.fanfare.function.Explainer;
import dev.fanfare.testing.TestEngine;
import dev.fanfare.work.call.JavaStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Every step that did not simply succeed says why, in a sentence. */
class ExplainTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Explainer explainer(TestEngine engine) {
    return new Explainer(
        engine.room().views(),
        engine.room().events(),
        hash -> engine.room().conductor().graphs().get(hash));
  }

  private static Map<String, Object> explain(TestEngine engine, UUID run, String... step) {
    return explainer(engine)
        .explain(run, step.length == 0 ? Optional.empty() : Optional.of(step[0]))
        .await()
        .atMost(PATIENCE)
        .orElseThrow();
  }

  private static String sentence(TestEngine engine, UUID run, String step) {
    return String.valueOf(explain(engine, run, step).get("sentence"));
  }

  @Test
  void a_failed_run_says_what_failed_and_what_that_kept_from_running() {
    try (TestEngine engine = TestEngine.start()) {
      UUID run =
          engine.start(
              """
              name: release
              params: { publish: { type: boolean, default: false } }
              steps:
                build: { run: echo ok }
                test: { needs: build, run: exit 3, retry: { attempts: 2, delay: 1ms } }
                docs: { needs: build, run: echo docs, when: "${{ params.publish }}" }
                site: { needs: docs, run: echo site }
                deploy: { needs: test, run: echo deploy }
                announce: { needs: deploy, run: echo hello }
              """);
      engine.await(run);
      Map<String, Object> told = explain(engine, run);
      String headline = String.valueOf(told.get("sentence"));
      assertTrue(headline.startsWith("'release' failed: 'test' failed: "), headline);
      List<String> steps =
          ((List<?>) told.get("steps"))
              .stream().map(each -> String.valueOf(((Map<?, ?>) each).get("id"))).toList();
      assertEquals(List.of("test", "docs", "site", "deploy", "announce"), steps);

      assertTrue(sentence(engine, run, "test").startsWith("failed on attempt 2: "));
      assertEquals(
          "was skipped: its condition is false (params.publish)", sentence(engine, run, "docs"));
      assertEquals("was skipped: 'docs' was skipped", sentence(engine, run, "site"));
      assertTrue(
          sentence(engine, run, "deploy").startsWith("did not run: 'test' failed on attempt 2: "));
      assertTrue(
          sentence(engine, run, "announce")
              .startsWith("did not run: 'deploy' ended not_run, because 'test' failed"));
      assertEquals("succeeded", sentence(engine, run, "build"));
      String history = explain(engine, run, "test").get("history").toString();
      assertTrue(history.contains("attempt 1 began"), history);
      assertTrue(history.contains("attempt 1 of 2 failed (exit_code)"), history);
    }
  }

  @Test
  void a_run_at_work_says_who_waits_for_whom() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (TestEngine engine = TestEngine.start()) {
      engine.bean(
          "hold",
          (JavaStep)
              (context, input) -> {
                begun.countDown();
                go.await();
                return null;
              });
      UUID run =
          engine.start(
              """
              name: busy
              maxParallel: 1
              steps:
                first: { call: hold }
                second: { run: echo 2 }
                nap: { sleep: 1h }
                last: { needs: [first, { step: second, on: finished }], pass: {} }
                any: { needs: [first, second], join: any, pass: {} }
                group: { needs: first, sequence: { steps: { inner: { pass: {} } } } }
              """);
      begun.await();
      assertEquals("is at work", sentence(engine, run, "first"));
      assertEquals("waits for one of the 1 slots of the run", sentence(engine, run, "second"));
      assertEquals("it sleeps for 1h", sentence(engine, run, "nap"));
      assertEquals(
          "waits for 'first' (running) and 'second' (ready, needed finished)",
          sentence(engine, run, "last"));
      assertEquals(
          "waits for any of 'first' (running) or 'second' (ready)", sentence(engine, run, "any"));
      assertEquals(
          "waits for 'group' around it, which is pending", sentence(engine, run, "group.inner"));
      assertEquals("'busy' is running: 'first' is at work.", explain(engine, run).get("sentence"));
      engine
          .room()
          .conductor()
          .submit(run, new Event.Cancel("ann", "lunch"))
          .await()
          .atMost(PATIENCE);
      assertEquals(
          "was cancelled: the run was cancelled by ann (lunch)", sentence(engine, run, "nap"));
      assertEquals(
          "'busy' was cancelled: the run was cancelled by ann (lunch).",
          explain(engine, run).get("sentence"));
    } finally {
      go.countDown();
    }
  }

  @Test
  void a_step_that_waits_for_its_condition_says_so_before_and_after() {
    try (TestEngine engine = TestEngine.start()) {
      UUID run =
          engine.start(
              """
              name: asks
              steps:
                a: { approval: Go on? }
                b: { join: when, when: "${{ steps.a.status == 'denied' }}", pass: {} }
              """);
      String condition = " (steps.a.status == 'denied')";
      Stage.until(
          "it waits",
          () -> sentence(engine, run, "b").equals("waits for its condition" + condition));
      engine
          .room()
          .conductor()
          .submit(run, new Event.Judged("a", true, "ann", "", "", null))
          .await()
          .atMost(PATIENCE);
      assertEquals("succeeded", engine.await(run).status());
      assertEquals("did not run: its condition never held" + condition, sentence(engine, run, "b"));
    }
  }

  @Test
  void a_step_that_is_none_is_told_so() {
    try (TestEngine engine = TestEngine.start()) {
      UUID run = engine.start("name: w\nsteps:\n  a: { pass: {} }\n");
      engine.await(run);
      assertEquals("'w' succeeded.", explain(engine, run).get("sentence"));
      assertThrows(Explainer.UnknownStepException.class, () -> explain(engine, run, "b"));
      assertEquals(
          Optional.empty(),
          explainer(engine).explain(UUID.randomUUID(), Optional.empty()).await().atMost(PATIENCE));
    }
  }
}
