package dev.fanfare.dialect.codefresh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Template;
import dev.fanfare.definition.Trigger;
import dev.fanfare.definition.Workflow;
import dev.fanfare.definition.Workflow.Concurrency;
import dev.fanfare.dialects.Shows;
import dev.fanfare.expression.Expressions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The wrapper that Codefresh's API and command line have around a pipeline. */
class CodefreshSpecTest {

  private static final String HEAD =
      "version: '1.0'\nkind: pipeline\nmetadata: { name: shop/build it, description: Builds }\n"
          + "spec:\n  steps: { s: { image: i, commands: ['echo $COLOUR'] } }\n";

  private static Workflow spec(String... lines) {
    return Reading.workflow(text(lines));
  }

  private static String text(String... lines) {
    StringBuilder text = new StringBuilder(HEAD);
    for (String line : lines) {
      text.append("  ").append(line).append('\n');
    }
    return text.toString();
  }

  @Test
  @Shows({
    "pipeline.version",
    "pipeline.kind",
    "pipeline.metadata",
    "pipeline.spec",
    "metadata.name",
    "metadata.description",
    "spec.steps",
    "spec.mode",
    "spec.stages",
    "spec.hooks",
    "spec.fail_fast",
    "spec.strict_fail_fast",
    "spec.success_criteria",
    "spec.build_version",
    "spec.services"
  })
  void a_wrapped_pipeline_says_what_a_plain_one_says() {
    Workflow workflow =
        spec(
            "mode: parallel",
            "stages: [a]",
            "fail_fast: false",
            "strict_fail_fast: true",
            "build_version: v1",
            "hooks: { on_finish: [ls] }",
            "services: { composition: {} }");
    assertEquals("shop-build-it", workflow.name());
    assertEquals("Builds", workflow.description());
    assertEquals(Workflow.Order.GRAPH, workflow.order());
    assertEquals(Workflow.Tolerated.FAILED, workflow.tolerated());
    assertTrue(workflow.hooks().always().isPresent());
    assertTrue(
        spec("success_criteria: { steps: { ignore: [s] } }")
            .steps()
            .getFirst()
            .onFailure()
            .isPresent());
  }

  @Test
  @Shows({"spec.variables", "variable.key", "variable.value", "variable.encrypted"})
  void variables_are_parameters_and_encrypted_ones_secrets() {
    Workflow workflow =
        spec("variables: [{ key: COLOUR, value: red }, { key: TOKEN, value: x, encrypted: true }]");
    assertEquals("red", workflow.params().get("COLOUR").defaultValue());
    assertTrue(workflow.env().containsKey("COLOUR"));
    assertEquals(List.of("TOKEN"), workflow.secrets());
    assertEquals(
        "secrets.TOKEN", ((Template.Expression) workflow.env().get("TOKEN")).expr().source());
  }

  private static Concurrency concurrency(String... lines) {
    return spec(lines).concurrency().orElseThrow();
  }

  @Test
  @Shows({"spec.concurrency", "spec.branchConcurrency", "spec.triggerConcurrency", "spec.priority"})
  void limits_of_builds_are_concurrency() {
    Concurrency frozen = concurrency("concurrency: 0", "priority: 7");
    assertEquals(0, frozen.limit());
    assertEquals(7, frozen.priority());
    assertEquals(Concurrency.Policy.QUEUE, frozen.policy());
    assertEquals(Optional.of(Duration.ofDays(7)), frozen.waitMax());
    assertEquals(Optional.empty(), spec("concurrency: unlimited").concurrency());
    assertTrue(concurrency("branchConcurrency: 2").key().toString().contains("run.?branch"));
    assertTrue(concurrency("triggerConcurrency: 1").key().toString().contains("run.trigger"));
    assertTrue(
        Reading.codes(text("concurrency: 1", "branchConcurrency: 2")).contains("one-concurrency"));
  }

  @Test
  @Shows({
    "spec.terminationPolicy",
    "termination.event",
    "termination.type",
    "termination.branchName",
    "termination.ignoreTrigger",
    "termination.ignoreBranch"
  })
  void a_new_build_that_ends_older_ones_cancels_them() {
    Concurrency branch = concurrency("terminationPolicy: [{ event: onCreate, type: branch }]");
    assertEquals(Concurrency.Policy.CANCEL_OLDER, branch.policy());
    assertEquals(1, branch.limit());
    assertTrue(branch.key().toString().contains("run.?branch"));
    Concurrency all =
        concurrency(
            "terminationPolicy: [{ event: onCreate, type: branch, ignoreBranch: true,"
                + " ignoreTrigger: true }]");
    assertTrue(!all.key().toString().contains("run.?branch"));
    assertEquals(
        Optional.empty(),
        spec("terminationPolicy: [{ event: onTerminate, type: annotation }]").concurrency());
    assertTrue(
        Reading.codes(text("terminationPolicy: [{ event: onCreate, type: branch, branchName: x }]"))
            .contains("key-not-honoured"));
  }

