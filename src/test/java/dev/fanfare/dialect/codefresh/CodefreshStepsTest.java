package dev.fanfare.dialect.codefresh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.Retry;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialects.Shows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of the keys of steps. */
class CodefreshStepsTest {

  private static Work.Run run(Step step) {
    return assertInstanceOf(Work.Run.class, step.body());
  }

  private static Object literal(Optional<Template> template) {
    return template.map(CodefreshStepsTest::literal).orElse("");
  }

  private static Object literal(Template template) {
    return ((Template.Literal) template).value();
  }

  @Test
  @Shows({"step.image", "step.commands", "step.shell", "step.title", "step.stage", "root.steps"})
  void a_step_without_type_runs_its_commands() {
    Step step = Reading.step("title: T, stage: S, shell: bash, commands: [one, two]");
    assertEquals(List.of("one", "two"), run(step).commands());
    assertEquals(Optional.of("bash"), run(step).shell());
    assertEquals(Optional.of("alpine"), run(step).image());
    assertEquals(Optional.of("codefresh"), run(step).tools());
    assertEquals("T", step.title());
    assertEquals("S", step.stage());
  }

  @Test
  @Shows({"step.name", "step.description"})
  void a_name_or_a_description_is_a_title_where_there_is_none() {
    assertEquals("N", Reading.step("name: N, description: D, commands: ls").title());
    assertEquals("D", Reading.step("description: D, commands: ls").title());
  }

  @Test
  void a_name_that_is_no_legal_one_becomes_one_and_stays_the_title() {
    Workflow workflow =
        Reading.workflow(
            Reading.pipeline(
                "  'a/b': { image: i, commands: ls }", "  'a:b': { image: i, commands: ls }"));
    assertEquals(List.of("a-b", "a-b-2"), workflow.steps().stream().map(Step::name).toList());
    assertEquals("a:b", workflow.steps().get(1).title());
  }

  @Test
  @Shows({"step.type", "step.arguments"})
  void arguments_of_a_built_in_type_are_keys_of_the_step() {
    Step step =
        Reading.workflow(
                Reading.pipeline(
                    "  s:",
                    "    type: freestyle",
                    "    arguments: { image: node, commands: [ls], when: { branch: { only: [x] } }"
                        + " }"))
            .steps()
            .getFirst();
    assertEquals(List.of("ls"), run(step).commands());
    assertTrue(step.when().isPresent());
  }

  @Test
  @Shows("step.environment")
  void an_environment_is_a_list_or_a_mapping() {
    Step list = Reading.step("commands: ls, environment: [A=1, 'B=x=y', C]");
    assertEquals("1", literal(list.env().get("A")));
    assertEquals("x=y", literal(list.env().get("B")));
    assertInstanceOf(Template.Expression.class, list.env().get("C"), "that of the pipeline");
    assertEquals("1", literal(Reading.step("commands: ls, environment: { A: 1 }").env().get("A")));
  }

  @Test
  @Shows({"step.working_directory", "step.working-directory"})
  void folders_are_below_the_clone() {
    String file =
        Reading.pipeline(
            "  main_clone: { type: git-clone, repo: owner/app }",
            "  other: { type: git-clone, repo: 'https://x/y/tool.git' }",
            "  a: { image: i, commands: ls }",
            "  b: { image: i, commands: ls, working_directory: ./src }",
            "  c: { image: i, commands: ls, working-directory: '${{other}}/bin' }",
            "  d: { image: i, commands: ls, working_directory: '${{b}}' }",
            "  e: { image: i, commands: ls, working_directory: /codefresh/volume }",
            "  f: { image: i, commands: ls, working_directory: '${{CF_VOLUME_PATH}}/x/../y' }",
            "  g: { image: i, commands: ls, working_directory: /opt/tool }",
            "  h: { image: i, commands: ls, working_directory: '${{FOLDER}}' }");
    List<Step> steps = Reading.workflow(file, Map.of("FOLDER", "given")).steps();
    List<Object> folders = steps.stream().map(step -> literal(run(step).workdir())).toList();
    assertEquals(
        List.of("", "", "app", "app/src", "tool/bin", "app/src", "", "y", "/opt/tool", "app/given"),
        folders);
    assertEquals("app", literal(steps.getFirst().env().get("CF_CLONE_FOLDER")));
  }

