package dev.fanfare.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.Imported;
import dev.fanfare.testing.TestEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of the document about workflows, run.
 *
 * <p>The files are as they stand in it, with its no-break spaces and its trailing tab. Placeholders
 * are filled: {@code <command>} calls the program {@code job}, the project's folder is {@code
 * project}, the image is a name. The examples that show workflows alone have had their jobs added
 * behind them, each a call of that program.
 */
class CircleCiCasesTest {

  private static final List<String> ACCEPTANCE =
      List.of("acceptance_test_1", "acceptance_test_2", "acceptance_test_3", "acceptance_test_4");

  @Test
  void cc_1_four_jobs_without_requirements_run_side_by_side(@TempDir Path folder) throws Exception {
    try (CircleCiStage stage = new CircleCiStage(folder).together("test1", "test2", "test3")) {
      TestEngine.Outcome run = stage.run(CircleCiStage.file("cc-1.yml"));

      assertEquals("succeeded", run.status());
      for (String job : List.of("build", "test1", "test2", "test3")) {
        assertEquals("succeeded", run.status(job), stage.log(run, job).toString());
      }
      assertTrue(Foreign.overlap(run, "test1", "test2"));
      assertTrue(Foreign.overlap(run, "test2", "test3"));
      assertTrue(Foreign.overlap(run, "test1", "test3"));
      assertTrue(
          CircleCiStage.began(run, "build").isBefore(CircleCiStage.ended(run, "test1")),
          "build waits for nobody");
    }
  }

