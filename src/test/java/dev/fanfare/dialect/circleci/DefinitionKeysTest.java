package dev.fanfare.dialect.circleci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Diagnostic.Severity;
import dev.fanfare.definition.Fan;
import dev.fanfare.definition.Param;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialects.Shows;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys at the top, of jobs, executors, commands, parameters and orbs. */
class DefinitionKeysTest {

  @Test
  @Shows({"root.version", "root.jobs", "jobs.*", "job.steps", "workflows.version"})
  void version_2_has_no_expressions_and_needs_no_workflow() {
    Workflow workflow =
        Circle.workflow("version: 2\njobs: { build: { steps: [{ run: 'cat <<EOF' }] } }\n");
    assertEquals(List.of("build"), Circle.names(workflow));
    assertTrue(Circle.script(workflow.steps().getFirst()).contains("ff_command='cat <<EOF'"));
    Workflow with =
        Circle.workflow(
            "version: 2.0\njobs: { a: { steps: [checkout] } }\n"
                + "workflows: { version: 2, w: { jobs: [a] } }\n");
    assertEquals(List.of("a"), Circle.names(with));
    assertEquals("w", with.name());
    assertEquals(Workflow.WorkspaceMode.LAYERED, with.workspace());
  }

  @Test
  @Shows("root.*")
  void other_keys_at_the_top_carry_anchors_and_slips_are_told() {
    Imported imported =
        Circle.read(
            """
            version: 2
            defaults: &defaults { working_directory: ~/app, environment: { A: b } }
            jbos: {}
            jobs:
              build: { <<: *defaults, steps: [{ run: 'true' }] }
            """);
    assertEquals(List.of("key-has-no-effect"), Circle.codes(imported, Severity.WARNING));
    Step build = imported.workflow().orElseThrow().steps().getFirst();
    assertEquals("b", Circle.env(build, "A"));
    assertTrue(Circle.script(build).contains("'~/app'"));
  }

  @Test
  @Shows("root.setup")
  void a_setup_file_runs_as_it_is_with_a_warning() {
    Imported imported = Circle.read("setup: true\n" + Circle.steps("- run: 'true'"));
    assertEquals(List.of("key-not-honoured"), Circle.codes(imported, Severity.WARNING));
    assertTrue(imported.workflow().isPresent());
  }

  @Test
  @Shows({
    "root.parameters",
    "parameters.*",
    "parameter.type",
    "parameter.default",
    "parameter.enum",
    "parameter.description"
  })
  void pipeline_parameters_are_parameters_of_the_run_and_decide_what_it_is() {
    String file =
        """
        version: 2.1
        parameters:
          deploy: { type: boolean, default: false, description: Whether to deploy }
          count: { type: integer, default: 2 }
          where: { type: enum, enum: [dev, prod], default: dev }
          note: { type: string, default: "" }
        jobs:
          build:
            parallelism: << pipeline.parameters.count >>
            steps: [{ run: echo << pipeline.parameters.where >> << pipeline.parameters.note >> }]
          deploy: { steps: [{ run: 'true' }] }
        workflows:
          w:
            jobs:
              - build
              - deploy: { filters: pipeline.parameters.deploy }
        """;
    Workflow plain = Circle.workflow(file);
    assertEquals(Set.of("build"), Circle.running(plain));
    assertEquals(
        new Param(
            "count", Param.Type.INTEGER, false, true, 2L, "", plain.params().get("count").span()),
        plain.params().get("count"));
    assertTrue(Circle.script(plain.steps().getFirst()).contains("echo dev "));
    Workflow given =
        Circle.workflow(
            file, Circle.params(Map.of("deploy", "true", "count", 3L, "where", "prod")));
    assertEquals(Set.of("build", "deploy"), Circle.running(given));
    assertTrue(Circle.script(given.steps().getFirst()).contains("echo prod "));
    Fan.ForEach nodes = (Fan.ForEach) given.steps().getFirst().fan().orElseThrow();
    assertEquals("node", nodes.as());
    Imported wrong = Circle.read(file, Circle.params(Map.of("where", "moon")));
    assertTrue(Circle.errors(wrong).getFirst().contains("one of dev, prod, found 'moon'"));
  }