  @Test
  void variables_in_commands_are_replaced_when_they_run() {
    String file =
        Reading.pipeline(
            "  main_clone: { type: git-clone, repo: owner/app }",
            "  s: { image: i, commands: ['echo ${{X}} ${{ main_clone }} ${{CF_VOLUME_PATH}}'] }");
    Work.Run run = run(Reading.workflow(file).steps().get(1));
    assertEquals(List.of("echo ${{X}} /codefresh/volume/app ${{CF_VOLUME_PATH}}"), run.commands());
    assertEquals(List.of("${{X}}"), List.copyOf(run.texts().keySet()));
  }

  @Test
  @Shows({"step.cmd", "step.entry_point", "step.volumes"})
  void an_image_that_runs_its_own_program_is_run_with_docker() {
    Step step =
        Reading.step(
            "cmd: [a, b], entry_point: [sh, '-c'], volumes: ['./x:/y'], environment: [K=1]");
    String command = run(step).commands().getFirst();
    assertTrue(command.startsWith("docker run --rm -v \"$CF_VOLUME_PATH:/codefresh/volume\""));
    assertTrue(command.contains(" -e K") && command.contains(" --entrypoint "), command);
    assertFalse(command.contains("alpine"), "values are handed over in variables");
    assertEquals("alpine", literal(step.env().get("CF_STEP_IMAGE")));
    assertTrue(step.env().values().stream().anyMatch(v -> "x:/y".equals(literal(v))));
  }

  @Test
  @Shows({"step.fail_fast", "step.fail-fast", "step.strict_fail_fast"})
  void fail_fast_false_tolerates() {
    assertTrue(Reading.step("commands: ls").onFailure().isEmpty());
    OnFailure plain = Reading.step("commands: ls, fail-fast: false").onFailure().orElseThrow();
    assertTrue(plain.tolerate() && !plain.failsRun() && plain.status().isEmpty());
    assertTrue(
        Reading.step("commands: ls, fail_fast: false, strict_fail_fast: true")
            .onFailure()
            .orElseThrow()
            .failsRun());
    Workflow graph =
        Reading.workflow(Reading.parallel("  s: { image: i, commands: ls, fail_fast: false }"));
    assertEquals(
        Optional.of(StepStatus.FAILED),
        graph.steps().getFirst().onFailure().orElseThrow().status());
  }

  @Test
  @Shows({"root.fail_fast", "root.strict_fail_fast", "root.version", "root.mode"})
  void the_root_says_what_failures_mean() {
    String step = Reading.pipeline("  s: { image: i, commands: ls }");
    Workflow strict = Reading.workflow(step);
    assertEquals(Workflow.OnRunFailure.ABORT, strict.onFailure());
    assertEquals(Workflow.Tolerated.SUCCEEDED, strict.tolerated());
    assertEquals(Workflow.Order.SEQUENCE, strict.order());
    Workflow lax = Reading.workflow("fail_fast: false\nstrict_fail_fast: true\n" + step);
    assertTrue(lax.steps().getFirst().onFailure().isPresent());
    assertEquals(Workflow.Tolerated.FAILED, lax.tolerated());
    assertEquals(Workflow.Order.GRAPH, Reading.workflow("mode: parallel\n" + step).order());
    Workflow given = Reading.workflow("fail_fast: '${{FAST}}'\n" + step, Map.of("FAST", "false"));
    assertTrue(given.steps().getFirst().onFailure().isPresent());
  }

