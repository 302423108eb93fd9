package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.testing.TestEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The files below {@code examples/other-systems}, run as they are. */
class OtherSystemsTest {

  private static TestEngine engine;

  @BeforeAll
  static void start() {
    engine = TestEngine.start();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @Test
  void the_pipeline_of_codefresh_reports_a_tolerated_failure() {
    TestEngine.Outcome run = run("codefresh.yml", Map.of("branch", "main"));

    assertEquals("succeeded", run.status(), () -> run.json().toString());
    assertEquals("failed", run.status("integration"));
    assertEquals("unit passed", run.step("report").get("output"));
    assertEquals("succeeded", run.status("page_somebody"));
  }

  @Test
  void the_workflow_of_circleci_deploys_from_main_only() {
    TestEngine.Outcome main = run(".circleci/config.yml", Map.of("branch", "main"));
    TestEngine.Outcome other = run(".circleci/config.yml", Map.of("branch", "other"));

    assertEquals("succeeded", main.status(), () -> main.json().toString());
    assertEquals(List.of("build", "deploy", "test-end-to-end", "test-unit"), steps(main));
    assertEquals("succeeded", other.status(), () -> other.json().toString());
    assertEquals("skipped", other.status("deploy"));
  }

  @Test
  void the_file_of_dagu_counts_what_it_tolerates() {
    TestEngine.Outcome run = run("dagu.yaml", Map.of());

    assertEquals("partially_succeeded", run.status(), () -> run.json().toString());
    assertEquals("failed", run.status("get beta"));
    assertTrue(
        String.valueOf(run.step("summary").get("output")).contains("alpha beta gamma"),
        () -> run.step("summary").toString());
  }

  @Test
  void the_file_of_flowtoy_finds_its_own_order() {
    TestEngine.Outcome run = run("flowtoy.yaml", Map.of());

    assertEquals("succeeded", run.status(), () -> run.json().toString());
    assertTrue(
        String.valueOf(run.step("combine").get("output")).contains("3 names"),
        () -> run.step("combine").toString());
  }

  private static List<String> steps(TestEngine.Outcome run) {
    return ((List<?>) run.json().get("steps"))
        .stream().map(step -> String.valueOf(((Map<?, ?>) step).get("id"))).sorted().toList();
  }

  private static TestEngine.Outcome run(String file, Map<String, Object> context) {
    return Example.run(
        engine, Example.FOLDER.resolve("other-systems").resolve(file), Map.of(), context);
  }
}
