package dev.fanfare.dialect.dagu;

import dev.fanfare.dialects.Shows;
import org.junit.jupiter.api.Test;

/** What becomes of the keys of a step: its work. */
class DaguStepKeysTest extends DaguSamples {

  @Test
  @Shows({
    "step.name",
    "step.id",
    "step.description",
    "step.depends",
    "step.command",
    "step.script",
    "step.env",
    "step.timeout_sec",
    "step.timeoutSec",
    "step.shell",
    "step.shell_args",
    "step.shellArgs",
    "step.working_dir",
    "step.workingDir",
    "step.dir"
  })
  void a_step_runs_its_command() {
    both(
        """
        max_active_runs: 1
        steps:
          - name: one
            id: first
            description: The first
            command: echo one
            env: { A: "1" }
            timeout_sec: 5
            shell: bash
            shell_args: [-x]
            working_dir: /srv
          - name: two
            command: python3
            script: print(1)
            depends: [first]
            dir: /opt
        """,
        dag -> {
          has(step(dag, "one"), "echo one", "title=The first", "A=", "PT5S", "bash -x", "/srv");
          has(step(dag, "two"), "shell=Optional[python3]", "print(1)", "step=one", "/opt");
        });
  }

  @Test
  @Shows({
    "step.executor",
    "step.type",
    "step.config",
    "step.with",
    "step.action",
    "executor.type",
    "executor.config",
    "step.exec",
    "exec.command",
    "exec.args"
  })
  void executors_are_steps_of_their_kind() {
    both(
        """
        max_active_runs: 1
        steps:
          - name: request
            executor: { type: http, config: { silent: true } }
            command: GET http://localhost/
          - name: same
            type: http
            config: { url: http://localhost/ }
          - name: words
            exec: { command: echo, args: [a b, c] }
          - name: action
            action: exec
            with: { command: echo, args: [x] }
        """,
        dag -> {
          has(step(dag, "request"), "Http[method=GET");
          has(step(dag, "same"), "Http[method=GET");
          has(step(dag, "words"), "\"echo\" \"a b\" \"c\"");
          has(step(dag, "action"), "\"echo\" \"x\"");
        });
  }

  @Test
  @Shows({
    "http.method",
    "http.url",
    "http.headers",
    "http.query",
    "http.body",
    "http.timeout",
    "http.silent",
    "http.json",
    "http.format",
    "http.debug"
  })
  void a_request_is_an_http_step() {
    both(
        """
        max_active_runs: 1
        steps:
          - name: send
            action: http.request
            with:
              method: POST
              url: http://localhost/${WHAT}
              headers: { A: "1" }
              query: { q: x }
              body: { a: 1 }
              timeout: 5
              silent: true
              json: true
              format: json
              debug: true
            output: ANSWER
        """,
        dag -> {
          has(step(dag, "send"), "method=POST", "WHAT", "PT5S", "{\"a\": 1}");
          has(dag.outputs(), ".?body");
        });
  }

  @Test
  @Shows({"http.form", "http.files", "http.skip_tls_verify", "http.skipTlsVerify", "http.output"})
  void what_a_request_cannot_do_is_refused() {
    told(
        """
        max_active_runs: 1
        steps:
          - name: send
            action: http.request
            with:
              url: http://localhost/
              form: { a: b }
              files: []
              skip_tls_verify: true
              output: x
        """,
        "key-refused 7",
        "key-refused 8",
        "key-refused 9",
        "key-refused 10");
  }

  @Test
  @Shows({
    "jq.filter",
    "jq.data",
    "jq.input",
    "jq.raw",
    "ssh.user",
    "ssh.host",
    "ssh.ip",
    "ssh.port",
    "ssh.key",
    "ssh.command",
    "ssh.strict_host_key",
    "ssh.strictHostKey",
    "ssh.known_host_file",
    "ssh.knownHostFile",
    "ssh.shell",
    "root.ssh",
    "docker.image",
    "docker.container_name",
    "docker.containerName",
    "docker.platform",
    "docker.pull",
    "docker.auto_remove",
    "docker.autoRemove",
    "docker.working_dir",
    "docker.workingDir",
    "docker.volumes",
    "docker.network",
    "docker.command",
    "docker.container",
    "log.message"
  })
  void programs_of_the_machine_do_what_executors_did() {
    both(
        """
        ssh: { user: ann, ip: 10.0.0.1, key: id }
        steps:
          - name: pick
            action: jq.filter
            with: { filter: .a, data: { a: 1 }, raw: true }
          - name: file
            action: jq.filter
            with: { filter: .a, input: in.json }
          - name: far
            action: ssh.run
            with: { host: far, port: 2222, strict_host_key: false, known_host_file: hosts, shell: bash, command: ls }
          - name: near
            executor: ssh
            command: ls
          - name: box
            executor:
              type: docker
              config:
                image: alpine
                container_name: box
                platform: linux/amd64
                pull: always
                auto_remove: true
                working_dir: /w
                volumes: ["/a:/b"]
                network: host
                command: ls /b
                container: { env: [A=1] }
          - name: say
            action: log.write
            with: { message: "hello $WHO" }
        """,
        dag -> {
          has(step(dag, "pick"), "jq -r \".a\"", "{\\\"a\\\":1}");
          has(step(dag, "file"), "\"in.json\"");
          has(
              step(dag, "far"),
              "ssh -p \"2222\"",
              "StrictHostKeyChecking=no",
              "ann@far",
              "bash -c");
          has(step(dag, "near"), "\"ann@10.0.0.1\" \"ls\"");
          has(
              step(dag, "box"),
              "docker run --rm --name \"box\"",
              "--volume \"/a:/b\"",
              "--env \"A=1\"",
              "\"alpine\" ls /b");
          has(step(dag, "say"), "hello $WHO");
        });
  }

