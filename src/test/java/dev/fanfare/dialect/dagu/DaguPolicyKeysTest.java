package dev.fanfare.dialect.dagu;

import dev.fanfare.dialects.Shows;
import org.junit.jupiter.api.Test;

/** What becomes of the keys around the work of a step. */
class DaguPolicyKeysTest extends DaguSamples {

  @Test
  @Shows({
    "step.continue_on",
    "step.continueOn",
    "continue_on.failure",
    "continue_on.skipped",
    "continue_on.exit_code",
    "continue_on.exitCode",
    "continue_on.output",
    "continue_on.mark_success",
    "continue_on.markSuccess"
  })
  void failures_and_skips_can_be_gone_on_from() {
    both(
        """
        steps:
          - name: a
            command: echo a
            continue_on: { failure: true, skipped: true, mark_success: true }
          - name: b
            command: echo b
            continue_on: { exit_code: [1, 2], output: ["re:^x"] }
          - name: c
            command: echo c
            continue_on: failed
          - name: d
            command: echo d
            continue_on: skipped
        """,
        dag -> {
          has(step(dag, "a"), "status=Optional[SUCCEEDED]", "onSkip=SATISFY");
          has(step(dag, "b").onFailure(), "in [1, 2]", "(?m)^x");
          has(step(dag, "b"), "DAGU_STDOUT");
          has(step(dag, "c").onFailure(), "tolerate=true");
          has(step(dag, "d"), "onSkip=SATISFY");
        });
  }

  @Test
  @Shows({
    "step.retry_policy",
    "step.retryPolicy",
    "retry_policy.limit",
    "retry_policy.interval_sec",
    "retry_policy.intervalSec",
    "retry_policy.backoff",
    "retry_policy.max_interval_sec",
    "retry_policy.maxIntervalSec",
    "retry_policy.exit_code",
    "retry_policy.exitCode",
    "retry_policy.exit_codes",
    "retry_policy.exitCodes"
  })
  void a_step_is_tried_again() {
    both(
        """
        params: "N=4"
        steps:
          - name: a
            command: echo a
            retry_policy: { limit: "$N", interval_sec: "2", backoff: 1.5, max_interval_sec: 30, exit_code: [1] }
          - name: b
            command: echo b
            retry_policy: { limit: 2, exit_codes: [3] }
        """,
        dag -> {
          has(
              step(dag, "a").retry(),
              "attempts=5",
              "PT2S",
              "EXPONENTIAL",
              "1.5",
              "PT30S",
              "exitCode=1",
              "timed_out");
          has(step(dag, "b").retry(), "attempts=3", "exitCode=3");
        });
  }

  @Test
  @Shows({
    "step.repeat_policy",
    "step.repeatPolicy",
    "repeat_policy.repeat",
    "repeat_policy.condition",
    "repeat_policy.expected",
    "repeat_policy.exit_code",
    "repeat_policy.exitCode",
    "repeat_policy.limit",
    "repeat_policy.interval_sec",
    "repeat_policy.intervalSec",
    "repeat_policy.backoff",
    "repeat_policy.max_interval_sec",
    "repeat_policy.maxIntervalSec"
  })
  void a_step_repeats_as_a_loop() {
    both(
        """
        steps:
          - name: a
            command: echo a
            output: A
            repeat_policy: { repeat: until, condition: "${A}", expected: "re:[0-9]", limit: 5, interval_sec: 2, backoff: true, max_interval_sec: 60 }
          - name: b
            command: echo b
            repeat_policy: { exit_code: [1] }
        """,
        dag -> {
          has(
              step(dag, "a"),
              "Loop[",
              "iteration + 1 >= 5",
              "matches",
              "delay=Optional[PT2S]",
              "factor=2.0",
              "PT1M");
          has(step(dag, "b"), "in [1]");
        });
  }