  @Test
  @Shows({"root.stages", "root.indicators", "root.build_version"})
  void keys_that_order_nothing_are_read() {
    Workflow workflow =
        Reading.workflow(
            "stages: [a, b]\nindicators:\n  - &env { environment: [A=1] }\nbuild_version: v2\n"
                + Reading.pipeline("  s: { image: i, commands: ls, <<: *env }"));
    assertEquals("1", literal(workflow.steps().getFirst().env().get("A")));
  }

  @Test
  @Shows({"step.retry", "retry.maxAttempts", "retry.delay", "retry.exponentialFactor"})
  void retries_grow_by_a_power() {
    Step step =
        Reading.step("commands: ls, retry: { maxAttempts: 4, delay: 5, exponentialFactor: 2 }");
    assertEquals(4, step.retry().attempts());
    assertEquals(Duration.ofSeconds(5), step.retry().delay());
    assertEquals(Retry.Backoff.POWER, step.retry().backoff());
    assertEquals(2.0, step.retry().factor());
    assertEquals(Duration.ofMinutes(60), step.retry().maxDelay());
    assertEquals("4", literal(step.env().get("CF_MAX_ATTEMPTS")));
    assertTrue(run(step).commands().getFirst().contains("CF_CURRENT_ATTEMPT"));
    Retry plain = Reading.step("commands: ls, retry: { maxAttempts: 2 }").retry();
    assertEquals(Duration.ofSeconds(5), plain.delay());
    assertEquals(Retry.Backoff.FIXED, plain.backoff());
  }

  @Test
  @Shows("step.timeout")
  void a_timeout_limits_a_step_and_is_inherited() {
    assertEquals(
        Optional.of(Duration.ofSeconds(90)),
        Reading.step("commands: ls, timeout: 1.5m").timeouts().attempt());
    assertEquals(Optional.empty(), Reading.step("commands: ls, timeout: 0s").timeouts().attempt());
    Step group =
        Reading.workflow(
                Reading.pipeline(
                    "  p:",
                    "    type: parallel",
                    "    timeout: 1h",
                    "    steps:",
                    "      a: { image: i, commands: ls }",
                    "      b: { image: i, commands: ls, timeout: 2m }",
                    "      c: { image: i, commands: ls, timeout: null }",
                    "      d: { type: parallel, steps: { e: { image: i, commands: ls } } }"))
            .steps()
            .getFirst();
    assertEquals(Optional.empty(), group.timeouts().attempt());
    List<Step> children = ((Structure.Parallel) group.body()).steps();
    assertEquals(
        List.of(
            Optional.of(Duration.ofHours(1)), Optional.of(Duration.ofMinutes(2)), Optional.empty()),
        children.stream().limit(3).map(step -> step.timeouts().attempt()).toList());
    Step inner = ((Structure.Parallel) children.get(3).body()).steps().getFirst();
    assertEquals(Optional.of(Duration.ofHours(1)), inner.timeouts().attempt());
  }

  @Test
  @Shows({
    "step.steps",
    "step.success_criteria",
    "criteria.steps",
    "criteria.condition",
    "criteria-steps.only",
    "criteria-steps.ignore",
    "condition.any"
  })
  void success_criteria_name_children_or_ask() {
    String before =
        "    type: parallel\n    steps:\n      a: { image: i, commands: ls }\n"
            + "      b: { image: i, commands: ls }\n    success_criteria: ";
    assertEquals(
        List.of("a"),
        ((Structure.Success.Only) success(before + "{ steps: { only: [a] } }")).steps());
    assertEquals(
        List.of("a"), ((Structure.Success.Only) success(before + "{ steps: [a] }")).steps());
    assertEquals(
        List.of("b"),
        ((Structure.Success.Ignore) success(before + "{ steps: { ignore: [b] } }")).steps());
    assertInstanceOf(
        Structure.Success.When.class,
        success(before + "{ condition: { any: { x: a.result == 'success' } } }"));
  }

