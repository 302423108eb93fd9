package dev.fanfare.dialect.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Fan;
import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.Param;
import dev.fanfare.definition.Retry;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.definition.Trigger;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is meant where little is written. */
class DefaultsTest {

  @Test
  void a_workflow_drains_in_graph_order_in_a_shared_workspace() {
    Workflow workflow = Reading.top("");

    assertEquals(Workflow.Order.GRAPH, workflow.order());
    assertEquals(Workflow.OnRunFailure.DRAIN, workflow.onFailure());
    assertEquals(Workflow.WorkspaceMode.UNSAID, workflow.workspace());
    assertEquals(Optional.empty(), workflow.concurrency());
    assertEquals(Hooks.NONE, workflow.hooks());
  }

  @Test
  void a_step_has_one_attempt_and_needs_nothing() {
    Step step = Reading.step("run: a");

    assertEquals(Retry.NONE, step.retry());
    assertEquals(Timeouts.NONE, step.timeouts());
    assertEquals(List.of(), step.needs());
    assertEquals(Step.Join.ALL, step.join());
    assertEquals(Step.OnSkip.PROPAGATE, step.onSkip());
    assertEquals(
        new Work.Run(List.of("a"), Optional.empty(), Optional.empty(), Optional.empty()),
        step.body());
  }

  @Test
  void a_need_waits_for_success_and_finished_means_any_end() {
    Step step = Reading.step("run: a, needs: [b, { step: c, on: finished }]");

    assertEquals(List.of(StepStatus.SUCCEEDED), step.needs().get(0).on());
    assertEquals(StepStatus.terminal(), step.needs().get(1).on());
  }

  @Test
  void the_type_of_a_parameter_follows_from_its_default() {
    Workflow workflow =
        Reading.top("params: { s: a, i: 1, n: 1.5, b: true, l: [1], a: , o: { default: {} } }");

    assertEquals(Param.Type.STRING, type(workflow, "s"));
    assertEquals(Param.Type.INTEGER, type(workflow, "i"));
    assertEquals(Param.Type.NUMBER, type(workflow, "n"));
    assertEquals(Param.Type.BOOLEAN, type(workflow, "b"));
    assertEquals(Param.Type.ARRAY, type(workflow, "l"));
    assertEquals(Param.Type.ANY, type(workflow, "a"));
    assertTrue(workflow.params().values().stream().noneMatch(Param::required));
  }

  @Test
  void doubtful_parameters_are_warned_about() {
    List<Diagnostic> found =
        Reading.file(Reading.topFile("params: { a: string, b: { required: true, default: 1 } }"))
            .diagnostics();

    assertEquals(
        List.of("type-as-default", "required-with-default"),
        found.stream().map(Diagnostic::code).toList());
    assertTrue(found.stream().noneMatch(Diagnostic::isError));
  }

  @Test
  void a_schedule_is_in_utc_skips_overlaps_and_catches_up_once() {
    Trigger.Schedule schedule =
        assertInstanceOf(
            Trigger.Schedule.class,
            Reading.top("triggers: { schedule: \"0 3 * * *\" }").triggers().getFirst());

    assertEquals("UTC", schedule.timezone());
    assertEquals(Trigger.Overlap.SKIP, schedule.overlap());
    assertEquals(Trigger.CatchUp.ONE, schedule.catchUp());
  }

  @Test
  void the_slash_in_front_of_a_webhook_is_dropped() {
    assertEquals(
        "a/b",
        ((Trigger.Webhook) Reading.top("triggers: { webhook: /a/b }").triggers().getFirst())
            .path());
  }

  @Test
  void a_request_with_a_body_is_posted() {
    assertEquals("GET", http("http: \"http://a\"").method());
    assertEquals("GET", http("http: { url: \"http://a\" }").method());
    assertEquals("POST", http("http: { url: \"http://a\", body: b }").method());
    assertEquals("PUT", http("http: { url: \"http://a\", body: b, method: put }").method());
  }

  @Test
  void a_class_of_statuses_is_all_of_them() {
    List<Integer> expect = http("http: { url: \"http://a\", expect: [404, 2xx] }").expect();

    assertEquals(101, expect.size());
    assertTrue(expect.containsAll(List.of(200, 299, 404)));
  }

  @Test
  void numbers_to_retry_on_are_exit_codes_of_a_command_and_statuses_of_a_request() {
    assertEquals(
        List.of(new Retry.Match.Code("timed_out"), new Retry.Match.ExitCode(75)),
        Reading.step("run: a, retry: { on: [timed_out, 75] }").retry().on());
    assertEquals(
        List.of(new Retry.Match.HttpStatus(503)),
        Reading.step("http: \"http://a\", retry: { on: 503 }").retry().on());
  }

