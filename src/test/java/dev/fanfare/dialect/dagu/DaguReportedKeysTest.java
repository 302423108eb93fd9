package dev.fanfare.dialect.dagu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.dialects.Shows;
import org.junit.jupiter.api.Test;

/** Keys that are not honoured, and what is said of them. */
class DaguReportedKeysTest extends DaguSamples {

  @Test
  @Shows({
    "root.group",
    "root.tags",
    "root.labels",
    "root.log_output",
    "root.logOutput",
    "root.run_config",
    "root.runConfig",
    "root.artifacts",
    "root.hist_retention_days",
    "root.histRetentionDays",
    "root.hist_retention_runs",
    "root.histRetentionRuns",
    "root.log_dir",
    "root.logDir",
    "root.otel",
    "root.max_clean_up_time_sec",
    "root.maxCleanUpTimeSec",
    "root.max_output_size",
    "root.maxOutputSize",
    "root.restart_wait_sec",
    "root.restartWaitSec",
    "root.smtp",
    "root.mail_on",
    "root.mailOn",
    "root.error_mail",
    "root.errorMail",
    "root.info_mail",
    "root.infoMail",
    "root.s3",
    "root.redis",
    "root.kubernetes",
    "root.llm",
    "root.harness",
    "root.harnesses",
    "root.resources",
    "root.registry_auths",
    "root.registryAuths",
    "root.tools",
    "root.webhook",
    "root.worker_selector",
    "root.workerSelector",
    "root.step_types",
    "root.stepTypes",
    "root.actions",
    "root.tasks"
  })
  void keys_of_a_document_that_mean_nothing_here_are_told() {
    told(
        """
        steps: [echo one]
        max_active_runs: 1
        group: x
        tags: x
        labels: x
        log_output: x
        run_config: x
        artifacts: x
        hist_retention_days: x
        hist_retention_runs: x
        log_dir: x
        otel: x
        max_clean_up_time_sec: x
        max_output_size: x
        restart_wait_sec: x
        smtp: x
        mail_on: x
        error_mail: x
        info_mail: x
        s3: x
        redis: x
        kubernetes: x
        llm: x
        harness: x
        harnesses: x
        resources: x
        registry_auths: x
        tools: x
        webhook: x
        worker_selector: x
        step_types: x
        actions: x
        tasks: x
        """,
        "key-without-effect 3",
        "key-without-effect 4",
        "key-without-effect 5",
        "key-without-effect 6",
        "key-without-effect 7",
        "key-without-effect 8",
        "key-without-effect 9",
        "key-without-effect 10",
        "key-without-effect 11",
        "key-without-effect 12",
        "key-not-honoured 13",
        "key-not-honoured 14",
        "key-not-honoured 15",
        "key-not-honoured 16",
        "key-not-honoured 17",
        "key-not-honoured 18",
        "key-not-honoured 19",
        "key-not-honoured 20",
        "key-not-honoured 21",
        "key-not-honoured 22",
        "key-not-honoured 23",
        "key-not-honoured 24",
        "key-not-honoured 25",
        "key-not-honoured 26",
        "key-not-honoured 27",
        "key-not-honoured 28",
        "key-not-honoured 29",
        "key-not-honoured 30",
        "key-refused 31",
        "key-refused 32",
        "key-refused 33");
  }

  @Test
  @Shows({
    "step.log_output",
    "step.logOutput",
    "step.signal_on_stop",
    "step.signalOnStop",
    "step.mail_on_error",
    "step.mailOnError",
    "step.worker_selector",
    "step.workerSelector",
    "step.shell_packages",
    "step.shellPackages",
    "step.output_schema",
    "step.outputSchema",
    "step.inputs",
    "step.dependencies",
    "step.llm",
    "step.messages",
    "step.tools"
  })
  void keys_of_a_step_that_mean_nothing_here_are_told() {
    told(
        """
        max_active_runs: 1
        steps:
          - name: a
            command: echo a
            log_output: x
            signal_on_stop: x
            mail_on_error: x
            worker_selector: x
            shell_packages: x
            output_schema: x
            inputs: x
            dependencies: x
            llm: x
            messages: x
            tools: x
        """,
        "key-without-effect 5",
        "key-not-honoured 6",
        "key-not-honoured 7",
        "key-not-honoured 8",
        "key-not-honoured 9",
        "key-not-honoured 10",
        "key-not-honoured 11",
        "key-not-honoured 12",
        "key-not-honoured 13",
        "key-not-honoured 14",
        "key-not-honoured 15");
  }

