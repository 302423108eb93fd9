package dev.fanfare.dialect.circleci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic.Severity;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Trigger;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.ImportInputs;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialects.Shows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Keys of workflows and of jobs in them. */
class WorkflowKeysTest {

  private static String file(String workflows) {
    return """
    version: 2.1
    jobs:
      a: { steps: [{ run: a }] }
      b: { steps: [{ run: b }] }
      p:
        parameters:
          os: { type: string, default: x }
          v: { type: string, default: y }
          n: { type: integer, default: 0 }
        steps: [{ run: "<< parameters.os >> << parameters.v >> << parameters.n >>" }]
    workflows:
    """
        + workflows.indent(2);
  }

  private static String jobs(String jobs) {
    return file("w:\n  jobs:\n" + jobs.indent(4));
  }

  @Test
  @Shows({"root.workflows", "workflows.*", "workflow.jobs", "invocations.*"})
  void one_workflow_is_the_steps_and_several_are_a_group_each() {
    assertEquals(List.of("a", "b"), Circle.names(Circle.workflow(jobs("- a\n- b:"))));
    Workflow two =
        Circle.workflow(file("one: { jobs: [a, { b: { requires: [a] } }] }\ntwo.2: { jobs: [a] }"));
    assertEquals(List.of("one", "two-2"), Circle.names(two));
    assertEquals("circleci", two.name());
    List<Step> one = Circle.inside(Circle.step(two, "one"));
    assertEquals("a", one.get(1).needs().getFirst().step());
    assertEquals("two.2", Circle.step(two, "two-2").title());
  }

  @Test
  @Shows({"workflow.when", "workflow.unless"})
  void a_workflow_runs_when_its_condition_says_so() {
    String file =
        file(
            """
            main: { when: pipeline.git.branch == "main", jobs: [a] }
            rest: { unless: { equal: [main, << pipeline.git.branch >>] }, jobs: [b] }
            """);
    assertEquals(List.of("a"), Circle.names(Circle.workflow(file, Circle.branch("main"))));
    assertEquals(List.of("b"), Circle.names(Circle.workflow(file, Circle.branch("dev"))));
    Workflow none =
        Circle.workflow(file("never: { when: false, jobs: [a] }"), Circle.branch("dev"));
    assertEquals(Set.of(), Circle.running(none));
    assertTrue(none.steps().getFirst().title().contains("its condition is false"));
  }

  @Test
  void one_workflow_can_be_picked() {
    String text = file("one: { jobs: [a] }\ntwo: { jobs: [b] }");
    Imported two =
        Dialects.read(
            text.getBytes(StandardCharsets.UTF_8), "config.yml", Optional.of("circleci:two"));
    assertEquals(List.of("b"), Circle.names(two.workflow().orElseThrow()));
    Imported none =
        Dialects.read(
            text.getBytes(StandardCharsets.UTF_8), "config.yml", Optional.of("circleci:tow"));
    assertTrue(Circle.errors(none).getFirst().contains("did you mean 'two'?"));
  }

  @Test
  @Shows({"invocation.requires", "requirement.*"})
  void requirements_have_statuses() {
    Workflow workflow =
        Circle.workflow(
            jobs(
                """
                - a
                - b: { requires: a }
                - p: { name: c1, requires: [{ a: failed }] }
                - p: { name: c2, requires: [{ a: [success, failed] }, b] }
                - p: { name: c3, requires: [{ a: terminal }] }
                - p: { name: c4, requires: [{ a: canceled }] }
                - p: { name: c5, requires: [{ a: [not_run, unauthorized] }] }
                - p: { name: c6, requires: [{ a: unauthorized }] }
                """));
    assertEquals(List.of(StepStatus.SUCCEEDED, StepStatus.APPROVED), on(workflow, "b"));
    assertEquals(List.of(StepStatus.FAILED, StepStatus.TIMED_OUT), on(workflow, "c1"));
    assertEquals(4, on(workflow, "c2").size());
    assertEquals(Set.of("a", "b"), Circle.needs(workflow, "c2"));
    assertEquals(StepStatus.terminal(), on(workflow, "c3"));
    assertEquals(List.of(StepStatus.CANCELLED, StepStatus.ABORTED), on(workflow, "c4"));
    assertEquals(List.of(StepStatus.NOT_RUN, StepStatus.SKIPPED), on(workflow, "c5"));
    assertEquals(List.of(StepStatus.DISCARDED), on(workflow, "c6"));
    assertEquals("bad-value", Circle.error(jobs("- a\n- b: { requires: [{ a: ok }] }")).code());
    assertEquals("unknown-need", Circle.error(jobs("- a\n- b: { requires: [aa] }")).code());
  }