  @Test
  @Shows({
    "root.commands",
    "commands.*",
    "command.parameters",
    "command.steps",
    "command.description",
    "steps.*",
    "arguments.*",
    "job.parameters",
    "job.description"
  })
  void commands_are_put_in_their_places_with_arguments_of_every_type() {
    String file =
        """
        version: 2.1
        commands:
          greet:
            description: Greets
            parameters:
              to: { type: string, default: all }
              loud: { type: boolean, default: false }
              times: { type: integer, default: 1 }
              how: { type: enum, enum: [hi, hello], default: hi }
              secret: { type: env_var_name, default: TOKEN }
              after: { type: steps, default: [] }
            steps:
              - run: "<< parameters.how >> << parameters.to >> << parameters.times >> $<< parameters.secret >>"
              - when: { condition: << parameters.loud >>, steps: [{ run: shout }] }
              - steps: << parameters.after >>
        jobs:
          build:
            description: Builds
            parameters: { name: { type: string } , who: { type: string, default: moon } }
            steps:
              - greet
              - greet:
                  to: << parameters.who >>
                  loud: yes
                  times: 3
                  how: hello
                  secret: KEY
                  after: [{ run: "bye << parameters.who >>" }]
        workflows:
          w: { jobs: [{ build: { who: sun, name: b } }] }
        """
            .replace("- steps: << parameters.after >>", "- << parameters.after >>")
            .replace("name: { type: string } , ", "");
    String script = Circle.script(file);
    assertTrue(script.contains("ff_command='hi all 1 $TOKEN'"), script);
    assertTrue(script.contains("ff_command='hello sun 3 $KEY'"), script);
    assertTrue(script.contains("ff_command='shout'"), script);
    assertTrue(script.contains("ff_command='bye sun'"), script);
    assertTrue(script.contains("ff_total=4"), script);
  }

  @Test
  @Shows({
    "root.executors",
    "executors.*",
    "executor.docker",
    "executor.environment",
    "executor.shell",
    "executor.working_directory",
    "executor.parameters",
    "executor.description",
    "executor.resource_class",
    "job.executor",
    "executor-use.name",
    "executor-use.*",
    "docker.image"
  })
  void an_executor_gives_what_the_job_does_not_say() {
    Workflow workflow =
        Circle.workflow(
            """
            version: 2.1
            executors:
              node:
                description: Node
                parameters: { tag: { type: string, default: "20" } }
                docker: [{ image: "cimg/node:<< parameters.tag >>" }]
                resource_class: small
                working_directory: ~/app
                shell: sh -e
                environment: { A: executor, B: executor }
            jobs:
              plain: { executor: node, steps: [{ run: 'true' }] }
              tagged:
                executor: { name: node, tag: "22" }
                environment: { B: job }
                steps: [{ run: 'true' }]
              chosen:
                parameters: { on: { type: executor } }
                executor: << parameters.on >>
                steps: [{ run: 'true' }]
            workflows:
              w:
                jobs:
                  - plain
                  - tagged
                  - chosen: { on: { name: node, tag: "18" } }
                  - chosen: { name: by-name, on: node }
            """);
    Step tagged = Circle.step(workflow, "tagged");
    assertEquals(Optional.of("cimg/node:22"), ((Work.Run) tagged.body()).image());
    assertEquals("executor", Circle.env(tagged, "A"));
    assertEquals("job", Circle.env(tagged, "B"));
    assertTrue(Circle.script(tagged).contains("ff_run 'sh -e'"));
    assertTrue(Circle.script(tagged).contains("'~/app'"));
    assertEquals(image("cimg/node:20"), ((Work.Run) Circle.step(workflow, "plain").body()).image());
    assertEquals(
        image("cimg/node:18"), ((Work.Run) Circle.step(workflow, "chosen").body()).image());
    assertEquals(
        image("cimg/node:20"), ((Work.Run) Circle.step(workflow, "by-name").body()).image());
  }

  private static Optional<String> image(String name) {
    return Optional.of(name);
  }

  @Test
  @Shows({
    "job.docker",
    "docker.name",
    "docker.entrypoint",
    "docker.command",
    "docker.user",
    "docker.environment",
    "docker.auth",
    "docker.aws_auth",
    "docker.gcp_auth"
  })
  void the_first_image_is_a_hint_and_services_are_reported() {
    Imported imported =
        Circle.read(
            Circle.job(
                """
                docker:
                  - image: cimg/base:1
                    name: main
                    entrypoint: [a]
                    command: b
                    user: root
                    environment: { PGHOST: x }
                    auth: { username: u, password: $P }
                    aws_auth: { role_arn: r }
                    gcp_auth: { x: y }
                  - image: postgres:16
                steps: [{ run: 'true' }]
                """));
    assertEquals(List.of("service-not-started"), Circle.codes(imported, Severity.WARNING));
    assertEquals(8, Circle.codes(imported, Severity.INFO).size());
    Step build = imported.workflow().orElseThrow().steps().getFirst();
    assertEquals(image("cimg/base:1"), ((Work.Run) build.body()).image());
  }

