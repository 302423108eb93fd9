package dev.fanfare.dialect.circleci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic.Severity;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialects.Shows;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of the steps of a job. */
class StepKeysTest {

  @Test
  @Shows({
    "steps.run",
    "run.command",
    "run.name",
    "run.shell",
    "run.environment",
    "run.working_directory",
    "run.background",
    "run.when",
    "run.max_auto_reruns",
    "run.auto_rerun_delay",
    "run.no_output_timeout",
    "steps.deploy"
  })
  void a_run_step_is_short_or_long() {
    Step build =
        Circle.workflow(
                Circle.steps(
                    """
                    - run: make it
                    - run:
                        name: Tests
                        command: |
                          echo one
                          echo 'two'
                        shell: /bin/sh -e
                        environment: { A: "it's", B: 2 }
                        working_directory: sub
                        when: always
                        max_auto_reruns: 3
                        auto_rerun_delay: 2m
                        no_output_timeout: 1.25h
                    - run: { command: serve, background: true }
                    - deploy: { command: ship, when: on_fail }
                    """))
            .steps()
            .getFirst();
    String script = Circle.script(build);
    assertTrue(script.contains("ff_begin on_success 'make it'"), script);
    assertTrue(script.contains("ff_run 'bash -eo pipefail' '.' '0' '0' 'no'"), script);
    assertTrue(script.contains("ff_begin always 'Tests'"), script);
    assertTrue(script.contains("ff_env=('A=it'\\''s' 'B=2')"), script);
    assertTrue(script.contains("ff_run '/bin/sh -e' 'sub' '3' '120' 'no'"), script);
    assertTrue(script.contains("'0' '0' 'yes'"), script);
    assertTrue(script.contains("ff_begin on_fail 'ship'"), script);
    assertEquals(Optional.of(Duration.ofMinutes(75)), build.timeouts().heartbeat());
    assertEquals(Optional.of("circleci"), ((Work.Run) build.body()).tools());
  }

  @Test
  void a_job_without_a_word_about_silence_may_be_silent_for_ten_minutes() {
    Step build = Circle.workflow(Circle.steps("- run: make")).steps().getFirst();
    assertEquals(Optional.of(Duration.ofMinutes(10)), build.timeouts().heartbeat());
    Step quick =
        Circle.workflow(Circle.steps("- run: { command: make, no_output_timeout: 30s }"))
            .steps()
            .getFirst();
    assertEquals(Optional.of(Duration.ofMinutes(1)), quick.timeouts().heartbeat());
  }

  @Test
  @Shows({"steps.checkout", "checkout.path", "checkout.name", "checkout.method"})
  void a_checkout_goes_into_the_jobs_folder_or_below() {
    String script =
        Circle.script(
            Circle.steps("- checkout\n- checkout: { path: src, method: full, name: Get it }"));
    assertTrue(script.contains("ff_checkout '.'"));
    assertTrue(script.contains("ff_begin on_success 'Get it'"));
    assertTrue(script.contains("ff_checkout 'src'"));
  }

  @Test
  @Shows({
    "steps.persist_to_workspace",
    "persist_to_workspace.root",
    "persist_to_workspace.paths",
    "persist_to_workspace.name",
    "steps.attach_workspace",
    "attach_workspace.at",
    "attach_workspace.name"
  })
  void the_workspace_is_copied_in_and_out() {
    Step build =
        Circle.workflow(
                Circle.steps(
                    """
                    - attach_workspace: { at: /data/in, name: In }
                    - persist_to_workspace: { root: out, paths: [a/*.jar, b], name: Out }
                    """))
            .steps()
            .getFirst();
    String script = Circle.script(build);
    assertTrue(script.contains("ff_attach '/data/in'"));
    assertTrue(script.contains("ff_persist 'out' 'a/*.jar' 'b'"));
    assertTrue(script.contains("ff_own '/data/in' '/home/circleci' '/tmp'"), script);
    assertEquals(List.of("workspace"), build.reads());
  }