  private static List<StepStatus> on(Workflow workflow, String step) {
    return Circle.step(workflow, step).needs().getFirst().on();
  }

  @Test
  @Shows({"invocation.name", "invocation.*"})
  void a_job_that_is_invoked_twice_gets_numbers_where_it_has_no_names() {
    Workflow workflow =
        Circle.workflow(
            jobs(
                """
                - a
                - a: { requires: [a] }
                - p: { name: "my.p", os: mac, v: "1" }
                - p: { name: p, n: 3 }
                - b: { requires: [a, my.p] }
                """));
    assertEquals(List.of("a-1", "a-2", "my-p", "p", "b"), Circle.names(workflow));
    assertEquals(Set.of("a-1"), Circle.needs(workflow, "a-2"));
    assertEquals(Set.of("a-1", "a-2", "my-p"), Circle.needs(workflow, "b"));
    assertEquals("my.p", Circle.step(workflow, "my-p").title());
    assertTrue(Circle.script(Circle.step(workflow, "my-p")).contains("ff_command='mac 1 0'"));
    assertTrue(Circle.script(Circle.step(workflow, "p")).contains("ff_command='x y 3'"));
  }

  @Test
  @Shows({
    "invocation.matrix",
    "matrix.parameters",
    "matrix.exclude",
    "matrix.alias",
    "axes.*",
    "combination.*"
  })
  void a_matrix_is_one_step_for_each_combination() {
    Workflow workflow =
        Circle.workflow(
            jobs(
                """
                - p:
                    matrix:
                      alias: all
                      parameters: { v: ["0.1", "0.2"], os: [macos, linux] }
                      exclude: [{ v: "0.2", os: linux }]
                - p:
                    name: deploy-v<< matrix.v >>
                    matrix: { parameters: { v: ["0.1", "0.2"] } }
                    requires: ["p-macos-<< matrix.v >>"]
                - a: { requires: [all] }
                - b: { requires: [p] }
                """));
    assertEquals(
        List.of(
            "p-macos-0-1", "p-linux-0-1", "p-macos-0-2", "deploy-v0-1", "deploy-v0-2", "a", "b"),
        Circle.names(workflow));
    assertEquals("p-macos-0.1", Circle.step(workflow, "p-macos-0-1").title());
    assertEquals(Set.of("p-macos-0-2"), Circle.needs(workflow, "deploy-v0-2"));
    assertEquals(Set.of("p-macos-0-1", "p-linux-0-1", "p-macos-0-2"), Circle.needs(workflow, "a"));
    assertEquals(Set.of("deploy-v0-1", "deploy-v0-2"), Circle.needs(workflow, "b"));
    assertTrue(
        Circle.script(Circle.step(workflow, "p-macos-0-2")).contains("ff_command='macos 0.2 0'"));
  }

  @Test
  void a_matrix_has_bounds_and_its_parameters_are_those_of_the_job() {
    assertEquals(
        "unknown-argument",
        Circle.error(jobs("- p: { matrix: { parameters: { ox: [a] } } }")).code());
    assertEquals(
        "wrong-argument",
        Circle.error(jobs("- p: { matrix: { parameters: { v: [1.2] } } }")).code());
    String many = "[" + "x,".repeat(200) + "x]";
    assertEquals(
        "matrix-too-large",
        Circle.error(jobs("- p: { matrix: { parameters: { v: " + many + ", os: " + many + " } } }"))
            .code());
  }

