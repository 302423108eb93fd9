package dev.fanfare.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fanfare.integration.Invariants;
import dev.fanfare.lambda.LambdaStage.Ability;
import dev.fanfare.lambda.LambdaStage.Role;
import dev.fanfare.testing.TestEngine;
import dev.fanfare.testing.lambda.Faults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What AWS drops on the floor, and what becomes of it. Leases are short, and nothing is done in
 * place, so that there is much to be lost.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // answers are looked into without asking what is there
abstract class FaultSuite {

  private static final Predicate<Faults.Event> TO_STEP =
      event -> event.async() && event.function().endsWith("-step");

  private static final String TWELVE =
      """
      name: twelve
      steps:
        a: { run: echo a }
        b: { needs: a, run: echo b }
        c: { needs: a, pass: { output: 3 } }
        d: { needs: a, forEach: [1, 2, 3], run: 'echo "d$N"', env: { N: "${{ item }}" } }
        e: { needs: [b, c], run: echo e }
        r: { needs: d, race: { steps: { one: { run: echo one }, two: { run: echo two } } } }
        f: { needs: [e, r], run: echo f, retry: { attempts: 2, delay: 10ms } }
        g: { needs: f, join: all, run: echo g }
      """;

  /** Runs at work at a time: a few processes stand for Lambda's thousand. */
  private static final int AT_ONCE = 30;

  private LambdaStage stage;
  private Runs runs;

  abstract LambdaStage deploy(LambdaStage.Settings settings);

  @BeforeAll
  void deployFanfare() {
    stage =
        deploy(
            LambdaStage.Settings.USUAL
                .withLease(Duration.ofSeconds(3))
                .withTick(Duration.ofMillis(500))
                .withEnvironment(Map.of("FANFARE_IN_PLACE", "1ms")));
    assumeTrue(stage.can(Ability.FAULTS));
    runs = new Runs(stage);
  }

  @AfterEach
  void noFaults() {
    stage.faults().clear();
  }

  @AfterAll
  void report() {
    if (stage != null) {
      stage.settle();
      System.out.println(getClass().getSimpleName() + ": " + stage.report());
      try {
        Invariants.hold(stage.database());
      } finally {
        stage.close();
      }
    }
  }

  @Test
  void a_dropped_invocation_is_made_again() {
    long before = stage.count("dropped", Role.STEP);
    stage.faults().next(1, TO_STEP, new Faults.Dropped());
    TestEngine.Outcome run = runs.run("name: l\nsteps:\n  a: { run: echo here }\n");
    assertEquals("here", run.output("a"));
    assertEquals(1, stage.count("dropped", Role.STEP) - before);
  }

  @Test
  void a_doubled_invocation_is_done_once() throws Exception {
    Path file = stage.shared().resolve("doubled");
    long before = stage.count("doubled", Role.STEP);
    stage.faults().next(1, TO_STEP, new Faults.Doubled(Duration.ofMillis(30)));
    TestEngine.Outcome run =
        runs.run("name: l\nsteps:\n  a: { run: echo once >> %s; sleep 0.2 }\n".formatted(file));
    stage.settle();
    assertEquals("succeeded", run.status());
    assertEquals(1, stage.count("doubled", Role.STEP) - before);
    assertEquals(List.of("once"), Files.readAllLines(file));
  }

  @Test
  void a_step_whose_process_is_killed_in_its_work_is_done_again() throws Exception {
    assumeTrue(stage.can(Ability.KILLS));
    Path begun = stage.shared().resolve("begun");
    UUID run =
        runs.start(
            """
            name: killed
            steps:
              work:
                retry: { attempts: 2 }
                run: |
                  echo begun >> %s
                  [ "$(wc -l < %s)" -gt 1 ] || exec sleep 600
                  echo done
            """
                .formatted(begun, begun));
    runs.until("the step's begin", () -> Files.exists(begun));
    assertTrue(stage.kill(Role.STEP));
    TestEngine.Outcome outcome = runs.end(run);
    assertEquals("succeeded", outcome.status(), outcome.json().toString());
    assertEquals("done", outcome.output("work"));
    assertEquals(2, Files.readAllLines(begun).size());
  }

  @Test
  void a_call_that_the_service_refuses_is_tried_again() {
    assumeTrue(stage.can(Ability.REFUSALS));
    long before = stage.count("refused", Role.STEP);
    stage.faults().next(2, TO_STEP, new Faults.Refused()).next(1, TO_STEP, new Faults.Broken());
    assertEquals("x", runs.run("name: l\nsteps:\n  a: { run: echo x }\n").output("a"));
    assertEquals(2, stage.count("refused", Role.STEP) - before);
  }

  @Test
  void a_chain_of_60_invocations_lives_because_recursion_is_allowed() {
    long before = stage.count("invocations", Role.STEP);
    TestEngine.Outcome run = runs.run(LambdaSuite.chain(60));
    assertEquals("succeeded", run.status(), run.json().toString());
    assertTrue(stage.count("invocations", Role.STEP) - before >= 60, "each step has its own");
  }

  @Test
  void a_chain_of_60_invocations_is_cut_where_recursion_is_not_allowed() {
    long before = stage.count("recursive", Role.STEP);
    stage.recursion(Role.STEP, false);
    try {
      runs.start(LambdaSuite.chain(60));
      runs.until("the cut", () -> stage.count("recursive", Role.STEP) > before);
    } finally {
      stage.recursion(Role.STEP, true);
    }
  }

  @Test
  void two_hundred_runs_end_right_whatever_becomes_of_their_invocations() {
    long seed = System.nanoTime();
    System.out.println("seed of the faults: " + seed);
    stage.faults().random(seed, 0.1, 0.1, 0.1, Duration.ofMillis(300));
    Deque<UUID> active = new ArrayDeque<>();
    for (int i = 0; i < 200 + AT_ONCE; i++) {
      if (i < 200) {
        active.add(runs.start(TWELVE));
      }
      if (i >= AT_ONCE) {
        TestEngine.Outcome run = runs.end(active.remove());
        assertEquals("succeeded", run.status(), () -> "seed " + seed + ": " + run.json());
        assertEquals("g", run.output("g"));
        assertEquals(List.of("d1", "d2", "d3"), run.output("d"), "in item order");
      }
    }
    assertTrue(active.isEmpty());
    System.out.println(
        "attempts beyond the first: "
            + runs.query("SELECT sum(attempt - 1) FROM step WHERE attempt > 0"));
  }
}