  @Test
  @Shows({
    "spec.cronTriggers",
    "trigger.expression",
    "trigger.variables",
    "trigger.branch",
    "trigger.disabled",
    "trigger.type"
  })
  void cron_triggers_are_schedules_in_utc() {
    List<Trigger> triggers =
        spec(
                "triggers: [{ type: cron, expression: '0 3 * * 1-5' }]",
                "cronTriggers:",
                "  - { type: cron, expression: '0 0 2 ? * MON-FRI', branch: main, variables: [{"
                    + " key: COLOUR, value: red }] }",
                "  - { expression: '* * * * *', disabled: true }")
            .triggers();
    assertEquals(2, triggers.size());
    Trigger.Schedule first = assertInstanceOf(Trigger.Schedule.class, triggers.get(0));
    assertEquals("UTC", first.timezone());
    Trigger.Schedule second = assertInstanceOf(Trigger.Schedule.class, triggers.get(1));
    assertEquals("0 2 * * MON-FRI", second.cron());
    assertEquals(List.of("COLOUR", "CF_BRANCH"), List.copyOf(second.params().keySet()));
  }

  private static boolean starts(String trigger, Map<String, Object> run, Map<String, Object> event)
      throws Exception {
    Trigger.Webhook hook =
        (Trigger.Webhook) spec("triggers: [{ type: git, " + trigger + " }]").triggers().getFirst();
    assertEquals("shop-build-it", hook.path());
    assertEquals(Optional.of("CODEFRESH_HOOK_SECRET"), hook.secret());
    Map<String, Object> values = Map.of("run", run, "event", event, "workflow", Map.of());
    return Expressions.test(hook.when().orElseThrow(), values::get);
  }

  @ParameterizedTest
  @Shows({
    "spec.triggers",
    "trigger.events",
    "trigger.branchRegex",
    "trigger.branchRegexInput",
    "trigger.repo",
    "trigger.pullRequestTargetBranchRegex"
  })
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "events: [push.heads] ~ push ~ main ~ true",
        "events: [push.tags] ~ push ~ main ~ false",
        "events: [push.heads, push.tags] ~ push ~ main ~ true",
        "events: [push] ~ pull_request ~ main ~ false",
        "events: [pullrequest] ~ pull_request ~ main ~ true",
        "events: [pullrequest.opened] ~ pull_request ~ main ~ true",
        "events: [pullrequest.closed] ~ pull_request ~ main ~ false",
        "events: [pullrequest.reviewRequested] ~ pull_request ~ main ~ false",
        "events: [release] ~ release ~ main ~ true",
        "events: [push], branchRegex: /^ma/, branchRegexInput: regex ~ push ~ main ~ true",
        "events: [push], branchRegex: /^((dev)$).*/gi ~ push ~ main ~ false",
        "events: [push], branchRegex: '/^(?!(main)$).*/gi' ~ push ~ main ~ false",
        "events: [push], branchRegex: '/^(?!(dev)$).*/gi' ~ push ~ main ~ true",
        "events: [push], repo: a/b ~ push ~ main ~ true",
        "events: [push], repo: a/c ~ push ~ main ~ false",
        "events: [pullrequest], pullRequestTargetBranchRegex: /rel/ ~ pull_request ~ x ~ true",
        "events: [pullrequest], pullRequestTargetBranchRegex: /^x/ ~ pull_request ~ x ~ false",
      })
  void git_triggers_are_conditions_of_a_webhook(
      String trigger, String delivered, String branch, boolean expected) throws Exception {
    Map<String, Object> run = Map.of("delivery", Map.of("event", delivered), "branch", branch);
    Map<String, Object> event =
        Map.of(
            "action", "opened",
            "repository", Map.of("full_name", "a/b"),
            "pull_request", Map.of("base", Map.of("ref", "release")));
    assertEquals(expected, starts(trigger, run, event));
  }

  @Test
  void a_trigger_that_is_disabled_starts_nothing() {
    assertEquals(
        List.of(), spec("triggers: [{ type: git, events: [push], disabled: true }]").triggers());
  }
}
