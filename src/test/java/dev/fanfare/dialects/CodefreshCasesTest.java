package dev.fanfare.dialects;

import static dev.fanfare.dialects.CodefreshStage.file;
import static dev.fanfare.dialects.Foreign.follows;
import static dev.fanfare.dialects.Foreign.overlap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.testing.TestEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of the document about workflows with parallel steps, run.
 *
 * <p>cf-1 to cf-6 are as they stand in it; where it has {@code [...]} in cf-2 and cf-6 there is an
 * image and a call of the program {@code task}. The others are ours, after what the system's
 * current documentation says of the same headings.
 */
class CodefreshCasesTest {

  private static TestEngine engine;

  private CodefreshStage stage;

  @BeforeAll
  static void start() {
    engine = CodefreshStage.engine();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void open(@TempDir Path folder) {
    stage = new CodefreshStage(engine, folder);
  }

  private void assertSucceeded(TestEngine.Outcome run, String... steps) {
    for (String step : steps) {
      assertEquals(
          "succeeded", run.status(step), () -> step + ": " + run.step(step) + stage.log(run, step));
    }
  }

  @Test
  void cf_1_steps_run_one_after_the_other() throws Exception {
    TestEngine.Outcome run = stage.run(file("cf-1.yml"));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    assertSucceeded(run, "MyAppDockerImage", "MyUnitTests");
    assertTrue(follows(run, "MyUnitTests", "MyAppDockerImage"));
    assertEquals(
        List.of(
            "MyAppDockerImage: docker build -f Dockerfile -t sample-python-image:main .",
            "MyUnitTests: python setup.py test"),
        stage.ran());
  }

  @Test
  void cf_1_sequential_is_what_a_file_without_mode_means() throws Exception {
    TestEngine.Outcome run = stage.run(file("cf-1.yml").replace("mode: sequential\n", ""));
    assertEquals("succeeded", run.status());
    assertTrue(follows(run, "MyUnitTests", "MyAppDockerImage"));
    assertEquals(2, stage.ran().size());
  }

  @Test
  void cf_1_a_failure_keeps_what_follows_from_running() throws Exception {
    TestEngine.Outcome run = stage.failing("MyAppDockerImage").run(file("cf-1.yml"));
    assertEquals("failed", run.status());
    assertEquals("failed", run.status("MyAppDockerImage"));
    assertEquals("not_run", run.status("MyUnitTests"));
    assertEquals(1, stage.ran().size());
  }

  @Test
  void cf_2_a_parallel_phase_stands_between_two_steps() throws Exception {
    TestEngine.Outcome run =
        stage
            .together("my_parallel_tasks.my_task2a", "my_parallel_tasks.my_task2b")
            .run(file("cf-2.yml"));
    assertEquals("succeeded", run.status());
    assertTrue(follows(run, "my_parallel_tasks.my_task2a", "my_task1"));
    assertTrue(follows(run, "my_parallel_tasks.my_task2b", "my_task1"));
    assertTrue(overlap(run, "my_parallel_tasks.my_task2a", "my_parallel_tasks.my_task2b"));
    assertTrue(follows(run, "my_task3", "my_parallel_tasks.my_task2a"));
    assertTrue(follows(run, "my_task3", "my_parallel_tasks.my_task2b"));
  }

  @Test
  void cf_3_an_image_is_pushed_to_three_registries_at_once() throws Exception {
    String jfrog = "PushingToRegistries.jfrog_PushingTo_jfrog_BintrayRegistry";
    String google = "PushingToRegistries.PushingToGoogleRegistry";
    String docker = "PushingToRegistries.PushingToDockerRegistry";
    TestEngine.Outcome run =
        stage
            .together(jfrog, google, docker)
            .run(
                file("cf-3.yml"),
                Map.of(
                    "CF_REGISTRY_BINTRAY", "bintray.example.com", "CF_REVISION", "0123456789abc"));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    for (String push : List.of(jfrog, google, docker)) {
      assertTrue(follows(run, push, "MyAppDockerImage"));
    }
    assertTrue(overlap(run, jfrog, google) && overlap(run, google, docker));
    assertEquals(
        Set.of(
            jfrog + ": docker tag sha256:f00d bintray.example.com/trivialgoweb:0123456",
            jfrog + ": docker push bintray.example.com/trivialgoweb:0123456",
            google + ": docker tag sha256:f00d gcr.io/trivialgoweb:0123456",
            google + ": docker push gcr.io/trivialgoweb:0123456",
            docker + ": docker tag sha256:f00d docker.io/kkapelon/trivialgoweb:0123456",
            docker + ": docker push docker.io/kkapelon/trivialgoweb:0123456",
            "MyAppDockerImage: docker build -f Dockerfile -t trivialgoweb:main ."),
        Set.copyOf(stage.ran()));
  }

  @Test
  void cf_4_two_test_suites_run_side_by_side() throws Exception {
    String back = "MyTestingPhases.my_back_end_tests";
    String front = "MyTestingPhases.my_front_end_tests";
    TestEngine.Outcome run = stage.together(back, front).run(file("cf-4.yml"));
    assertEquals("succeeded", run.status());
    assertTrue(follows(run, back, "MyAppDockerImage") && follows(run, front, "MyAppDockerImage"));
    assertTrue(overlap(run, back, front));
  }

  @Test
  void cf_4_one_failing_suite_fails_the_build() throws Exception {
    TestEngine.Outcome run =
        stage.failing("MyTestingPhases.my_front_end_tests").run(file("cf-4.yml"));
    assertEquals("failed", run.status());
    assertEquals("failed", run.status("MyTestingPhases.my_front_end_tests"));
  }

  @Test
  void cf_5_parallel_steps_write_into_the_same_folder() {
    TestEngine.Outcome run = stage.run(file("cf-5.yml"));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    assertTrue(follows(run, "MyListing", "WritingInParallel.writing_file_1"));
    assertTrue(follows(run, "MyListing", "WritingInParallel.writing_file_2"));
    assertEquals(List.of("first.txt", "second.txt"), stage.log(run, "MyListing"));
  }

  @Test
  void cf_6_without_conditions_all_steps_start_at_once() throws Exception {
    TestEngine.Outcome run = stage.together("first", "second", "third").run(file("cf-6.yml"));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    assertTrue(overlap(run, "first", "second") && overlap(run, "second", "third"));
  }

  @Test
  void cf_6_the_order_of_the_file_means_nothing() throws Exception {
    String file = file("cf-6.yml");
    String permuted = file.replace("third", "x").replace("first", "third").replace("x", "first");
    TestEngine.Outcome run = stage.together("first", "second", "third").run(permuted);
    assertEquals("succeeded", run.status());
    assertTrue(overlap(run, "first", "third") && overlap(run, "second", "third"));
  }

  @Test
  void cf_7_failed_tests_are_followed_by_more_tests_and_a_cleanup() throws Exception {
    TestEngine.Outcome run =
        stage
            .failing("MyUnitTests")
            .together("MyIntegrationTests", "MyCleanupPhase")
            .run(file("cf-7.yml"));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    assertSucceeded(run, "main_clone", "MyAppDockerImage", "MyIntegrationTests", "MyCleanupPhase");
    assertEquals("failed", run.status("MyUnitTests"));
    assertTrue(follows(run, "MyAppDockerImage", "main_clone"));
    assertTrue(follows(run, "MyUnitTests", "MyAppDockerImage"));
    assertTrue(follows(run, "MyIntegrationTests", "MyUnitTests"));
    assertTrue(follows(run, "MyCleanupPhase", "MyUnitTests"));
    assertTrue(overlap(run, "MyIntegrationTests", "MyCleanupPhase"));
  }

  @Test
  void cf_7_after_good_tests_the_cleanup_is_never_elected() {
    TestEngine.Outcome run = stage.run(file("cf-7.yml"));
    assertEquals("succeeded", run.status());
    assertSucceeded(run, "MyUnitTests", "MyIntegrationTests");
    assertEquals("not_run", run.status("MyCleanupPhase"));
  }

  @Test
  void cf_7_the_clone_brings_the_folder_of_the_file() throws Exception {
    Files.writeString(stage.project().resolve("Dockerfile"), "FROM scratch\n");
    TestEngine.Outcome run =
        stage.run(
            file("cf-7.yml")
                .replace("    title: Unit tests\n", "")
                .replace(
                    "      - task\n    when:\n      steps:\n        - name: MyAppDockerImage",
                    "      - ls\n    when:\n      steps:\n        - name: MyAppDockerImage"));
    assertEquals(List.of("Dockerfile"), stage.log(run, "MyUnitTests"));
  }

  @Test
  void cf_8_any_of_two_releases_a_step_at_once() throws Exception {
    TestEngine.Outcome run =
        stage.together("MyUnitTests", "MyIntegrationTests").run(file("cf-8.yml"));
    assertEquals("succeeded", run.status());
    assertTrue(follows(run, "MyIntegrationTests", "MyAppDockerImage"));
    assertTrue(overlap(run, "MyIntegrationTests", "MyUnitTests"));
    assertTrue(follows(run, "MyCleanupPhase", "MyUnitTests"));
    assertTrue(follows(run, "MyCleanupPhase", "MyIntegrationTests"));
    assertEquals(
        1, stage.ran().stream().filter("MyCleanupPhase: task "::equals).count(), "once only");
  }

  @Test
  void cf_9_success_criteria_are_a_condition_over_the_children() {
    TestEngine.Outcome run = stage.run(file("cf-9.yml"));
    assertEquals("failed", run.status());
    assertEquals("failed", run.status("MyTestingPhases.my_back_end_tests"));
    assertEquals("succeeded", run.status("MyTestingPhases.my_front_end_tests"));
    assertEquals("failed", run.status("MyTestingPhases"));
    assertEquals("not_run", run.status("MyCleanupPhase"));
    TestEngine.Outcome good = stage.run(file("cf-9.yml").replace("exit 1", "task"));
    assertEquals("succeeded", good.status());
    assertSucceeded(good, "MyTestingPhases", "MyCleanupPhase");
  }

  @Test
  void cf_9_a_condition_over_two_steps_is_asked_again_and_again() throws Exception {
    TestEngine.Outcome run = stage.failing("A").waiting("B", "Report").run(file("cf-9-either.yml"));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    assertTrue(follows(run, "Report", "A"));
    assertTrue(overlap(run, "Report", "B"), "it does not wait for the other one");
  }

  @Test
  void cf_9_a_condition_that_never_holds_leaves_its_step_alone() {
    TestEngine.Outcome run = stage.run(file("cf-9-either.yml"));
    assertEquals("succeeded", run.status());
    assertEquals("not_run", run.status("Report"));
    assertTrue(
        run.step("Report").toString().contains("never_elected"), run.step("Report")::toString);
  }

  @Test
  void cf_10_a_cleanup_runs_where_something_has_failed() throws Exception {
    TestEngine.Outcome run = stage.failing("Package").run(file("cf-10.yml"));
    assertEquals("succeeded", run.status());
    assertEquals("failed", run.status("Package"));
    assertSucceeded(run, "MyLoadTesting", "my_cleanup_step");
    assertEquals("skipped", run.status("my_email_step"));
  }

  @Test
  void cf_10_an_email_is_sent_of_good_builds_and_of_failed_load_tests() throws Exception {
    TestEngine.Outcome good = stage.run(file("cf-10.yml"));
    assertEquals("skipped", good.status("my_cleanup_step"));
    assertSucceeded(good, "my_email_step");
    TestEngine.Outcome bad = stage.failing("MyLoadTesting").run(file("cf-10.yml"));
    assertEquals("succeeded", bad.status());
    assertSucceeded(bad, "my_cleanup_step", "my_email_step");
  }

  @Test
  void cf_10_in_parallel_mode_the_result_of_the_run_is_awaited() throws Exception {
    String file = "mode: parallel\n" + file("cf-10.yml");
    TestEngine.Outcome good = stage.run(file);
    assertEquals("not_run", good.status("my_cleanup_step"), () -> good.json().toString());
    assertSucceeded(good, "my_email_step");
    assertTrue(follows(good, "my_email_step", "Package"));
    TestEngine.Outcome bad = stage.failing("Package").run(file);
    assertSucceeded(bad, "my_cleanup_step");
    assertEquals("not_run", bad.status("my_email_step"));
  }

  @Test
  void cf_10_strict_fail_fast_makes_a_tolerated_failure_count() throws Exception {
    stage.failing("Package");
    TestEngine.Outcome root = stage.run("strict_fail_fast: true\n" + file("cf-10.yml"));
    assertEquals("failed", root.status());
    assertSucceeded(root, "my_cleanup_step");
    TestEngine.Outcome step =
        stage.run(
            file("cf-10.yml").replace("  Package:\n", "  Package:\n    strict_fail_fast: true\n"));
    assertEquals("failed", step.status());
    assertSucceeded(step, "my_cleanup_step");
  }

  @Test
  void cf_11_only_the_named_children_decide() throws Exception {
    stage.failing("my_tests.my_integration_tests", "my_tests.my_acceptance_tests");
    TestEngine.Outcome run = stage.run(file("cf-11.yml"));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    assertSucceeded(run, "my_tests", "afterwards");
    TestEngine.Outcome bad = stage.failing("my_tests.my_unit_tests").run(file("cf-11.yml"));
    assertEquals("failed", bad.status());
    assertEquals("not_run", bad.status("afterwards"));
  }

  @Test
  void cf_12_ignored_children_decide_nothing() throws Exception {
    stage.failing("my_tests.my_integration_tests", "my_tests.my_acceptance_tests");
    TestEngine.Outcome run = stage.run(file("cf-12.yml"));
    assertEquals("succeeded", run.status());
    assertSucceeded(run, "my_tests", "afterwards");
    TestEngine.Outcome bad = stage.failing("my_tests.my_unit_tests").run(file("cf-12.yml"));
    assertEquals("failed", bad.status());
  }

  @Test
  void cf_13_children_inherit_a_timeout_and_may_have_none() {
    TestEngine.Outcome run = stage.run(file("cf-13-late.yml"));
    assertEquals("timed_out", run.status("my_parallel.stuck"));
    assertSucceeded(run, "my_parallel.patient", "my_parallel");
    assertEquals("succeeded", run.status());
    assertEquals("succeeded", stage.run(file("cf-13.yml")).status());
  }

  @Test
  void cf_14_scale_makes_a_child_for_each_name() throws Exception {
    TestEngine.Outcome run =
        stage
            .together(
                "run_tests_in_parallel.first",
                "run_tests_in_parallel.second",
                "run_tests_in_parallel.third",
                "run_tests_in_parallel.fourth")
            .run(file("cf-14.yml"), Map.of("CF_REVISION", "0123456789abc"));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    Set<String> calls = new TreeSet<>(stage.ran());
    assertTrue(
        calls.containsAll(
            List.of(
                "PushingToRegistries.jfrog_Registry: docker push"
                    + " jfrog.example.com/trivialgoweb:0123456",
                "PushingToRegistries.PushingToGoogleRegistry: docker push"
                    + " gcr.io/trivialgoweb:0123456",
                "PushingToRegistries.PushingToDockerRegistry: docker push"
                    + " docker.io/somebody/trivialgoweb:0123456",
                "run_tests_in_parallel.first: npm run test unit 0",
                "run_tests_in_parallel.second: npm run test unit 1",
                "run_tests_in_parallel.third: npm run test unit 2",
                "run_tests_in_parallel.fourth: npm run test unit 3")),
        calls::toString);
    assertEquals(1 + 3 * 2 + 4, calls.size());
  }

  @Test
  void cf_15_a_matrix_makes_a_child_for_each_combination() throws Exception {
    TestEngine.Outcome run = stage.run(file("cf-15.yml"));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    List<String> calls = stage.ran();
    assertEquals(3, calls.stream().filter(call -> call.endsWith("go test -v 1")).count());
    assertEquals(3, calls.stream().filter(call -> call.endsWith("go test -v 0")).count());
    assertEquals(12, calls.stream().filter(call -> call.endsWith("mvn --version")).count());
    for (String goal : List.of("test", "package")) {
      for (String options : List.of("-Xms1024m", "-Xms512m")) {
        String call = "mvn " + goal + " " + options + " yes";
        assertEquals(3, calls.stream().filter(line -> line.endsWith(call)).count(), call);
      }
    }
    assertTrue(follows(run, "MyUnitTests.MyUnitTests-1", "before_build"));
  }

  @Test
  void cf_16_what_is_approved_goes_one_way() throws Exception {
    for (String name : List.of("cf-16.yml", "cf-16-sequence.yml")) {
      UUID id = stage.start(file(name), Map.of(), Map.of());
      stage.decide(id, "askForPermission", true);
      TestEngine.Outcome run = engine.await(id);
      assertEquals("succeeded", run.status(), () -> run.json().toString());
      assertEquals("approved", run.status("askForPermission"));
      assertSucceeded(run, "step2", "step3");
      assertTrue(follows(run, "step3", "step2") && follows(run, "step2", "askForPermission"));
      for (String other : List.of("step4", "step5")) {
        assertTrue(Set.of("not_run", "skipped").contains(run.status(other)), run.status(other));
      }
    }
  }

  @Test
  void cf_16_what_is_denied_goes_the_other_way() throws Exception {
    for (String name : List.of("cf-16.yml", "cf-16-sequence.yml")) {
      UUID id = stage.start(file(name), Map.of(), Map.of());
      stage.decide(id, "askForPermission", false);
      TestEngine.Outcome run = engine.await(id);
      assertEquals("succeeded", run.status(), () -> run.json().toString());
      assertEquals("denied", run.status("askForPermission"));
      assertSucceeded(run, "step4", "step5");
      assertTrue(follows(run, "step5", "step4"));
      for (String other : List.of("step2", "step3")) {
        assertTrue(Set.of("not_run", "skipped").contains(run.status(other)), run.status(other));
      }
    }
  }

  @Test
  void cf_16_without_fail_fast_false_a_denial_ends_the_build() {
    String file = file("cf-16-sequence.yml").replace("    fail_fast: false\n", "");
    UUID id = stage.start(file, Map.of(), Map.of());
    stage.decide(id, "askForPermission", false);
    TestEngine.Outcome run = engine.await(id);
    assertEquals("failed", run.status());
    assertEquals("not_run", run.status("step4"));
  }

  @Test
  void cf_16_an_approval_whose_time_is_up_ends_as_it_says() throws Exception {
    String[] ends = {"approved", "denied", "terminated"};
    for (String end : ends) {
      String file =
          file("cf-16-sequence.yml")
              .replace("duration: 2", "duration: 0.005, timeUnit: minutes")
              .replace("finalState: denied", "finalState: " + end);
      TestEngine.Outcome run = stage.run(file);
      assertEquals(end.equals("terminated") ? "failed" : "succeeded", run.status(), end);
      String status = end.equals("terminated") ? "timed_out" : end;
      assertEquals(status, run.status("askForPermission"), end);
    }
  }

  @Test
  void cf_17_hooks_come_in_their_order() throws Exception {
    TestEngine.Outcome run = stage.failing("scan").run(file("cf-17.yml"));
    assertEquals("failed", run.status());
    assertEquals(
        List.of(
            "task run on_elected",
            "task compile",
            "task scan on_elected",
            "task scan",
            "task scan on_fail",
            "task scan on_finish",
            "task run on_fail",
            "task run on_finish 1",
            "task run on_finish 2"),
        calls());
    assertFalse(run.step("scan").toString().contains("hook_failed"));
  }

  private List<String> calls() throws Exception {
    return stage.ran().stream().map(line -> line.replaceFirst("^[^ ]*: ", "")).toList();
  }

  @Test
  void cf_17_hooks_of_a_good_build() throws Exception {
    TestEngine.Outcome run = stage.run(file("cf-17.yml"));
    assertEquals("succeeded", run.status());
    assertEquals(
        List.of(
            "task run on_elected",
            "task compile",
            "task scan on_elected",
            "task scan",
            "task scan on_success",
            "task scan on_finish",
            "task run on_success",
            "task run on_finish 1",
            "task run on_finish 2"),
        calls());
  }

  @Test
  void cf_17_a_hook_that_fails_before_a_step_fails_the_build_unless_it_says_otherwise()
      throws Exception {
    String tolerant =
        file("cf-17.yml")
            .replace(
                "    image: alpine\n    commands:\n      - task scan\n",
                "    image: alpine\n    fail_fast: false\n    commands:\n      - task scan\n");
    TestEngine.Outcome strict = stage.failing("scan:before").run(tolerant);
    assertEquals("failed", strict.status(), () -> strict.json().toString());
    assertFalse(calls().contains("task scan"));
    String forgiving =
        tolerant.replace(
            "        exec:\n"
                + "          image: alpine:3.9\n"
                + "          commands:\n"
                + "            - task scan on_elected",
            "        exec:\n          image: alpine:3.9\n          fail_fast: false\n"
                + "          commands:\n            - task scan on_elected");
    TestEngine.Outcome run = stage.run(forgiving);
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    assertSucceeded(run, "scan");
  }

  @Test
  void cf_17_later_hooks_that_fail_change_nothing() throws Exception {
    TestEngine.Outcome run =
        stage
            .failing("scan:onSuccess", "scan:always", ":onSuccess", ":always.mycleanup")
            .run(file("cf-17.yml"));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
  }
}
