package dev.fanfare.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.testing.TestEngine;
import dev.fanfare.work.call.JavaStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variables, exports, other pipelines and Java steps of Codefresh's files, run. */
class CodefreshRunsTest {

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

  private static String steps(String lines) {
    return "version: '1.0'\nsteps:\n" + lines.indent(2);
  }

  @Test
  void what_a_step_exports_is_there_for_later_ones_and_for_conditions() {
    TestEngine.Outcome run =
        stage.run(
            steps(
                """
                early: { image: i, commands: ["echo '[${{COLOUR}}]'"] }
                export: { image: i, commands: [cf_export COLOUR=red, 'echo SIZE=3 >> $CF_VOLUME_PATH/env_vars_to_export'] }
                late: { image: i, commands: ['echo "[${{COLOUR}}] [$COLOUR] [${{SIZE}}]"'] }
                yes: { image: i, commands: [echo yes], when: { condition: { all: { x: "'${{COLOUR}}' == 'red' && ${{SIZE}} > 2" } } } }
                no: { image: i, commands: [echo no], when: { condition: { all: { x: "Variable('COLOUR') == 'blue'" } } } }
                """));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    assertEquals(List.of("[${{COLOUR}}]"), stage.log(run, "early"));
    assertEquals(List.of("[red] [red] [3]"), stage.log(run, "late"));
    assertEquals("succeeded", run.status("yes"));
    assertEquals("skipped", run.status("no"));
  }

  @Test
  void variables_are_parameters_or_what_the_run_knows_or_stay_text() {
    TestEngine.Outcome run =
        stage.run(
            steps(
                """
                s:
                  image: i
                  environment: [OWN=mine, 'BOTH=${{OWN}} and ${{GIVEN}}']
                  commands:
                    - echo "${{GIVEN}} $GIVEN ${{OWN}} $BOTH ${{CF_BRANCH}} $CF_BRANCH" '${{NOBODY}}'
                    - test "$CF_BUILD_ID" = "${{CF_BUILD_ID}}"
                    - cd ${{CF_VOLUME_PATH}} && test "$PWD" = "$CF_VOLUME_PATH"
                """),
            Map.of("GIVEN", "given"));
    assertEquals("succeeded", run.status(), () -> run.json() + "" + stage.log(run, "s"));
    assertEquals(
        List.of("given given mine mine and given main main ${{NOBODY}}"), stage.log(run, "s"));
  }

  @Test
  void a_retry_counts_its_attempts_for_the_script() {
    TestEngine.Outcome run =
        stage.run(
            steps(
                """
                s:
                  image: i
                  retry: { maxAttempts: 3, delay: 0.1, exponentialFactor: 2 }
                  commands:
                    - echo "$CF_CURRENT_ATTEMPT of $CF_MAX_ATTEMPTS"
                    - test ${{CF_CURRENT_ATTEMPT}} = 2
                """));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    assertEquals(List.of("1 of 3", "2 of 3"), stage.log(run, "s"));
  }

  @Test
  void a_clone_of_its_own_repository_brings_the_folder_of_the_file() throws Exception {
    Files.writeString(stage.project().resolve("hello.txt"), "hello\n");
    TestEngine.Outcome run =
        stage.run(
            steps(
                """
                main_clone: { type: git-clone, repo: '${{CF_REPO_OWNER}}/${{CF_REPO_NAME}}', revision: '${{CF_REVISION}}', git: github }
                list: { image: i, commands: [cat hello.txt, 'echo ${{main_clone}}'] }
                """));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    assertEquals("hello", stage.log(run, "list").getFirst());
    assertTrue(stage.log(run, "list").getLast().endsWith("/main_clone"));
  }

  @Test
  void another_pipeline_is_a_file_beside_this_one() throws Exception {
    Files.writeString(
        stage.project().resolve("other.yml"),
        steps("inner: { image: i, commands: ['test \"${{COLOUR}}\" = red'] }"));
    TestEngine.Outcome run =
        stage.run(
            steps(
                "s: { type: codefresh-run, arguments: { PIPELINE_ID: other, VARIABLE:"
                    + " [COLOUR=red] } }"));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
  }

  @Test
  void an_image_runs_its_own_program_with_docker() throws Exception {
    TestEngine.Outcome run =
        stage.run(steps("s: { image: 'cow:1', cmd: [say, 'two words'], environment: [A=b] }"));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    String call = stage.ran().getFirst();
    assertTrue(call.startsWith("s: docker run --rm -v "), call);
    assertTrue(call.endsWith(" -e A cow:1 say two words"), call);
  }

  @Test
  void a_type_of_the_market_place_is_done_by_a_java_step() {
    List<String> inputs = new CopyOnWriteArrayList<>();
    JavaStep notifier =
        (context, input) -> {
          inputs.add(String.valueOf(input));
          return Map.of("ID", "m1");
        };
    engine.bean("codefresh/slack-notifier", notifier);
    TestEngine.Outcome run =
        stage.run(
            steps(
                """
                tell: { type: 'slack-notifier:0.0.8', arguments: { TEXT: 'on ${{CF_BRANCH}}' } }
                """));
    assertEquals("succeeded", run.status(), () -> run.json().toString());
    assertEquals(List.of("{TEXT=on main}"), inputs);
    TestEngine.Outcome nobody = stage.run(steps("s: { type: nobody-knows }"));
    assertEquals("failed", nobody.status());
  }

  @Test
  void root_criteria_judge_the_whole_run() throws Exception {
    String file =
        "success_criteria: { condition: { any: { x: \"steps.b.result == 'success'\" } } }\n"
            + steps("a: { image: i, commands: [task] }\nb: { image: i, commands: [task] }");
    stage.failing("a");
    assertEquals("succeeded", stage.run(file).status());
    assertEquals("succeeded", stage.run("mode: parallel\n" + file).status());
    stage.failing("b");
    assertEquals("failed", stage.run(file).status());
    assertEquals("failed", stage.run("mode: parallel\n" + file).status());
  }
}