  @Test
  @Shows("invocation.context")
  void a_context_is_a_secret() {
    Imported imported =
        Circle.read(jobs("- a: { context: [org-global, two] }\n- b: { context: two }"));
    Workflow workflow = imported.workflow().orElseThrow();
    assertEquals(List.of("org_global", "two"), workflow.secrets());
    assertTrue(Circle.step(workflow, "a").env().containsKey("FANFARE_CONTEXT_1"));
    assertTrue(
        Circle.script(Circle.step(workflow, "b")).contains("ff_context \"$FANFARE_CONTEXT_0\""));
    Workflow chosen =
        Circle.workflow(
            jobs("- a: { context: << pipeline.git.branch == \"main\" and \"prod\" or \"dev\" >> }"),
            Circle.branch("main"));
    assertEquals(List.of("prod"), chosen.secrets());
  }

  @Test
  @Shows("invocation.type")
  void an_approval_waits_for_a_person() {
    Workflow workflow =
        Circle.workflow(
            jobs(
                "- hold: { type: approval }\n"
                    + "- a: { requires: [hold] }\n"
                    + "- b: { requires: [{ hold: canceled }] }"));
    Work.Approval hold = (Work.Approval) Circle.step(workflow, "hold").body();
    assertEquals(Optional.of(Duration.ofDays(90)), hold.timeout());
    assertTrue(on(workflow, "a").contains(StepStatus.APPROVED));
    assertTrue(on(workflow, "b").contains(StepStatus.DENIED));
    assertEquals("bad-value", Circle.error(jobs("- a: { type: build }")).code());
  }

  @Test
  @Shows("invocation.serial-group")
  void a_serial_group_is_a_lock() {
    Workflow workflow =
        Circle.workflow(jobs("- a: { serial-group: << pipeline.project.slug >>/deploy }"));
    Step.Lock lock = Circle.step(workflow, "a").lock().orElseThrow();
    assertEquals(
        "local/project/deploy", ((dev.fanfare.definition.Template.Literal) lock.key()).value());
    assertEquals(Optional.of(Duration.ofHours(5)), lock.waitMax());
    assertTrue(lock.skipOlder());
    assertEquals("bad-value", Circle.error(jobs("- a: { serial-group: 'a b' }")).code());
    assertEquals(
        "bad-value", Circle.error(jobs("- a: { serial-group: " + "x".repeat(513) + " }")).code());
  }

  @Test
  @Shows({"root.job-groups", "job-groups.*", "job-group.jobs", "job-group.description"})
  void a_job_group_is_a_group_at_each_place_that_invokes_it() {
    Workflow workflow =
        Circle.workflow(
            """
            job-groups:
              deploy: { description: Ships, jobs: [a, { b: { requires: [a] } }] }
            """
                + jobs(
                    """
                    - p
                    - deploy: { name: to-dev, requires: [p], serial-group: dev }
                    - deploy: { name: to-prod, requires: [to-dev] }
                    """));
    assertEquals(List.of("p", "to-dev", "to-prod"), Circle.names(workflow));
    assertEquals(Set.of("to-dev"), Circle.needs(workflow, "to-prod"));
    assertTrue(Circle.step(workflow, "to-dev").lock().isPresent());
    assertEquals(2, Circle.inside(Circle.step(workflow, "to-dev")).size());
    assertEquals(
        "too-deep", Circle.error("job-groups: { g: { jobs: [g] } }\n" + jobs("- g")).code());
    assertTrue(
        Circle.read("job-groups: { g: { jobs: [g, g, g] } }\n" + jobs("- g")).workflow().isEmpty());
  }

