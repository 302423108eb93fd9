package dev.fanfare.dialect.dagu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.ImportInputs;
import dev.fanfare.dialect.Imported;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as a whole: whose they are, which of their documents is read, what is wrong with them. */
class DaguFilesTest extends DaguSamples {

  private static Imported detected(String yaml) {
    return Dialects.read(yaml.getBytes(StandardCharsets.UTF_8), "dag.yaml", Optional.empty());
  }

  private static Imported as(String dialect, String yaml) {
    return Dialects.read(yaml.getBytes(StandardCharsets.UTF_8), "dag.yaml", Optional.of(dialect));
  }

  /** A {@code ~} stands for the end of a line. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "steps:~  - name: a~    command: b",
        "- name: a~  command: b",
        "steps: [echo one, [echo two, echo three]]",
        "maxActiveSteps: 3~steps: [{ name: a, command: b }]",
        "name: x~schedule: '* * * * *'~steps: { a: { command: b } }",
        "steps: { a: { command: b }, c: { command: d, depends: a } }",
        "name: x~steps: [{ id: a, run: echo }]",
        "name: x~steps: [{ id: a, action: noop }]~---~name: y~steps: [echo]"
      })
  void a_file_of_dagu_is_recognised(String file) {
    assertEquals("dagu", detected(file.replace('~', '\n')).dialect());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name: x~steps: { a: { run: b } }",
        "name: x~steps: { a: { command: b } }",
        "version: 2.1~jobs: { a: { steps: [checkout] } }",
        "version: '1.0'~steps: { a: { image: b, commands: [c] } }",
        "flow: [{ name: a }]",
        "a text"
      })
  void another_file_is_not_taken_for_one(String file) {
    assertFalse(detected(file.replace('~', '\n')).dialect().equals("dagu"));
  }

  @Test
  void a_mixture_is_read_as_old_and_told() {
    Imported read =
        read(
            """
            maxActiveSteps: 1
            steps:
              - name: a
                run: other.yaml
                retry_policy: { limit: 1 }
            """);
    assertEquals("dagu-mixed-keys", read.diagnostics().getFirst().code());
    has(step(read.workflow().orElseThrow(), "a"), "SubWorkflow[", "attempts=2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "steps: [{ name: a, run: echo hi }]                                   | Run[",
        "steps: [{ name: a, run: other.yaml }]                                | SubWorkflow[",
        "steps: [{ name: a, run: other, params: X=1 }]                        | SubWorkflow[",
        "steps: [{ name: a, run: other }, { name: b, command: echo }]         | SubWorkflow[",
        "steps: [{ name: a, run: other }, { name: b, retry_policy: { limit: 1 }, command: c }] |"
            + " Run["
      })
  void where_no_key_tells_the_age_the_steps_do(String file, String work) {
    has(step(read(file).workflow().orElseThrow(), "a"), work);
  }

  private static final String MANY =
      """
      name: first
      steps: [{ name: a, call: second }, echo b]
      ---
      name: second
      steps: [echo c, echo d]
      """;

  @Test
  void the_first_document_is_what_a_file_runs_and_the_others_are_read_by_name() {
    assertEquals("first", detected(MANY).workflow().orElseThrow().name());
    Workflow second = as("dagu:second", MANY).workflow().orElseThrow();
    assertEquals("second", second.name());
    assertTrue(second.steps().get(1).needs().isEmpty());
    Workflow chained = as("dagu:chain:second", MANY).workflow().orElseThrow();
    assertEquals("step_1", chained.steps().get(1).needs().getFirst().step());
    has(as("dagu:chain", MANY).workflow().orElseThrow().steps().getFirst(), "dagu:chain");
    assertEquals("unknown-dialect", as("dagu:third", MANY).diagnostics().getFirst().code());
  }

  @Test
  void a_call_of_an_absolute_path_says_where_the_caller_works() {
    String yaml = "maxActiveRuns: 1\nsteps: [{ name: a, run: /tmp/x.yaml }]\n";
    has(step(read(yaml).workflow().orElseThrow(), "a"), "dagu:called", Folders.CALLER);
    Workflow called = as("dagu:called", yaml).workflow().orElseThrow();
    assertTrue(called.params().containsKey(Folders.CALLER));
  }

  @Test
  void a_variable_that_nothing_sets_can_be_given() {
    Workflow dag =
        workflow(
            """
            steps:
              - |
                # not $COMMENTED
                for F in *; do LOCAL=1; echo "$F $LOCAL $REGION ${2}"; done
                awk '{ print $NF }' < "$HOME/x"
            """);
    assertEquals(List.of("REGION", "2"), List.copyOf(dag.params().keySet()));
  }

  @Test
  void the_environment_of_who_typed_the_command_counts_for_the_environment_of_the_dag() {
    String yaml =
        """
        env:
          - N: ${COUNT:-1}
          - T: ${API_TOKEN}
        maxActiveSteps: ${N}
        steps: [{ name: a, command: echo, retryPolicy: { limit: "${N}" } }]
        """;
    ImportInputs inputs =
        ImportInputs.of(Map.of(), Map.of(), Map.of(), Map.of("COUNT", "4", "API_TOKEN", "x"));
    Imported read =
        Dialects.read(yaml.getBytes(StandardCharsets.UTF_8), "dag.yaml", Optional.empty(), inputs);
    has(step(read.workflow().orElseThrow(), "a").retry(), "attempts=5");
    assertEquals("dagu-secret-in-environment", read.diagnostics().getFirst().code());
    assertFalse(read.read().toString().contains("API_TOKEN=x"));
  }

  @Test
  void what_only_a_shell_can_tell_is_computed_once_before_the_first_step() {
    Workflow dag =
        workflow(
            """
            env: { DAY: "`date +%a`", TEXT: "on ${DAY}", PATH: "/opt/bin:$PATH" }
            params: "STAMP=`date +%s`"
            maxActiveRuns: -1
            steps: [{ name: a, command: echo $TEXT }]
            """);
    has(
        dag.hooks().before(),
        "DAY=\"`date +%a`\"",
        "TEXT=\"on ${DAY}\"",
        "/opt/bin:$PATH",
        "STAMP");
    has(step(dag, "a").env(), ":before.values");
    assertTrue(dag.concurrency().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "steps: [{ name: a, command: b, depends: c }]                    | unknown-dependency |"
            + " 1:41",
        "steps: [{ name: a, command: b }, { name: a, command: c }]       | duplicate-name     |"
            + " 1:42",
        "steps: [{ name: a, comand: b }]                                 | unknown-key        |"
            + " 1:20",
        "steps: [{ name: a }]                                            | bad-value          |"
            + " 1:9",
        "steps: [{ name: a, run: b, depends: [] }]~type: chain           | bad-value          |"
            + " 1:28",
        "type: agent~steps: [echo]                                       | bad-value          |"
            + " 1:1",
        "steps: []                                                       | bad-value          |"
            + " 1:1",
        "schedule: nonsense~steps: [echo]                                | bad-value          |"
            + " 1:11",
        "schedule: CRON_TZ=Mars/One 0 0 * * *~steps: [echo]              | bad-value          |"
            + " 1:11",
        "maxActiveSteps: many~steps: [echo]                              | wrong-type         |"
            + " 1:17",
        "steps: [{ name: a, call: b, parallel: { items: [1], maxConcurrent: 0 } }] | bad-value |"
            + " 1:68",
        "steps: [{ name: a, call: b, parallel: { max_concurrent: 2 } }]  | bad-value          |"
            + " 1:39",
        "steps: [{ name: a, call: b, parallel: [[1]] }]                  | bad-value          |"
            + " 1:39",
        "steps: [{ name: a, command: b, retryPolicy: { backoff: 1 } }]   | bad-value          |"
            + " 1:56",
        "steps: [{ name: a, command: b, continueOn: maybe }]             | bad-value          |"
            + " 1:44",
        "steps: [{ name: a, command: b, repeatPolicy: { repeat: often } }] | bad-value        |"
            + " 1:56",
        "steps: [{ name: a, command: b, retryPolicy: { limit: $X } }]    | bad-value          |"
            + " 1:54",
        "env: { A: '`date`' }~maxActiveSteps: $A~steps: [echo]             | bad-value          |"
            + " 2:17",
        "steps: [echo]~---~steps: [echo]                                 | missing-key        |"
            + " 3:1",
        "name: a~steps: [echo]~---~name: a~steps: [echo]                 | duplicate-document |"
            + " 4:1",
        "steps: [{ name: r, routes: { a: [x] } }]                        | unknown-dependency |"
            + " 1:34",
        "steps: [echo]~handlerOn: { cancel: echo, abort: echo }          | bad-value          |"
            + " 2:28",
        "steps: [echo]~handlerOn: { exit: { command: a, depends: b } }   | bad-value          |"
            + " 2:34"
      })
  void what_is_wrong_is_told_with_its_place(String file, String code, String place) {
    Imported read = as("dagu", file.replace('~', '\n'));
    List<String> found =
        read.diagnostics().stream()
            .filter(Diagnostic::isError)
            .map(problem -> problem.code() + " " + problem.span())
            .toList();
    assertTrue(found.contains(code + " " + place), () -> read.diagnostics().toString());
    assertTrue(read.workflow().isEmpty());
  }

  @Test
  void a_cycle_is_found() {
    Imported read =
        read("steps: [{ name: a, command: x, depends: b }, { name: b, command: y, depends: a }]");
    assertTrue(
        dev.fanfare.graph.GraphCompiler.compile(
                read.workflow().orElseThrow(), dev.fanfare.graph.CompileInputs.NONE)
            .diagnostics()
            .stream()
            .anyMatch(found -> found.code().equals("cycle")));
  }

  @Test
  void a_kind_of_step_that_is_not_there_is_a_bean_that_somebody_supplies() {
    Imported read = read("steps: [{ name: m, executor: { type: mail, config: { to: a@b.c } } }]");
    assertEquals("dagu-needs-bean", read.diagnostics().getFirst().code());
    has(step(read.workflow().orElseThrow(), "m"), "Call[bean=dagu.mail.send", "a@b.c");
  }
}