  @Test
  @Shows({"step.precondition", "step.preconditions"})
  void conditions_decide_whether_a_step_runs() {
    both(
        """
        max_active_runs: 1
        steps:
          - name: a
            command: echo a
            precondition: { condition: "${M}", expected: x }
          - name: b
            command: echo b
            preconditions: test -d .
          - name: c
            call: other
            preconditions: [test -d .]
        ---
        name: other
        steps: [echo x]
        """,
        dag -> {
          has(step(dag, "a").when(), "== \"x\"");
          has(step(dag, "b"), "test -d .", "FANFARE_SKIP");
          has(step(dag, "c precondition"), "test -d .");
          has(step(dag, "c").needs(), "step=c precondition");
        });
  }

  @Test
  @Shows({
    "step.output",
    "step.outputs",
    "output.name",
    "output.type",
    "output.path",
    "step.stdout",
    "step.stderr"
  })
  void what_a_step_yields() {
    both(
        """
        max_active_runs: 1
        steps:
          - name: a
            command: echo a
            output: A
            stdout: out.txt
            stderr: err.txt
          - name: b
            id: b
            command: echo x=1 >> "$DAGU_OUTPUT_FILE"
            outputs: [{ name: x }, { name: j, type: json }, { name: f, path: file.txt }]
          - name: c
            command: echo '{"a":[1]}'
            output: { v: 1, part: { from: stdout, decode: json, select: ".a[0]" }, f: { from: file, path: p } }
        """,
        dag -> {
          has(step(dag, "a"), "A=Stdout", "tee -- \"out.txt\"", "tee -- \"err.txt\"");
          has(step(dag, "b"), "export DAGU_OUTPUT_FILE", "fromJson", "f=File");
          has(step(dag, "c").outputs(), "jmespath=Optional[a[0]]", "f=File", "v=Value");
        });
  }

  @Test
  @Shows({"step.call", "step.params", "dag.dag", "dag.params"})
  void a_sub_dag_is_a_workflow_step() {
    both(
        """
        max_active_runs: 1
        steps:
          - { name: a, call: other, params: "X=1 two" }
          - { name: b, action: dag.run, with: { dag: other, params: { X: 2 } } }
          - { name: c, action: dag.enqueue, with: { dag: other } }
        ---
        name: other
        params: "X=0"
        steps: [echo x]
        """,
        dag -> {
          has(step(dag, "a"), "SubWorkflow[", "X=", "2=", "await=true");
          has(step(dag, "b"), "value=other", "X=");
          has(step(dag, "c"), "await=false");
        });
  }

  @Test
  @Shows({"dag.queue"})
  void a_queue_of_a_call_is_told() {
    told(
        """
        max_active_runs: 1
        steps:
          - { name: c, action: dag.enqueue, with: { dag: other, queue: x } }
        ---
        name: other
        steps: [echo x]
        """,
        "key-not-honoured 3");
  }

  @Test
  @Shows({
    "step.parallel",
    "parallel.items",
    "parallel.max_concurrent",
    "parallel.maxConcurrent",
    "step.foreach",
    "foreach.items",
    "foreach.as",
    "foreach.key",
    "foreach.steps",
    "foreach.max_concurrent",
    "foreach.maxConcurrent",
    "foreach.collect"
  })
  void many_items_are_a_for_each() {
    both(
        """
        steps:
          - name: a
            call: other
            parallel: { items: [x, y], max_concurrent: 3 }
          - name: b
            foreach:
              items: [1, 2]
              as: n
              key: k${foreach.n}
              max_concurrent: 4
              steps: [{ id: s, command: "echo ${foreach.n}" }]
              collect: { n: "${foreach.n}" }
        ---
        name: other
        steps: [echo $1]
        """,
        dag -> {
          has(
              step(dag, "a"),
              "distinct=true",
              "empty=FAIL",
              "maxParallel=Optional[Literal[value=3");
          has(step(dag, "b"), "distinct=false", "empty=SUCCEED", "value=4", "\"k\"");
        });
  }

  @Test
  @Shows({"write_outputs.values"})
  void outputs_can_be_written_down() {
    both(
        """
        max_active_runs: 1
        steps:
          - { name: a, action: outputs.write, with: { values: { x: 1 } } }
          - { name: b, action: noop }
        """,
        dag -> {
          has(step(dag, "a"), "Pass[", "\"x\": 1");
          has(step(dag, "b"), "Pass[");
        });
  }
}