  @Test
  @Shows({"invocation.pre-steps", "invocation.post-steps", "invocation.override-with"})
  void steps_can_be_put_around_a_job() {
    Imported imported =
        Circle.read(
            jobs(
                "- p: { os: o, override-with: orb/p, pre-steps: [{ run: before }], post-steps: [{"
                    + " run: after }] }"));
    String script = Circle.script(imported.workflow().orElseThrow().steps().getFirst());
    assertTrue(script.indexOf("'before'") < script.indexOf("'o y 0'"));
    assertTrue(script.indexOf("'o y 0'") < script.indexOf("'after'"));
    assertEquals(List.of("key-not-honoured"), Circle.codes(imported, Severity.WARNING));
  }

  @Test
  @Shows({
    "workflow.triggers",
    "trigger.schedule",
    "schedule.cron",
    "schedule.filters",
    "workflow.max_auto_reruns"
  })
  void a_workflow_with_a_schedule_runs_then_and_alone() {
    String file =
        file(
            """
            commit: { max_auto_reruns: 2, jobs: [a] }
            nightly:
              triggers:
                - schedule: { cron: "0 2 * * 1", filters: { branches: { only: [main, /rel.*/] } } }
              jobs: [{ b: { filters: { branches: { only: main } } } }]
            """);
    Workflow pushed = Circle.workflow(file);
    assertEquals(List.of("a"), Circle.names(pushed));
    assertEquals(2, pushed.autoRerun().orElseThrow().limit());
    Trigger.Schedule schedule = (Trigger.Schedule) pushed.triggers().getFirst();
    assertEquals("UTC", schedule.timezone());
    assertEquals("0 2 * * 1", schedule.cron());
    Workflow nightly =
        Circle.workflow(file, Circle.params(Map.of("scheduled-workflow", "nightly")));
    assertEquals(Set.of("b"), Circle.running(nightly));
    assertEquals("main", Circle.env(Circle.step(nightly, "b"), "CIRCLE_BRANCH"));
    assertTrue(nightly.autoRerun().isEmpty());
    for (String cron : List.of("*/5 * * * *", "0 1-3,5 * * *", "0 0", "99 * * * *")) {
      assertEquals("bad-value", Circle.error(file.replace("0 2 * * 1", cron)).code(), cron);
    }
  }

  @Test
  void pipeline_values_come_from_the_run() {
    ImportInputs inputs =
        ImportInputs.of(
            Map.of("pipeline-number", 7L),
            Map.of(
                "repository",
                Map.of("full_name", "ann/app", "name", "app", "clone_url", "https://x/app.git"),
                "head_commit",
                Map.of("id", "abc", "message", "Subject\n\nBody")),
            Map.of("branch", "main", "trigger", "webhook"),
            Map.of());
    String file =
        Circle.steps(
            "- run: \"<< pipeline.number >> << pipeline.id >> << pipeline.git.revision >>"
                + " << pipeline.trigger_source >> << pipeline.project.slug >>"
                + " << pipeline.git.commit.subject >> << pipeline.git.tag >>.\"");
    Workflow workflow = Circle.workflow(file, inputs);
    String script = Circle.script(workflow.steps().getFirst());
    assertTrue(script.contains("'7 @fanfare-run-id@ abc webhook gh/ann/app Subject .'"), script);
    assertTrue(
        ((Work.Run) workflow.steps().getFirst().body()).texts().containsKey("@fanfare-run-id@"));
    assertTrue(workflow.params().containsKey("pipeline-number"));
    assertEquals(
        "https://x/app.git", Circle.env(workflow.steps().getFirst(), "CIRCLE_REPOSITORY_URL"));
  }

  @Test
  void what_a_file_does_not_read_does_not_shape_it() {
    Imported imported = Circle.read(Circle.steps("- run: 'true'"), Circle.branch("main"));
    assertTrue(imported.read().getOrDefault("params", Map.of()).toString().equals("{}"));
  }
}