  @Test
  @Shows({"ssh.password", "docker.host", "docker.exec"})
  void what_those_programs_cannot_do_is_refused() {
    told(
        """
        max_active_runs: 1
        steps:
          - name: far
            action: ssh.run
            with: { host: far, password: x, command: ls }
          - name: box
            action: docker.run
            with: { image: alpine, host: {}, exec: {}, command: ls }
        """,
        "key-refused 5",
        "key-refused 8",
        "key-refused 8");
  }

  @Test
  @Shows({
    "wait.duration",
    "wait.until",
    "wait.path",
    "wait.state",
    "wait.url",
    "wait.method",
    "wait.status",
    "wait.headers",
    "wait.body",
    "wait.poll_interval",
    "wait.pollInterval"
  })
  void steps_wait_for_a_time_a_file_or_an_answer() {
    both(
        """
        max_active_runs: 1
        steps:
          - { name: time, action: wait.duration, with: { duration: 30s } }
          - { name: day, action: wait.until, with: { until: "2030-01-01T00:00:00Z" } }
          - { name: file, action: wait.file, with: { path: go, state: missing, poll_interval: 2s } }
          - name: answer
            action: wait.http
            with: { url: http://localhost/, method: POST, status: 204, headers: { A: b }, body: x, poll_interval: 2s }
        """,
        dag -> {
          has(step(dag, "time"), "Sleep[", "30s");
          has(step(dag, "day"), "date -d");
          has(step(dag, "file"), "until test ! -e", "2s");
          has(step(dag, "answer"), "Loop[", "expect=[204]", "PT2S");
        });
  }

  @Test
  @Shows({"wait.request_timeout", "wait.requestTimeout"})
  void how_long_a_look_may_take_is_told() {
    told(
        """
        max_active_runs: 1
        steps:
          - { name: answer, action: wait.http, with: { url: http://localhost/, request_timeout: 3s } }
        """,
        "key-not-honoured 3");
  }

  @Test
  @Shows({
    "human.prompt",
    "human.form",
    "step.approval",
    "approval.prompt",
    "approval.input",
    "approval.required"
  })
  void people_are_asked() {
    both(
        """
        max_active_runs: 1
        steps:
          - name: ask
            action: human.task
            with: { prompt: Which?, form: { properties: { v: { type: string } } } }
          - name: work
            command: echo work
            approval: { prompt: "Fine?", input: [WHY], required: [WHY] }
          - name: after
            command: echo $WHY
            depends: work
        """,
        dag -> {
          has(step(dag, "ask"), "Approval[", "Which?", "properties");
          has(step(dag, "work"), "Fine?", "required=[WHY]");
          has(step(dag, "after").env(), "work.work approval");
        });
  }

  @Test
  @Shows({"approval.rewind_to", "approval.rewindTo"})
  void nobody_sends_a_step_back() {
    told(
        """
        max_active_runs: 1
        steps:
          - name: work
            command: echo work
            approval: { rewind_to: work }
        """,
        "key-not-honoured 5");
  }

  @Test
  @Shows({"step.value", "step.routes", "router.value", "router.routes"})
  void routes_are_conditions_of_their_targets() {
    both(
        """
        max_active_runs: 1
        steps:
          - { name: old, type: router, value: "${K}", routes: { a: [x] } }
          - { name: new, action: router.route, with: { value: b, routes: { "re:^b": [y] } } }
          - { name: x, command: echo x }
          - { name: y, command: echo y }
        """,
        dag -> {
          has(step(dag, "x").when(), "r == \"a\"");
          has(step(dag, "y").when(), "r.matches(\"^b\")");
          has(step(dag, "y").needs(), "step=new");
        });
  }
}