  private static Structure.Success success(String keys) {
    Step step = Reading.workflow(Reading.pipeline("  p:\n" + keys)).steps().getFirst();
    return ((Structure.Parallel) step.body()).success();
  }

  @Test
  @Shows("root.success_criteria")
  void the_root_has_success_criteria_too() {
    String steps =
        Reading.pipeline("  a: { image: i, commands: ls }", "  b: { image: i, commands: ls }");
    Workflow ignore = Reading.workflow("success_criteria: { steps: { ignore: [a] } }\n" + steps);
    assertTrue(ignore.steps().get(0).onFailure().isPresent());
    assertTrue(ignore.steps().get(1).onFailure().isEmpty());
    Workflow only = Reading.workflow("success_criteria: { steps: [a] }\n" + steps);
    assertTrue(only.steps().get(1).onFailure().isPresent());
    Workflow asked =
        Reading.workflow(
            "success_criteria: { condition: { all: { x: a.result == 'success' } } }\n" + steps);
    assertEquals("success_criteria", asked.steps().getLast().name());
  }

  @Test
  @Shows({"step.scale", "names.*"})
  void scale_makes_children_that_share_keys() {
    Step group =
        Reading.workflow(
                Reading.pipeline(
                    "  s:",
                    "    image: i",
                    "    commands: ls",
                    "    stage: S",
                    "    environment: [A=1]",
                    "    retry: { maxAttempts: 2 }",
                    "    when: { branch: { only: [main] } }",
                    "    scale: { x: { environment: [B=2] }, y: { image: j } }"))
            .steps()
            .getFirst();
    assertTrue(group.when().isPresent());
    List<Step> children = ((Structure.Parallel) group.body()).steps();
    assertEquals(List.of("x", "y"), children.stream().map(Step::name).toList());
    assertTrue(children.getFirst().env().keySet().containsAll(List.of("A", "B")));
    assertEquals(Optional.of("j"), run(children.get(1)).image());
    assertEquals(2, children.get(1).retry().attempts());
    assertEquals("S", children.get(1).stage());
    assertTrue(children.getFirst().when().isEmpty(), "it is the group's");
  }

  @Test
  @Shows({"step.matrix", "matrix.*"})
  void a_matrix_makes_a_child_of_each_combination() {
    Step group =
        Reading.workflow(
                Reading.pipeline(
                    "  s:",
                    "    commands: ls",
                    "    matrix: { image: [i, j], environment: [[A=1], [A=2, B=3]] }"))
            .steps()
            .getFirst();
    List<Step> children = ((Structure.Parallel) group.body()).steps();
    assertEquals(4, children.size());
    assertEquals("image=j environment=A=2,B=3", children.getLast().title());
    assertEquals(Optional.of("j"), run(children.getLast()).image());
    assertEquals("3", literal(children.getLast().env().get("B")));
  }

  @Test
  void scale_in_parallel_mode_works_with_a_warning() {
    String file =
        Reading.parallel("  s: { image: i, commands: ls, scale: { a: null, b: { image: j } } }");
    assertTrue(Reading.codes(file).contains("key-has-no-effect"));
    assertEquals(
        2, ((Structure.Parallel) Reading.workflow(file).steps().getFirst().body()).steps().size());
  }

  @Test
  void failing_children_make_a_tolerant_parallel_a_success() {
    Step group =
        Reading.workflow(
                Reading.pipeline(
                    "  p: { type: parallel, fail_fast: false, strict_fail_fast: true, steps: { a: {"
                        + " image: i, commands: ls } } }"))
            .steps()
            .getFirst();
    OnFailure tolerant = group.onFailure().orElseThrow();
    assertEquals(Optional.of(StepStatus.SUCCEEDED), tolerant.status());
    assertFalse(tolerant.failsRun());
  }
}