  @Test
  void cc_2_jobs_that_require_each_other_run_one_after_the_other(@TempDir Path folder)
      throws Exception {
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      TestEngine.Outcome run = stage.run(CircleCiStage.file("cc-2.yml"));

      assertEquals("succeeded", run.status());
      assertEquals(List.of("build", "test1", "test2", "deploy"), stage.ran());
      assertTrue(Foreign.follows(run, "test1", "build"));
      assertTrue(Foreign.follows(run, "test2", "test1"));
      assertTrue(Foreign.follows(run, "deploy", "test2"));
    }
  }

  @Test
  void cc_2_a_job_that_fails_keeps_those_behind_it_from_running(@TempDir Path folder)
      throws Exception {
    try (CircleCiStage stage = new CircleCiStage(folder).failing("test1")) {
      TestEngine.Outcome run = stage.run(CircleCiStage.file("cc-2.yml"));

      assertEquals("failed", run.status());
      assertEquals("succeeded", run.status("build"));
      assertEquals("failed", run.status("test1"));
      assertEquals("not_run", run.status("test2"));
      assertEquals("not_run", run.status("deploy"));
      assertEquals(List.of("build", "test1"), stage.ran());
    }
  }

  @Test
  void cc_2_the_no_break_spaces_and_the_tab_of_the_document_do_no_harm() {
    String text = CircleCiStage.file("cc-2.yml");
    assertTrue(text.contains("\u00a0") && text.contains("test2\t\n"), "the damage is still there");
    Imported imported =
        Dialects.read(text.getBytes(StandardCharsets.UTF_8), "config.yml", Optional.empty());
    Set<String> codes =
        imported.diagnostics().stream()
            .filter(each -> each.severity() == Diagnostic.Severity.WARNING)
            .map(Diagnostic::code)
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(codes.contains("yaml-no-break-spaces"), "" + codes);
    assertTrue(imported.workflow().isPresent());
  }

  @Test
  void cc_3_a_rerun_from_failed_runs_what_failed_and_what_was_behind_it(@TempDir Path folder)
      throws Exception {
    try (CircleCiStage stage = new CircleCiStage(folder).failing("test2")) {
      UUID id = stage.start(CircleCiStage.file("cc-2.yml"), Map.of(), Map.of());
      TestEngine.Outcome first = stage.engine().await(id);
      assertEquals("failed", first.status());
      assertEquals("not_run", first.status("deploy"));
      assertEquals(List.of("build", "test1", "test2"), stage.ran());

      stage.healed("test2").rerunFromFailed(id);
      TestEngine.Outcome second = stage.engine().await(id);

      assertEquals("succeeded", second.status());
      assertEquals(List.of("build", "test1", "test2", "test2", "deploy"), stage.ran());
      assertEquals(first.step("build").get("finishedAt"), second.step("build").get("finishedAt"));
      assertTrue(Foreign.follows(second, "deploy", "test2"));
    }
  }

  @Test
  void cc_4_a_build_fans_out_to_four_tests_and_they_fan_in_to_a_deploy(@TempDir Path folder)
      throws Exception {
    try (CircleCiStage stage =
        new CircleCiStage(folder).together(ACCEPTANCE.toArray(String[]::new))) {
      TestEngine.Outcome run = stage.run(CircleCiStage.file("cc-4.yml"));

      assertEquals("succeeded", run.status());
      for (String test : ACCEPTANCE) {
        assertTrue(Foreign.follows(run, test, "build"), test);
        assertTrue(Foreign.follows(run, "deploy", test), test);
        for (String other : ACCEPTANCE) {
          assertTrue(Foreign.overlap(run, test, other), test + " and " + other);
        }
      }
    }
  }

  @Test
  void cc_4_one_test_that_fails_lets_the_others_finish_and_keeps_the_deploy_from_running(
      @TempDir Path folder) throws Exception {
    try (CircleCiStage stage =
        new CircleCiStage(folder)
            .together(ACCEPTANCE.toArray(String[]::new))
            .failing("acceptance_test_2")) {
      TestEngine.Outcome run = stage.run(CircleCiStage.file("cc-4.yml"));

      assertEquals("failed", run.status());
      assertEquals("failed", run.status("acceptance_test_2"));
      for (String test : List.of("acceptance_test_1", "acceptance_test_3", "acceptance_test_4")) {
        assertEquals("succeeded", run.status(test));
      }
      assertEquals("not_run", run.status("deploy"));
    }
  }

  @Test
  void cc_5_each_branch_runs_its_own_job_and_another_branch_none(@TempDir Path folder)
      throws Exception {
    String file = CircleCiStage.file("cc-5.yml");
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      assertEquals("succeeded", stage.onBranch(file, "dev").status("test_dev"));
      assertEquals(List.of("test_dev"), stage.ran());

      TestEngine.Outcome staged = stage.onBranch(file, "stage");
      assertEquals("succeeded", staged.status("test_stage"));
      assertEquals("skipped", staged.status("test_dev"));
      assertEquals("skipped", staged.status("test_pre-prod"));
      assertEquals(List.of("test_dev", "test_stage"), stage.ran());

      assertEquals("succeeded", stage.onBranch(file, "pre-prod").status("test_pre-prod"));
      assertEquals(List.of("test_dev", "test_stage", "test_pre-prod"), stage.ran());

      stage.onBranch(file, "feature/x");
      assertEquals(3, stage.ran().size(), "no job runs");
    }
  }

  @Test
  void cc_6_a_job_finds_in_the_workspace_what_the_job_in_front_of_it_persisted(
      @TempDir Path folder) {
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      TestEngine.Outcome run = stage.run(CircleCiStage.file("cc-6.yml"));

      assertEquals("succeeded", run.status(), stage.log(run, "downstream").toString());
      assertTrue(Foreign.follows(run, "downstream", "flow"));
      assertTrue(stage.log(run, "downstream").contains("It worked!"));
    }
  }

  @Test
  void cc_6_without_requires_the_workspace_is_empty_and_the_job_fails(@TempDir Path folder) {
    String file = CircleCiStage.file("cc-6.yml");
    String without = file.substring(0, file.indexOf("- downstream:")) + "- downstream\n";
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      TestEngine.Outcome run = stage.run(without);

      assertEquals("failed", run.status());
      assertEquals("succeeded", run.status("flow"));
      assertEquals("failed", run.status("downstream"));
      assertTrue(stage.log(run, "downstream").contains("Nope!"));
      Map<?, ?> error = (Map<?, ?>) run.step("downstream").get("error");
      assertEquals(1L, error.get("exitCode"), error.toString());
    }
  }
}