  @Test
  void who_attaches_and_has_nobody_in_front_who_persists_is_warned() {
    Imported imported = Circle.read(Circle.steps("- attach_workspace: { at: . }"));
    assertEquals(List.of("workspace-empty"), Circle.codes(imported, Severity.WARNING));
  }

  @Test
  @Shows({
    "steps.store_artifacts",
    "store_artifacts.path",
    "store_artifacts.destination",
    "store_artifacts.name",
    "steps.store_test_results",
    "store_test_results.path",
    "store_test_results.name"
  })
  void what_is_stored_is_stored_also_after_a_failure() {
    String script =
        Circle.script(
            Circle.steps(
                """
                - store_artifacts: { path: build/out, destination: files, name: Keep }
                - store_artifacts: { path: x.log }
                - store_test_results: { path: results, name: Tests }
                """));
    assertTrue(script.contains("ff_begin always 'Keep'"));
    assertTrue(script.contains("ff_store 'artifacts' 'build' 'build/out' 'files'"));
    assertTrue(script.contains("ff_store 'artifacts' 'build' 'x.log' ''"));
    assertTrue(script.contains("ff_store 'test-results' 'build' 'results' ''"));
  }

  @Test
  @Shows({
    "steps.save_cache",
    "save_cache.key",
    "save_cache.paths",
    "save_cache.name",
    "save_cache.when",
    "steps.restore_cache",
    "restore_cache.key",
    "restore_cache.keys",
    "restore_cache.name"
  })
  void caches_have_keys_and_paths() {
    String script =
        Circle.script(
            Circle.steps(
                """
                - restore_cache: { keys: ['v1-{{ checksum "pom.xml" }}', v1-], name: Get }
                - restore_cache: { key: one }
                - save_cache: { key: 'v1-{{ checksum "pom.xml" }}', paths: [~/.m2], when: always, name: Put }
                """));
    assertTrue(script.contains("ff_restore 'v1-{{ checksum \"pom.xml\" }}' 'v1-'"), script);
    assertTrue(script.contains("ff_restore 'one'"));
    assertTrue(script.contains("ff_begin always 'Put'"));
    assertTrue(script.contains("ff_save 'v1-{{ checksum \"pom.xml\" }}' '~/.m2'"));
  }

  @Test
  @Shows({
    "steps.setup_remote_docker",
    "setup_remote_docker.version",
    "setup_remote_docker.docker_layer_caching",
    "setup_remote_docker.name",
    "steps.add_ssh_keys",
    "add_ssh_keys.fingerprints",
    "add_ssh_keys.name",
    "steps.install_signing_bundle"
  })
  void what_only_the_cloud_can_prepare_is_reported() {
    Imported imported =
        Circle.read(
            Circle.steps(
                """
                - setup_remote_docker
                - setup_remote_docker: { version: default, docker_layer_caching: true, name: D }
                - add_ssh_keys: { fingerprints: ["a:b"], name: K }
                - run: 'true'
                """));
    assertEquals(
        List.of("key-not-honoured", "key-not-honoured", "key-not-honoured"),
        Circle.codes(imported, Severity.WARNING));
    assertTrue(imported.workflow().isPresent());
    assertEquals(
        "key-refused", Circle.error(Circle.steps("- install_signing_bundle: { x: y }")).code());
  }

