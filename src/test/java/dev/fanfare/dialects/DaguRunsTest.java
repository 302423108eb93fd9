package dev.fanfare.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.testing.TestEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Dagu's files mean when they run, beyond the examples of its document. */
class DaguRunsTest {

  private static TestEngine engine;

  private DaguStage stage;
  private Path folder;

  @BeforeAll
  static void start() {
    engine = DaguStage.engine();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void open(@TempDir Path folder) {
    this.folder = folder;
    stage = new DaguStage(engine, folder);
  }

  private TestEngine.Outcome ends(String expected, String yaml) {
    return ends(expected, yaml, Map.of());
  }

  private TestEngine.Outcome ends(String expected, String yaml, Map<String, Object> params) {
    TestEngine.Outcome run = stage.run(yaml, params);
    assertEquals(expected, run.status(), () -> run.json().toString());
    return run;
  }

  @Test
  void an_output_reaches_all_that_is_downstream_and_its_inside_by_a_path() {
    TestEngine.Outcome run =
        ends(
            "succeeded",
            """
            params: "one two NAME=three"
            env:
              - GREETING: hello ${NAME}
              - STAMP: "`echo stamped`"
            steps:
              - name: first
                id: first
                command: echo '{"a":{"b":[7,8]},"c":"x"}'
                output: DATA
              - name: second
                command: sh
                script: |
                  echo "$1-$2-$3 $GREETING $STAMP ${DATA.a.b[1]} ${DATA.c} ${DATA.a.b[9]} ${first.exitCode}"
                depends: first
                output: SEEN
              - name: third
                command: "cat ${first.stdout} && echo $SEEN"
                depends: [second]
                output: LAST
            """);
    assertEquals("one-two-three hello three stamped 8 x <nil> 0", run.outputs().get("SEEN"));
    assertEquals(
        "{\"a\":{\"b\":[7,8]},\"c\":\"x\"}\n" + run.outputs().get("SEEN"),
        run.outputs().get("LAST"));
  }

  @Test
  void a_script_that_no_shell_reads_gets_values_as_text() {
    TestEngine.Outcome run =
        ends(
            "succeeded",
            """
            params:
              - WHO: world
            steps:
              - name: say
                command: awk -f
                script: |
                  BEGIN { print "hello ${WHO}" }
                output: OUT
            """,
            Map.of("WHO", "moon"));
    assertEquals("hello moon", run.outputs().get("OUT"));
  }

  @Test
  void what_continue_on_names_lets_dependants_start() {
    TestEngine.Outcome run =
        ends(
            "partially_succeeded",
            """
            maxActiveSteps: 0
            steps:
              - name: code
                command: exit 3
                continueOn: { exitCode: [3, 4] }
              - name: printed
                command: |
                  echo "nothing to do"
                  exit 1
                continueOn: { output: ["re:^nothing .* do$"] }
              - name: good
                command: exit 1
                continueOn: { failure: true, markSuccess: true }
              - name: left
                command: "true"
                preconditions: "false"
                continueOn: { skipped: true }
              - name: after
                command: echo after
                depends: [code, printed, good, left]
            """);
    assertEquals("failed", run.status("code"));
    assertEquals("failed", run.status("printed"));
    assertEquals("succeeded", run.status("good"));
    assertEquals("skipped", run.status("left"));
    assertEquals("succeeded", run.status("after"));
  }

  @Test
  void a_failure_stops_what_depends_on_it_and_nothing_else() {
    TestEngine.Outcome run =
        ends(
            "failed",
            """
            steps:
              - name: "1"
                command: "true"
              - name: "2"
                command: "false"
                continueOn: { exitCode: 7 }
              - name: "3"
                command: "true"
                depends: "1"
              - name: "4"
                command: "true"
                depends: "2"
            """);
    assertEquals("succeeded", run.status("3"));
    assertEquals("not_run", run.status("4"));
  }

  @Test
  void a_run_in_which_only_tolerated_failures_ended_has_failed() {
    ends("failed", "steps: [{ name: a, command: exit 1, continueOn: { failure: true } }]\n");
  }

  @Test
  void a_step_whose_precondition_is_not_met_is_skipped_with_what_depends_on_it() {
    TestEngine.Outcome run =
        ends(
            "succeeded",
            """
            params: "MODE=fast"
            steps:
              - name: value
                command: echo value
                preconditions:
                  - condition: "${MODE}"
                    expected: slow
              - name: shell
                command: echo shell
                precondition:
                  - condition: "`echo 12`"
                    expected: "re:^[0-9]+$"
                  - condition: "`echo $MODE`"
                    expected: fast
              - name: command
                command: echo command
                preconditions: test -f nowhere
              - name: after
                command: echo after
                depends: command
              - name: turned
                command: echo turned
                preconditions: [{ condition: test -f nowhere, negate: true }]
              - name: sub
                call: other
                preconditions: test -f nowhere
            ---
            name: other
            steps: [{ name: a, command: echo a }]
            """);
    assertEquals("skipped", run.status("value"));
    assertEquals("succeeded", run.status("shell"));
    assertEquals("skipped", run.status("command"));
    assertEquals("skipped", run.status("after"));
    assertEquals("succeeded", run.status("turned"));
    assertEquals("skipped", run.status("sub"));
  }

  @Test
  void unmet_preconditions_of_the_dag_skip_every_step_and_call_abort_and_exit() throws Exception {
    TestEngine.Outcome run =
        ends(
            "succeeded",
            """
            preconditions: [{ condition: "`echo no`", expected: "yes" }]
            handlerOn:
              init: { command: echo init >> told }
              success: { command: echo success >> told }
              abort: { command: echo abort >> told }
              exit: { command: echo exit >> told }
            steps:
              - name: a
                command: echo a
              - name: b
                command: echo b
                depends: a
            """);
    assertEquals("skipped", run.status("a"));
    assertEquals("skipped", run.status("b"));
    assertEquals(List.of("abort", "exit"), Files.readAllLines(folder.resolve("told")));
  }

  @Test
  void handlers_see_how_the_run_ended_and_what_its_steps_have_set() throws Exception {
    ends(
        "failed",
        """
        handlerOn:
          init: { command: echo init >> told }
          success: { command: echo success >> told }
          failure: { command: echo "failure $DAG_RUN_STATUS $OUT" >> told }
          exit: { command: echo "exit $DAG_RUN_STATUS" >> told }
        steps:
          - name: a
            command: echo out
            output: OUT
          - name: b
            command: exit 1
            depends: a
        """);
    assertEquals(
        List.of("init", "failure failed out", "exit failed"),
        Files.readAllLines(folder.resolve("told")));
  }

  @Test
  void a_handler_that_fails_makes_the_run_fail() {
    ends(
        "failed",
        """
        handlerOn: { success: { command: exit 1 } }
        steps: [{ name: a, command: echo a }]
        """);
  }

  @Test
  void a_step_is_tried_as_often_as_its_policy_says_and_a_timeout_never_again() throws Exception {
    TestEngine.Outcome run =
        ends(
            "failed",
            """
            params: "TRIES=2"
            steps:
              - name: flaky
                command: |
                  echo x >> tries
                  test "$(wc -l < tries)" -ge 3 || exit 75
                retryPolicy: { limit: "${TRIES}", intervalSec: 0, exitCode: [75] }
              - name: slow
                command: |
                  echo x >> slow
                  sleep 60
                timeoutSec: 1
                retryPolicy: { limit: 3, intervalSec: 0 }
                continueOn: { exitCode: 124 }
              - name: other
                command: |
                  echo x >> other
                  exit 3
                retryPolicy: { limit: 3, intervalSec: 0, exitCode: 75 }
            """);
    assertEquals("succeeded", run.status("flaky"));
    assertEquals(3, Files.readAllLines(folder.resolve("tries")).size());
    assertEquals("timed_out", run.status("slow"));
    assertEquals(1, Files.readAllLines(folder.resolve("slow")).size());
    assertEquals(1, Files.readAllLines(folder.resolve("other")).size());
  }

  @Test
  void a_step_repeats_while_or_until_something_holds() throws Exception {
    TestEngine.Outcome run =
        ends(
            "succeeded",
            """
            steps:
              - name: until value
                command: |
                  echo x >> one
                  wc -l < one
                output: N
                repeatPolicy: { repeat: until, condition: "${N}", expected: "3", limit: 9 }
              - name: while command
                command: echo x >> two
                repeatPolicy: { repeat: while, condition: 'test "$(wc -l < two)" -lt 2' }
              - name: until success
                command: |
                  echo x >> three
                  test "$(wc -l < three)" -ge 2
                repeatPolicy: { repeat: until }
              - name: exit code
                command: |
                  echo x >> four
                  test "$(wc -l < four)" -ge 3 || exit 5
                repeatPolicy: { exitCode: [5], limit: 10, backoff: true, maxIntervalSec: 1 }
              - name: limited
                command: echo x >> five
                repeatPolicy: { repeat: true, limit: 4 }
              - name: after
                command: echo "$N"
                depends: until value
                output: SEEN
            """);
    assertEquals("3", run.outputs().get("SEEN"));
    assertEquals(3, Files.readAllLines(folder.resolve("one")).size());
    assertEquals(2, Files.readAllLines(folder.resolve("two")).size());
    assertEquals(2, Files.readAllLines(folder.resolve("three")).size());
    assertEquals(3, Files.readAllLines(folder.resolve("four")).size());
    assertEquals(4, Files.readAllLines(folder.resolve("five")).size());
  }

  @Test
  void a_repeated_step_that_never_gets_there_fails_with_its_limit() {
    TestEngine.Outcome run =
        ends(
            "failed",
            """
            steps:
              - name: never
                command: exit 4
                repeatPolicy: { repeat: until, limit: 2 }
            """);
    assertEquals("failed", run.status("never"));
  }

  @Test
  void a_sub_dag_gets_its_parameters_and_yields_its_outputs() {
    TestEngine.Outcome run =
        ends(
            "succeeded",
            """
            steps:
              - name: make
                command: echo 5
                output: COUNT
              - name: call
                call: child
                params: "N=${COUNT} MODE='very fast'"
                depends: make
                output: RESULT
              - name: read
                command: echo "${RESULT.outputs.DOUBLE} ${RESULT.status} ${RESULT.name}"
                depends: call
                output: SEEN
            ---
            name: child
            params: "N=1 MODE=slow"
            steps:
              - name: double
                command: echo "$((N * 2)) $MODE"
                output: DOUBLE
            """);
    assertEquals("10 very fast succeeded child", run.outputs().get("SEEN"));
  }

  @Test
  void items_that_are_equal_are_run_once_and_a_failed_one_does_not_stop_others() throws Exception {
    String child =
        """
        ---
        name: child
        steps:
          - name: work
            command: |
              echo "$1" >> items
              test "$1" != bad
              echo "did $1"
            output: DID
        """;
    TestEngine.Outcome run =
        ends(
            "succeeded",
            """
            steps:
              - name: list
                command: printf 'a;b  "c d"|a\\n'
                output: ITEMS
              - name: all
                run: child
                parallel: ${ITEMS}
                depends: list
                output: RESULTS
              - name: read
                command: echo "${RESULTS.summary.total} ${RESULTS.summary.succeeded} ${RESULTS.outputs[2].DID} ${RESULTS.outputs[7].DID}"
                depends: all
                output: SEEN
            """
                + child);
    assertEquals("3 3 did c d <nil>", run.outputs().get("SEEN"));
    assertEquals(
        List.of("a", "b", "c d"),
        Files.readAllLines(folder.resolve("items")).stream().sorted().toList());

    Files.delete(folder.resolve("items"));
    TestEngine.Outcome failed =
        ends(
            "failed",
            """
            steps:
              - name: all
                run: child
                parallel: { items: [bad, good], maxConcurrent: 1 }
                output: RESULTS
                continueOn: { failure: true }
              - name: read
                command: test "${RESULTS.summary.failed}" = 1 && exit 9
                depends: all
              - name: none
                run: child
                parallel: []
            """
                + child);
    assertEquals(List.of("bad", "good"), Files.readAllLines(folder.resolve("items")));
    assertEquals("failed", failed.status("none"));
    assertEquals(9L, failed.step("read").get("exitCode"), () -> failed.json().toString());
  }

  @Test
  void items_that_are_mappings_are_parameters_of_the_sub_dag() throws Exception {
    ends(
        "succeeded",
        """
        steps:
          - name: static
            run: child
            parallel:
              items:
                - { REGION: eu, N: 1 }
                - { REGION: us, N: 2 }
          - name: json
            command: echo '[{"r":"asia"},{"r":"asia"}]'
            output: LIST
          - name: dynamic
            run: child
            parallel: { items: "${LIST}" }
            params:
              - REGION: ${ITEM.r}
              - N: 3
            depends: json
        ---
        name: child
        params: "REGION=nowhere N=0"
        steps:
          - command: echo "$REGION $N" >> seen
        """);
    assertEquals(
        List.of("asia 3", "eu 1", "us 2"),
        Files.readAllLines(folder.resolve("seen")).stream().sorted().toList());
  }

  @Test
  void the_body_of_a_foreach_runs_for_each_item() throws Exception {
    TestEngine.Outcome run =
        ends(
            "succeeded",
            """
            working_dir: .
            steps:
              - id: each
                foreach:
                  items: [{ slug: a }, { slug: b }]
                  as: it
                  key: ${foreach.it.slug}
                  max_concurrent: 2
                  steps:
                    - id: body
                      run: |
                        echo "size=${foreach.it.slug}-${foreach.index}" >> "$DAGU_OUTPUT_FILE"
                      outputs: [{ name: size }]
                    - id: next
                      depends: body
                      run: echo "${steps.body.outputs.size}"
                  collect:
                    size: ${steps.body.outputs.size}
                output: ALL
              - id: read
                depends: each
                run: echo "${ALL.summary.succeeded} ${ALL.outputs[1].size} ${ALL.items[0].key}"
                output: SEEN
              - id: none
                foreach: { items: [], steps: [{ id: x, run: exit 1 }] }
            """);
    assertEquals("2 b-1 a", run.outputs().get("SEEN"));
    assertEquals("succeeded", run.status("none"));
  }

  @Test
  void a_router_starts_the_targets_of_every_route_that_matches() {
    TestEngine.Outcome run =
        ends(
            "succeeded",
            """
            params: "KIND=image/png"
            steps:
              - id: route
                action: router.route
                with:
                  value: ${KIND}
                  routes:
                    "image/png": [png]
                    "re:^image/": [image]
                    "text": [text]
              - { id: png, run: echo png }
              - { id: image, run: echo image }
              - { id: text, run: echo text }
              - { id: after, run: echo after, depends: [text] }
            """);
    assertEquals("succeeded", run.status("png"));
    assertEquals("succeeded", run.status("image"));
    assertEquals("skipped", run.status("text"));
    assertEquals("skipped", run.status("after"));
  }

  @Test
  void a_chain_runs_in_written_order_and_a_list_in_it_together() {
    TestEngine.Outcome run =
        ends(
            "succeeded",
            """
            type: chain
            steps:
              - echo one
              - [echo two, echo three]
              - name: four
                command: echo four
              - name: free
                command: echo free
                depends: []
            """);
    assertTrue(Foreign.follows(run, "step_2", "step_1"));
    assertTrue(Foreign.follows(run, "step_3", "step_1"));
    assertTrue(Foreign.follows(run, "four", "step_2") && Foreign.follows(run, "four", "step_3"));

    UUID forced =
        stage.start(
            "steps:\n  - echo one\n  - echo two\n", Optional.of("dagu:chain"), Map.of(), Map.of());
    assertTrue(Foreign.follows(engine.await(forced), "step_2", "step_1"));
  }

  @Test
  void a_person_approves_after_the_work_and_gives_what_is_asked_for() {
    UUID run =
        stage.start(
            """
            steps:
              - name: plan
                command: echo planned
                output: PLAN
                approval:
                  prompt: "Go on with ${DAG_NAME}?"
                  input: [WHO]
                  required: [WHO]
              - name: go
                command: echo "$PLAN by $WHO"
                depends: plan
                output: SEEN
            """);
    stage.decide(run, "plan.plan approval", true, Map.of("WHO", "ann"));
    TestEngine.Outcome end = engine.await(run);
    assertEquals("succeeded", end.status(), () -> end.json().toString());
    assertEquals("planned by ann", end.outputs().get("SEEN"));
  }

  @Test
  void a_human_task_waits_and_its_form_is_its_output() throws Exception {
    UUID run =
        stage.start(
            """
            handler_on:
              wait: { run: echo waiting >> told }
            working_dir: .
            steps:
              - id: ask
                action: human.task
                with:
                  prompt: Which version?
                  form:
                    properties: { version: { type: string } }
                    required: [version]
              - id: go
                depends: ask
                run: echo "${steps.ask.outputs.version}"
                output: SEEN
            """);
    stage.decide(run, "ask", true, Map.of("version", "1.4"));
    TestEngine.Outcome end = engine.await(run);
    assertEquals("succeeded", end.status(), () -> end.json().toString());
    assertEquals("1.4", end.outputs().get("SEEN"));
    assertEquals(List.of("waiting"), Files.readAllLines(folder.resolve("told")));
  }

  @Test
  void what_a_script_prints_is_written_to_the_files_it_names() throws Exception {
    TestEngine.Outcome run =
        ends(
            "succeeded",
            """
            dotenv: [more.env, less.env]
            maxActiveRuns: -1
            steps:
              - name: both
                command: |
                  echo out
                  echo err >&2
                stdout: out.txt
                stderr: err.txt
                output: OUT
              - name: none
                command: echo "[$A]"
                output: A_SEEN
            """);
    assertEquals("out", run.outputs().get("OUT"));
    assertEquals(List.of("out"), Files.readAllLines(folder.resolve("out.txt")));
    assertEquals(List.of("err"), Files.readAllLines(folder.resolve("err.txt")));
    assertEquals("[]", run.outputs().get("A_SEEN"));
  }

  @Test
  void files_of_variables_count_less_than_the_file_and_the_later_one_more() throws Exception {
    stage.write("a.env", "A=a\nB='from a'\nC=a\n");
    stage.write("b.env", "export A=\"b\"\nnot a line\n");
    TestEngine.Outcome run =
        ends(
            "succeeded",
            """
            dotenv: [a.env, b.env]
            env: { C: file }
            maxActiveSteps: 1
            steps:
              - name: say
                command: echo "$A $B $C"
                output: SEEN
            """);
    assertEquals("b from a file", run.outputs().get("SEEN"));
  }
}