  @Test
  void a_mapping_of_retry_without_attempts_means_three() {
    Retry retry = Reading.step("run: a, retry: { delay: 2s }").retry();

    assertEquals(3, retry.attempts());
    assertEquals(Duration.ofSeconds(2), retry.delay());
    assertEquals(5, Reading.step("run: a, retry: 5").retry().attempts());
  }

  @Test
  void a_plain_timeout_limits_an_attempt_of_work_and_the_whole_of_a_group() {
    Optional<Duration> limit = Optional.of(Duration.ofSeconds(3));

    assertEquals(limit, Reading.step("run: a, timeout: 3s").timeouts().attempt());
    Timeouts group = Reading.step("parallel: { steps: { a: { run: b } } }, timeout: 3").timeouts();
    assertEquals(limit, group.total());
    assertEquals(Optional.empty(), group.attempt());
  }

  @Test
  void a_fallback_value_implies_toleration() {
    assertTrue(
        Reading.step("run: a, onFailure: { output: 1 }").onFailure().orElseThrow().tolerate());
    assertTrue(Reading.step("run: a, onFailure: tolerate").onFailure().orElseThrow().tolerate());
  }

  @Test
  void a_race_is_won_by_the_first_success_and_cancels_the_rest() {
    Structure.Race race =
        (Structure.Race) Reading.step("race: { steps: { a: { run: b } } }").body();

    assertEquals(Structure.Race.Win.SUCCESS, race.win());
    assertEquals(1, race.quorum());
    assertEquals(Structure.Race.Losers.CANCEL, race.losers());
  }

  @Test
  void a_quorum_is_kept_with_its_number() {
    Structure.Race race =
        (Structure.Race)
            Reading.step("race: { steps: { a: { run: b }, c: { run: d } }, win: { quorum: 2 } }")
                .body();

    assertEquals(Structure.Race.Win.QUORUM, race.win());
    assertEquals(2, race.quorum());
  }

  @Test
  void short_and_long_forms_of_calls_mean_the_same() {
    Work.Call shortForm = (Work.Call) Reading.step("call: b, with: { a: 1 }").body();
    Work.Call longForm = (Work.Call) Reading.step("call: { bean: b, with: { a: 1 } }").body();
    assertEquals(shortForm.bean(), longForm.bean());
    assertEquals(
        ((Template.Entries) shortForm.with()).entries().keySet(),
        ((Template.Entries) longForm.with()).entries().keySet());

    Work.SubWorkflow child =
        (Work.SubWorkflow) Reading.step("workflow: w, params: { a: 1 }, wait: false").body();
    assertEquals(false, child.await());
    assertTrue(child.params().containsKey("a"));
  }

  @Test
  void several_steps_of_a_hook_run_one_after_another() {
    Step always =
        Reading.top("hooks: { always: [{ run: a }, { run: b }] }").hooks().always().orElseThrow();

    Structure.Sequence sequence = assertInstanceOf(Structure.Sequence.class, always.body());
    assertEquals("always", always.name());
    assertEquals(List.of("1", "2"), sequence.steps().stream().map(Step::name).toList());
  }

  @Test
  void combinations_stand_beside_a_matrix_or_inside_it() {
    Fan.Matrix beside =
        (Fan.Matrix)
            Reading.step("run: a, matrix: { os: [a] }, include: [{ os: b }]").fan().orElseThrow();
    Fan.Matrix inside =
        (Fan.Matrix)
            Reading.step("run: a, matrix: { os: [a], include: [{ os: b }] }").fan().orElseThrow();

    assertEquals(List.of("os"), List.copyOf(inside.axes().keySet()));
    assertEquals(1, beside.include().size());
    assertEquals(1, inside.include().size());
  }

  @Test
  void an_else_is_a_case_without_a_condition() {
    Structure.Switch choice =
        (Structure.Switch)
            Reading.step(
                    "switch: [{ when: a, steps: { b: { run: c } } }, { else: { d: { pass: } } }]")
                .body();

    assertEquals(2, choice.cases().size());
    assertEquals(Optional.empty(), choice.cases().getLast().when());
  }

  @Test
  void a_pause_keeps_its_text() {
    Work.Sleep sleep = (Work.Sleep) Reading.step("sleep: 1h30m").body();

    assertEquals("1h30m", ((Template.Literal) sleep.duration()).value());
  }

  private static Param.Type type(Workflow workflow, String param) {
    return Optional.ofNullable(workflow.params().get(param)).orElseThrow().type();
  }

  private static Work.Http http(String keys) {
    return (Work.Http) Reading.step(keys).body();
  }
}