  @Test
  @Shows({
    "job.machine",
    "machine.image",
    "machine.docker_layer_caching",
    "machine.enabled",
    "machine.resource_class",
    "executor.machine",
    "executor.macos",
    "job.macos",
    "macos.xcode",
    "job.resource_class"
  })
  void machines_are_this_machine() {
    Imported linux =
        Circle.read(
            Circle.job(
                """
                machine: { image: ubuntu-2404:current, docker_layer_caching: true, enabled: true, resource_class: x }
                resource_class: large
                steps: [{ run: 'true' }]
                """));
    assertEquals(List.of(), Circle.codes(linux, Severity.WARNING));
    assertEquals(3, Circle.codes(linux, Severity.INFO).size());
    Imported mac =
        Circle.read(
            """
            version: 2.1
            executors:
              mac: { macos: { xcode: 16.0.0 } }
              win: { machine: { image: "windows-server-2022-gui:current" }, resource_class: windows.medium }
            jobs:
              a: { executor: mac, steps: [{ run: 'true' }] }
              b: { executor: win, steps: [{ run: 'true' }] }
              c: { macos: { xcode: 15.0.0 }, steps: [{ run: 'true' }] }
            workflows: { w: { jobs: [a, b, c] } }
            """);
    assertEquals(
        Set.of("other-system"), Set.copyOf(Circle.codes(mac, Severity.WARNING)), mac.toString());
    assertTrue(mac.workflow().isPresent());
  }

  @Test
  @Shows({"job.shell", "job.environment", "job.working_directory", "job.parallelism"})
  void a_job_has_a_shell_an_environment_a_folder_and_nodes() {
    Step build =
        Circle.workflow(
                Circle.job(
                    """
                    shell: /bin/bash -e
                    working_directory: /srv/app
                    parallelism: 3
                    environment:
                      - ONE: "1"
                      - VERSION: 1.10
                        FLAG: true
                    steps: [{ run: 'true' }]
                    """))
            .steps()
            .getFirst();
    assertEquals("1", Circle.env(build, "ONE"));
    assertEquals("1.10", Circle.env(build, "VERSION"));
    assertEquals("true", Circle.env(build, "FLAG"));
    assertEquals("3", Circle.env(build, "CIRCLE_NODE_TOTAL"));
    assertEquals("true", Circle.env(build, "CI"));
    assertTrue(Circle.script(build).contains("ff_run '/bin/bash -e'"));
    assertTrue(Circle.script(build).contains("ff_own '/home/circleci' '/srv/app' '/tmp'"));
  }

  @Test
  @Shows({"job.type", "job.plan_name", "job.validation"})
  void a_job_may_be_a_no_op_or_an_approval_and_never_a_release() {
    Workflow workflow =
        Circle.workflow(
            """
            version: 2.1
            jobs:
              gate: { type: no-op }
              hold: { type: approval }
            workflows: { w: { jobs: [gate, hold] } }
            """);
    assertTrue(Circle.step(workflow, "gate").body() instanceof Work.Pass);
    assertTrue(Circle.step(workflow, "hold").body() instanceof Work.Approval);
    Imported release =
        Circle.read(
            "version: 2.1\n"
                + "jobs: { r: { type: release, plan_name: p, validation: { enabled: true } } }\n"
                + "workflows: { w: { jobs: [r] } }\n");
    assertEquals(
        List.of("bad-value", "key-refused", "key-refused"), Circle.codes(release, Severity.ERROR));
  }

  @Test
  @Shows({"job.retention", "job.circleci_ip_ranges", "job.branches"})
  void what_a_job_says_to_the_cloud_is_reported() {
    Imported imported =
        Circle.read(
            Circle.job(
                """
                retention: { caches: 1d }
                circleci_ip_ranges: true
                branches: { only: main }
                steps: [{ run: 'true' }]
                """));
    assertEquals(
        List.of("key-not-honoured", "key-not-honoured"), Circle.codes(imported, Severity.WARNING));
    assertEquals(List.of("key-without-effect"), Circle.codes(imported, Severity.INFO));
  }