  @Test
  @Shows({
    "steps.when",
    "steps.unless",
    "conditional.condition",
    "conditional.steps",
    "logic.and",
    "logic.or",
    "logic.not",
    "logic.equal",
    "logic.matches",
    "matches.pattern",
    "matches.value"
  })
  void conditions_are_decided_when_the_file_is_read() {
    String steps =
        """
        - when: { condition: CONDITION, steps: [{ run: taken }] }
        - unless: { condition: CONDITION, steps: [{ run: other }] }
        """;
    for (String yes :
        List.of(
            "true",
            "text",
            "42",
            "{ and: [true, x, 1] }",
            "{ or: [false, 0, x] }",
            "{ not: '' }",
            "{ not: { and: [true, false] } }",
            "{ equal: [main, main, << pipeline.git.branch >>] }",
            "{ equal: [42, 42.0] }",
            "{ matches: { pattern: '^ma.*$', value: << pipeline.git.branch >> } }")) {
      String script = branch(steps, yes);
      assertTrue(script.contains("'taken'") && !script.contains("'other'"), yes);
    }
    for (String no :
        List.of(
            "false",
            "0",
            "null",
            "''",
            "{}",
            "{ equal: [42, '42'] }",
            "{ matches: { pattern: ma, value: main } }",
            "<< pipeline.git.tag >>")) {
      String script = branch(steps, no);
      assertFalse(script.contains("'taken'") || !script.contains("'other'"), no);
    }
  }

  private static String branch(String steps, String condition) {
    return Circle.script(
        Circle.workflow(Circle.steps(steps.replace("CONDITION", condition)), Circle.branch("main"))
            .steps()
            .getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ and: [] }          | bad-condition",
        "{ or: x }            | bad-condition",
        "{ and: [1], or: [1] }| bad-condition",
        "[true]               | bad-condition",
        "{ xor: [1] }         | unknown-key",
        "{ matches: { pattern: '(', value: x } } | bad-pattern",
        "{ matches: { value: x } } | missing-key",
        "<< parameters.nope >> | bad-expression",
      })
  void a_condition_that_is_none_is_an_error(String condition, String code) {
    String file =
        Circle.steps("- when: { condition: " + condition + ", steps: [{ run: 'true' }] }");
    Imported imported = Circle.read(file);
    assertTrue(Circle.codes(imported, Severity.ERROR).contains(code), imported.diagnostics() + "");
  }

  @Test
  void statements_nest_a_hundred_levels_and_no_more() {
    String deep = "{ not: ".repeat(99) + "true" + " }".repeat(99);
    Circle.workflow(Circle.steps("- when: { condition: " + deep + ", steps: [checkout] }"));
    String deeper = "{ not: ".repeat(101) + "true" + " }".repeat(101);
    assertEquals(
        "bad-condition",
        Circle.error(Circle.steps("- when: { condition: " + deeper + ", steps: [checkout] }"))
            .code());
  }

  @Test
  void steps_of_a_branch_that_is_not_taken_are_looked_at_for_their_keys_only() {
    Circle.workflow(
        Circle.steps("- when: { condition: false, steps: [{ run: { command: x, shell: s } }] }"));
    Imported imported =
        Circle.read(
            Circle.steps(
                "- when: { condition: false, steps: [{ run: { command: x, shel: s } }] }"));
    assertEquals(List.of("unknown-key"), Circle.codes(imported, Severity.ERROR));
    Imported orb =
        Circle.read(
            "orbs: { slack: circleci/slack@4 }\n"
                + Circle.steps("- when: { condition: false, steps: [slack/notify] }"));
    assertEquals(List.of(), Circle.errors(orb));
  }

  @Test
  void commands_that_call_themselves_end_in_an_error() {
    assertEquals(
        "too-deep",
        Circle.error(
                "version: 2.1\ncommands: { a: { steps: [a] } }\njobs: { build: { steps: [a] } }\n")
            .code());
    Imported twice =
        Circle.read(
            "version: 2.1\ncommands: { a: { steps: [a, a] } }\njobs: { build: { steps: [a] } }\n");
    assertTrue(twice.workflow().isEmpty());
  }

  @Test
  void a_sign_that_opens_no_expression_is_escaped() {
    String script = Circle.script(Circle.steps("- run: 'cat \\<<EOF'"));
    assertTrue(script.contains("ff_command='cat <<EOF'"));
    assertEquals(
        "unterminated-expression", Circle.error(Circle.steps("- run: 'cat <<EOF'")).code());
  }
}
