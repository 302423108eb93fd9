package dev.fanfare.local.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.dialects.SeventyJobs;
import dev.fanfare.graph.Shape;
import dev.fanfare.local.view.Style;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A large file of another system. */
class LargePlanTest {

  private static Plan plan() {
    return Plan.of(
        SeventyJobs.file().getBytes(StandardCharsets.UTF_8),
        ".circleci/config.yml",
        Optional.empty(),
        new Plan.Inputs(Map.of(), Map.of(), Map.of("branch", "main"), false, Set.of(), Map.of()));
  }

  @Test
  void seventy_jobs_are_planned_without_an_error_and_in_no_time() {
    long begun = System.nanoTime();
    Plan plan = plan();
    Duration first = Duration.ofNanos(System.nanoTime() - begun);

    assertTrue(plan.isGood(), plan.diagnostics().toString());
    assertEquals(0, plan.diagnostics().stream().filter(Diagnostic::isError).count());
    assertEquals("circleci", plan.dialect());
    long jobs =
        plan.graph().orElseThrow().nodes().stream()
            .filter(node -> node.shape() instanceof Shape.Leaf)
            .count();
    assertTrue(jobs >= 70, jobs + " jobs");
    begun = System.nanoTime();
    PlanText.of(plan(), Style.PLAIN);
    Duration again = Duration.ofNanos(System.nanoTime() - begun);
    System.out.println(
        "a plan of 70 jobs: %d ms the first time, %d ms again"
            .formatted(first.toMillis(), again.toMillis()));
    assertTrue(first.compareTo(Duration.ofSeconds(30)) < 0, first.toString());
  }
}
