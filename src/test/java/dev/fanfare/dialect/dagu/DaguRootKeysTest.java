package dev.fanfare.dialect.dagu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.dialects.Shows;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of the keys of a document. */
class DaguRootKeysTest extends DaguSamples {

  @Test
  @Shows({
    "root.name",
    "root.description",
    "root.type",
    "root.steps",
    "root.params",
    "root.env",
    "root.timeout_sec",
    "root.timeoutSec",
    "root.max_active_steps",
    "root.maxActiveSteps",
    "root.max_active_runs",
    "root.maxActiveRuns",
    "root.queue"
  })
  void a_document_becomes_a_workflow() {
    both(
        """
        name: nightly
        description: Every night
        type: graph
        params: "A=1"
        env: [{ B: "${A}2" }]
        timeout_sec: 90
        max_active_steps: 3
        max_active_runs: 2
        queue: heavy
        steps:
          - echo one
        """,
        dag -> {
          assertEquals("nightly", dag.name());
          assertEquals("Every night", dag.description());
          assertEquals(Duration.ofSeconds(90), dag.timeout().orElseThrow());
          has(dag.maxParallel(), "value=3");
          has(dag.concurrency(), "limit=2", "dagu queue heavy", "QUEUE");
          has(dag.params(), "defaultValue=1");
          has(dag.env(), "B=");
          assertEquals(1, dag.steps().size());
        });
  }

  @Test
  @Shows({
    "root.schedule",
    "root.skip_if_successful",
    "root.skipIfSuccessful",
    "root.overlap_policy",
    "root.overlapPolicy",
    "root.catchup_window",
    "root.catchupWindow",
    "schedule.start",
    "schedule.restart",
    "schedule_entry.kind",
    "schedule_entry.expression"
  })
  void a_schedule_becomes_triggers() {
    both(
        """
        schedule:
          start:
            - "CRON_TZ=Asia/Tokyo 0 9 * * *"
            - { kind: cron, expression: "5 4 * * *" }
          restart: "0 0 * * 0"
        skip_if_successful: true
        overlap_policy: all
        catchup_window: 6h
        steps: [echo one]
        """,
        dag -> {
          assertEquals(3, dag.triggers().size());
          has(dag.triggers().get(0), "Asia/Tokyo", "ALLOW", "catchUp=ALL", "skipIfSucceeded=true");
          has(dag.triggers().get(1), "cron=5 4 * * *", "UTC");
          has(dag.triggers().get(2), "CANCEL_OLDER");
        });
  }

  @Test
  @Shows({"schedule.stop", "schedule_entry.at", "schedule_entry.profile"})
  void what_a_trigger_cannot_do_is_told() {
    told(
        """
        max_active_runs: 1
        schedule:
          start: [{ kind: at, at: "2026-01-01T00:00:00Z", profile: prod }]
          stop: "0 18 * * *"
        steps: [echo one]
        """,
        "key-refused 3",
        "key-not-honoured 3",
        "key-not-honoured 4");
  }

  @Test
  @Shows({
    "root.handler_on",
    "root.handlerOn",
    "handler_on.init",
    "handler_on.success",
    "handler_on.failure",
    "handler_on.cancel",
    "handler_on.exit",
    "handler_on.wait"
  })
  void handlers_become_hooks() {
    both(
        """
        handler_on:
          init: { command: echo init }
          success: { command: echo success }
          failure: { command: echo failure }
          cancel: { command: echo cancel }
          exit: { command: echo exit }
          wait: { command: echo wait }
        steps:
          - name: ask
            action: human.task
            with: { prompt: Well? }
        """,
        dag -> {
          has(dag.hooks().before(), "echo init");
          has(dag.hooks().onSuccess(), "echo success", "failsRun=true");
          has(dag.hooks().onFailure(), "echo failure");
          has(dag.hooks().onCancel(), "echo cancel");
          has(dag.hooks().always(), "echo exit");
          has(dag.steps(), "echo wait", "WAITING");
        });
  }

  @Test
  @Shows({"handler_on.abort"})
  void abort_is_cancel_by_another_name() {
    both(
        """
        max_active_runs: 1
        handler_on:
          abort: { command: echo abort }
        steps: [echo one]
        """,
        dag -> {
          has(dag.hooks().onCancel(), "echo abort");
        });
  }

  @Test
  @Shows({
    "root.precondition",
    "root.preconditions",
    "root.delay_sec",
    "root.delaySec",
    "precondition.condition",
    "precondition.expected",
    "precondition.negate",
    "precondition.eval"
  })
  void what_comes_before_the_first_step_is_a_hook_too() {
    both(
        """
        precondition: test -f go
        preconditions:
          - { condition: "${MODE}", expected: fast, negate: true }
          - { eval: "`date +%d`", expected: "re:0[1-9]" }
        delay_sec: 3
        steps: [echo one]
        """,
        dag -> {
          has(dag.hooks().before(), "test -f go", "3000ms", "grep -qE", "FANFARE_SKIP", "MODE");
          has(dag.steps().getFirst().when(), ":before.preconditions");
        });
  }