  @Test
  @Shows({
    "container.exec",
    "container.name",
    "container.pull_policy",
    "container.pullPolicy",
    "container.volumes",
    "container.user",
    "container.platform",
    "container.ports",
    "container.network",
    "container.startup",
    "container.command",
    "container.wait_for",
    "container.waitFor",
    "container.log_pattern",
    "container.logPattern",
    "container.restart_policy",
    "container.restartPolicy",
    "container.keep_container",
    "container.keepContainer",
    "container.healthcheck",
    "container.shell"
  })
  void keys_of_a_container_that_mean_nothing_here_are_told() {
    told(
        """
        max_active_runs: 1
        steps: [echo one]
        container:
          image: alpine
          exec: x
          name: x
          pull_policy: x
          volumes: x
          user: x
          platform: x
          ports: x
          network: x
          startup: x
          command: x
          wait_for: x
          log_pattern: x
          restart_policy: x
          keep_container: x
          healthcheck: x
          shell: x
        """,
        "key-not-honoured 5",
        "key-not-honoured 6",
        "key-not-honoured 7",
        "key-not-honoured 8",
        "key-not-honoured 9",
        "key-not-honoured 10",
        "key-not-honoured 11",
        "key-not-honoured 12",
        "key-not-honoured 13",
        "key-not-honoured 14",
        "key-not-honoured 15",
        "key-not-honoured 16",
        "key-not-honoured 17",
        "key-not-honoured 18",
        "key-not-honoured 19",
        "key-not-honoured 20");
  }

  @Test
  @Shows({
    "param.enum",
    "param.minimum",
    "param.maximum",
    "param.min_length",
    "param.minLength",
    "param.max_length",
    "param.maxLength",
    "param.pattern"
  })
  void what_is_not_checked_of_a_parameter_is_told() {
    told(
        """
        max_active_runs: 1
        steps: [echo one]
        params:
          - name: A
            default: b
            enum: x
            minimum: x
            maximum: x
            min_length: x
            max_length: x
            pattern: x
        """,
        "key-not-honoured 6",
        "key-not-honoured 7",
        "key-not-honoured 8",
        "key-not-honoured 9",
        "key-not-honoured 10",
        "key-not-honoured 11");
  }

  @Test
  @Shows({
    "defaults.mail_on_error",
    "defaults.mailOnError",
    "defaults.signal_on_stop",
    "defaults.signalOnStop"
  })
  void defaults_that_mean_nothing_here_are_told() {
    told(
        """
        max_active_runs: 1
        steps: [echo one]
        defaults:
          timeout_sec: 1
          mail_on_error: x
          signal_on_stop: x
        """,
        "key-not-honoured 5",
        "key-not-honoured 6");
  }

  @Test
  @Shows({"secret.ref"})
  void where_a_secret_comes_from_is_the_servers_business() {
    told(
        """
        max_active_runs: 1
        secrets:
          - { name: A, ref: team/a }
        steps: [echo one]
        """,
        "key-without-effect 3");
  }

  @Test
  @Shows({"step.run", "run_with.shell", "run_with.shell_args", "run_with.shell_packages"})
  void run_is_a_command_in_a_new_file() {
    String yaml =
        """
        working_dir: /srv
        steps:
          - id: a
            run: [echo one, echo two]
            with: { shell: bash, shell_args: [-u], shell_packages: [jq] }
        """;
    has(step(workflow(yaml), "a"), "bash -u", "echo one\necho two");
    assertEquals("key-not-honoured", read(yaml).diagnostics().getFirst().code());
  }

  @Test
  @Shows({"step.run", "run_with.shellArgs", "run_with.shellPackages"})
  void run_is_a_sub_dag_in_an_old_file() {
    String yaml =
        """
        maxActiveRuns: 1
        steps:
          - { name: a, run: other.yaml }
          - { name: b, command: echo b, with: { shell: bash, shellArgs: [-u], shellPackages: [jq] } }
        """;
    has(step(workflow(yaml), "a"), "SubWorkflow[", "value=other.yaml");
    assertTrue(text(step(workflow(yaml), "b")).contains("bash -u"));
  }

  /** The old way has no such key; it is taken as one all the same. */
  @Test
  @Shows({"step.signal_on_stop", "step.signalOnStop"})
  void the_signal_that_is_sent_anyway_is_no_word_worth() {
    told(
        """
        max_active_runs: 1
        steps:
          - { name: a, command: echo a, signal_on_stop: SIGTERM }
          - { name: b, command: echo b, signal_on_stop: SIGINT }
        """,
        "key-not-honoured 4");
  }
}