  @Test
  @Shows({
    "root.orbs",
    "orbs.*",
    "orb.jobs",
    "orb.commands",
    "orb.executors",
    "orb.orbs",
    "orb.description",
    "orb.display",
    "orb.examples"
  })
  void an_orb_that_is_written_out_is_used() {
    Workflow workflow =
        Circle.workflow(
            """
            version: 2.1
            orbs:
              tool:
                description: A tool
                display: { home_url: x }
                examples: { e: {} }
                orbs: { inner: { commands: { deep: { steps: [{ run: deep }] } } } }
                commands:
                  install: { steps: [{ run: install }, inner/deep] }
                executors: { default: { docker: [{ image: tool/image }] } }
                jobs:
                  test: { executor: default, steps: [install] }
            jobs:
              build: { executor: tool/default, steps: [tool/install] }
            workflows: { w: { jobs: [build, tool/test] } }
            """);
    assertEquals(List.of("build", "tool-test"), Circle.names(workflow));
    Step test = Circle.step(workflow, "tool-test");
    assertEquals("tool/test", test.title());
    assertEquals(image("tool/image"), ((Work.Run) test.body()).image());
    assertTrue(Circle.script(test).contains("ff_command='deep'"));
  }

  @Test
  void an_orb_to_download_is_a_java_step_for_a_job_and_an_error_for_a_command() {
    Imported job =
        Circle.read(
            """
            version: 2.1
            orbs: { node: circleci/node@5.1.0 }
            workflows: { w: { jobs: [{ node/test: { version: "20", cache: true } }] } }
            """);
    assertEquals(List.of("orb-not-fetched"), Circle.codes(job, Severity.WARNING));
    Work.Call call = (Work.Call) job.workflow().orElseThrow().steps().getFirst().body();
    assertEquals("circleci/node/test", call.bean());
    Diagnostic command =
        Circle.error(
            "version: 2.1\norbs: { node: circleci/node@5 }\n"
                + Circle.steps("- node/install").substring("version: 2.1\n".length()));
    assertEquals("orb-not-fetched", command.code());
    assertTrue(command.hint().contains("circleci orb source"));
    Imported executor =
        Circle.read(
            "orbs: { node: circleci/node@5 }\n"
                + Circle.job("executor: node/default\nsteps: [{ run: 'true' }]"));
    assertEquals(List.of("orb-not-fetched"), Circle.codes(executor, Severity.WARNING));
    assertTrue(executor.workflow().isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "to: 5",
        "to: true",
        "loud: maybe",
        "times: many",
        "times: 1.5",
        "how: hey",
        "secret: 1x-y",
        "after: text",
        "where: [a]"
      })
  void an_argument_of_another_type_is_an_error_at_its_place(String argument) {
    Diagnostic error =
        Circle.error(
            """
            version: 2.1
            commands:
              greet:
                parameters:
                  to: { type: string, default: "" }
                  loud: { type: boolean, default: false }
                  times: { type: integer, default: 1 }
                  how: { type: enum, enum: [hi], default: hi }
                  secret: { type: env_var_name, default: A }
                  after: { type: steps, default: [] }
                  where: { type: executor, default: x }
                steps: [{ run: 'true' }]
            jobs:
              build:
                steps:
                  - greet: { ARGUMENT }
            workflows: { w: { jobs: [build] } }
            """
                .replace("ARGUMENT", argument));
    assertEquals("wrong-argument", error.code(), error.oneLine());
    assertEquals(16, error.span().line());
  }

  @Test
  void definitions_that_nothing_uses_are_told_and_their_keys_are_looked_at() {
    Imported imported =
        Circle.read(
            """
            version: 2.1
            commands:
              lost: { steps: [{ rum: x }] }
            jobs:
              build: { steps: [{ run: 'true' }] }
              idle: { parameters: { n: { type: integer } }, parallelism: << parameters.n >>, stepz: [], steps: [] }
            workflows: { w: { jobs: [build] } }
            """);
    assertEquals(
        List.of("definition-unused", "definition-unused"), Circle.codes(imported, Severity.INFO));
    assertEquals(List.of("unknown-command", "unknown-key"), Circle.codes(imported, Severity.ERROR));
  }
}