  @Test
  @Shows({
    "root.retry_policy",
    "root.retryPolicy",
    "run_retry_policy.limit",
    "run_retry_policy.interval_sec",
    "run_retry_policy.intervalSec",
    "run_retry_policy.backoff",
    "run_retry_policy.max_interval_sec",
    "run_retry_policy.maxIntervalSec"
  })
  void a_run_that_failed_is_rerun_by_itself() {
    both(
        """
        retry_policy: { limit: 2, interval_sec: 5, backoff: true, max_interval_sec: 60 }
        steps: [echo one]
        """,
        dag -> {
          has(dag.autoRerun(), "limit=2", "PT5S", "EXPONENTIAL", "PT1M");
        });
  }

  @Test
  @Shows({
    "root.defaults",
    "defaults.retry_policy",
    "defaults.retryPolicy",
    "defaults.continue_on",
    "defaults.continueOn",
    "defaults.repeat_policy",
    "defaults.repeatPolicy",
    "defaults.timeout_sec",
    "defaults.timeoutSec",
    "defaults.env",
    "defaults.preconditions"
  })
  void defaults_are_keys_of_each_step() {
    both(
        """
        defaults:
          retry_policy: { limit: 1 }
          continue_on: { failure: true }
          repeat_policy: { repeat: true, limit: 2 }
          timeout_sec: 9
          env: { A: "1" }
          preconditions: [{ condition: a, expected: a }]
        steps:
          - name: one
            command: echo one
        """,
        dag -> {
          has(step(dag, "one"), "attempts=2", "tolerate=true", "Loop[", "PT9S", "A=", "\"a\"");
        });
  }

  @Test
  @Shows({
    "root.working_dir",
    "root.workingDir",
    "root.dir",
    "root.dotenv",
    "root.shell",
    "root.shell_args",
    "root.shellArgs",
    "root.consts",
    "root.secrets",
    "secret.name",
    "secret.key",
    "secret.provider",
    "secret.options"
  })
  void settings_of_a_document_are_those_of_its_scripts() {
    both(
        """
        working_dir: /srv
        dir: sub
        dotenv: [a.env]
        shell: bash
        shell_args: [-u]
        consts: [{ REGION: eu }]
        secrets:
          - { name: TOKEN, provider: env, key: API_TOKEN, options: { a: b } }
        max_active_runs: 1
        steps:
          - name: one
            command: echo ${consts.REGION}
        """,
        dag -> {
          has(step(dag, "one"), "/srv", "bash -u", "a.env", "source=\"eu\"");
          assertEquals(List.of("API_TOKEN"), dag.secrets());
          has(dag.env(), "secrets.API_TOKEN");
        });
  }

  @Test
  @Shows({
    "root.container",
    "container.image",
    "container.env",
    "container.working_dir",
    "container.workingDir",
    "step.container"
  })
  void a_container_is_an_image() {
    both(
        """
        max_active_runs: 1
        container: { image: "alpine:3", env: { A: "1" }, working_dir: /x }
        steps:
          - name: one
            command: echo one
          - name: two
            command: echo two
            container: "busybox:1"
          - name: three
            command: echo three
            container: { image: "debian:12" }
        """,
        dag -> {
          has(step(dag, "one"), "alpine:3", "A=");
          has(step(dag, "two"), "busybox:1");
          has(step(dag, "three"), "debian:12");
        });
  }

  @Test
  @Shows({
    "param.name",
    "param.default",
    "param.description",
    "param.type",
    "param.required",
    "param.eval"
  })
  void parameters_say_what_they_are() {
    both(
        """
        max_active_runs: 1
        params:
          - { name: COUNT, default: 3, type: integer, description: How many }
          - { name: WHO, type: string, required: true }
          - { name: DAY, eval: "`date +%a`" }
          - KEY: value
          - "OTHER=x"
        steps: [echo one]
        """,
        dag -> {
          has(dag.params(), "type=INTEGER", "defaultValue=3", "How many");
          assertTrue(dag.params().get("WHO").required());
          has(dag.hooks().before(), "date +%a");
          assertEquals("value", dag.params().get("KEY").defaultValue());
          assertEquals(5, dag.params().size());
        });
  }

  @Test
  @Shows({"named_steps.*"})
  void steps_may_be_named_by_their_keys() {
    both(
        """
        max_active_runs: 1
        steps:
          one: { command: echo one }
          two: { command: echo two, depends: one }
        """,
        dag -> {
          has(step(dag, "two").needs(), "step=one");
        });
  }
}
