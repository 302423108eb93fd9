package dev.fanfare.dialect.codefresh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialects.Shows;
import dev.fanfare.expression.Expressions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Branches, lists of steps, hooks. */
class CodefreshAroundTest {

  private static boolean onBranch(String keys, String branch) throws Exception {
    Step step = Reading.step("commands: ls, when: { branch: { " + keys + " } }");
    Map<String, Object> values = new HashMap<>();
    values.put("params", Map.of());
    values.put("run", branch.isEmpty() ? Map.of() : Map.of("branch", branch));
    return Expressions.test(step.when().orElseThrow(), values::get);
  }

  @ParameterizedTest
  @Shows({"when.branch", "branch.only", "branch.ignore"})
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "only: [master] ~ master ~ true",
        "only: [master] ~ master2 ~ false",
        "only: master ~ master ~ true",
        "only: [a, b] ~ b ~ true",
        "only: ['/FB-/i'] ~ my-fb-1 ~ true",
        "only: ['/FB-/'] ~ my-fb-1 ~ false",
        "only: ['/^FB-/'] ~ xFB- ~ false",
        "only: ['/feature\\/.*/'] ~ feature/x ~ true",
        "only: ['/^((?<kind>fix|feat)-\\d+)$/'] ~ fix-12 ~ true",
        "only: ['/x/g'] ~ axb ~ true",
        "only: [master] ~ `` ~ false",
        "ignore: [develop] ~ master ~ true",
        "ignore: [develop] ~ develop ~ false",
        "ignore: ['/^dev/'] ~ develop ~ false",
        "ignore: [develop] ~ `` ~ true",
        "only: ['/a/'], ignore: ['/b/'] ~ ab ~ false",
        "only: ['/a/'], ignore: ['/b/'] ~ ac ~ true",
      })
  void branches_are_names_or_expressions_found_anywhere(
      String keys, String branch, boolean expected) throws Exception {
    assertEquals(expected, onBranch(keys, branch));
  }

  @Test
  @Shows({"when.steps", "dependencies.all", "dependencies.any", "dependency.name", "dependency.on"})
  void a_list_of_steps_is_needs_in_parallel_mode() {
    String others = "  a: { image: i, commands: ls }\n  b: { image: i, commands: ls }\n";
    Step all = waiting(others, "[{ name: a }, { name: b, on: [failure, running] }]");
    assertEquals(Step.Join.ALL, all.join());
    assertEquals(List.of(StepStatus.SUCCEEDED, StepStatus.APPROVED), all.needs().getFirst().on());
    Step any = waiting(others, "{ any: [{ name: a }, { name: b }] }");
    assertEquals(Step.Join.ANY, any.join());
    assertEquals(Step.Join.ALL, waiting(others, "{ all: [{ name: a }] }").join());
    Step pending = waiting(others, "[{ name: a, on: [pending] }]");
    assertEquals(Step.Join.WHEN, pending.join());
    assertTrue(pending.needs().isEmpty());
  }

  private static Step waiting(String others, String steps) {
    return Reading.workflow(
            Reading.parallel(
                others + "  s: { image: i, commands: ls, when: { steps: " + steps + " } }"))
        .steps()
        .getLast();
  }

  @Test
  void a_child_of_a_parallel_elsewhere_is_waited_for_by_a_condition() {
    Workflow workflow =
        Reading.workflow(
            Reading.parallel(
                "  p: { type: parallel, steps: { a: { image: i, commands: ls } } }",
                "  s: { image: i, commands: ls, when: { steps: [{ name: a }] } }"));
    assertEquals(Step.Join.WHEN, workflow.steps().getLast().join());
  }

  @Test
  void in_a_sequence_a_list_of_steps_is_tested_when_its_turn_has_come() {
    Step step =
        Reading.workflow(
                Reading.pipeline(
                    "  a: { image: i, commands: ls }",
                    "  s: { image: i, commands: ls, when: { steps: [{ name: a, on: [skipped] }] }"
                        + " }"))
            .steps()
            .getLast();
    assertEquals(Step.Join.ALL, step.join());
    assertTrue(step.needs().isEmpty() && step.when().isPresent());
  }

  private static Step exec(Step hook) {
    return hook;
  }

  @Test
  @Shows({
    "step.hooks",
    "hooks.on_elected",
    "hooks.on_success",
    "hooks.on_fail",
    "hooks.on_finish",
    "hook.exec",
    "hook.steps",
    "hook.mode",
    "hook.fail_fast"
  })
  void hooks_have_many_forms() {
    Hooks hooks =
        Reading.workflow(
                Reading.pipeline(
                    "  s:",
                    "    image: i",
                    "    commands: ls",
                    "    hooks:",
                    "      on_elected: { exec: [one, two], fail_fast: false }",
                    "      on_success: { image: j, commands: [three] }",
                    "      on_fail: { mode: parallel, steps: { a: { image: j, commands: x },"
                        + " b: { image: j, commands: y } } }",
                    "      on_finish: { exec: { steps: { c: { image: j, commands: z } } } }"))
            .steps()
            .getFirst()
            .hooks();
    Step before = exec(hooks.before().orElseThrow());
    assertEquals(List.of("one", "two"), ((Work.Run) before.body()).commands());
    assertEquals("alpine", ((Work.Run) before.body()).image().orElseThrow());
    assertTrue(before.onFailure().isPresent());
    assertEquals("j", ((Work.Run) hooks.onSuccess().orElseThrow().body()).image().orElseThrow());
    assertInstanceOf(Structure.Parallel.class, hooks.onFailure().orElseThrow().body());
    assertInstanceOf(Structure.Sequence.class, hooks.always().orElseThrow().body());
  }

  @Test
  @Shows("root.hooks")
  void the_run_has_hooks() {
    Workflow workflow =
        Reading.workflow(
            "fail_fast: false\nhooks: { on_finish: { exec: { image: i, commands: [ls] } } }\n"
                + Reading.pipeline("  s: { image: i, commands: ls }"));
    Step always = workflow.hooks().always().orElseThrow();
    assertEquals(List.of("ls"), ((Work.Run) always.body()).commands());
    assertTrue(always.onFailure().isEmpty(), "the root speaks of steps");
  }

  @Test
  @Shows({"step.services", "root.services"})
  void services_are_started_before_and_stopped_after() {
    Workflow workflow =
        Reading.workflow(
            "services: { composition: { db: { image: postgres } } }\n"
                + Reading.pipeline(
                    "  s: { image: i, commands: ls, services: { composition: {} }, hooks: {"
                        + " on_elected: [ls], on_finish: [ls] } }"));
    Step start = workflow.hooks().before().orElseThrow();
    Step first = ((Structure.Sequence) start.body()).steps().getFirst();
    Work.Call call = (Work.Call) first.body();
    assertEquals("codefresh/services", call.bean());
    assertEquals(
        "start",
        ((Template.Literal) ((Template.Entries) call.with()).entries().get("action")).value());
    Hooks own = workflow.steps().getFirst().hooks();
    assertEquals(2, ((Structure.Sequence) own.before().orElseThrow().body()).steps().size());
    assertEquals(2, ((Structure.Sequence) own.always().orElseThrow().body()).steps().size());
  }

  @Test
  void a_condition_of_a_sequence_reads_children_of_a_group_that_has_ended() {
    Workflow workflow =
        Reading.workflow(
            Reading.pipeline(
                "  p: { type: parallel, fail_fast: false, steps: { a: { image: i, commands: ls } }"
                    + " }",
                "  s:",
                "    image: i",
                "    commands: ls",
                "    when: { condition: { all: { x: \"steps.a.result == 'failure'\" } } }"));
    Template.Expression when =
        (Template.Expression) workflow.steps().getLast().when().orElseThrow();
    assertTrue(when.expr().source().contains("steps[\"p.a\"].status"));
    assertFalse(when.expr().source().contains("pending"));
  }
}
