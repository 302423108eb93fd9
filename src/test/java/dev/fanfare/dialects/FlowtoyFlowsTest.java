package dev.fanfare.dialects;

import static dev.fanfare.dialects.FlowtoyStage.before;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.testing.TestEngine.Outcome;
import dev.fanfare.work.call.JavaStep;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The flows with which flowtoy itself was tried, by their numbers, and what they do here. Where
 * flowtoy's code and its pages say different things, they do what the pages say.
 */
class FlowtoyFlowsTest {

  @TempDir private Path folder;

  /** A step that runs {@code job NAME}; {@code more} are lines of it. */
  private static String step(String name, String... more) {
    String lines =
        Arrays.stream(more).map(line -> "    " + line + "\n").collect(Collectors.joining());
    boolean hasCommand = lines.contains("command:");
    return "  - name: %s\n    source: process\n".formatted(name)
        + (hasCommand ? "" : "    input: { command: [job, " + name + "] }\n")
        + "    output: [{ name: it, type: json }]\n"
        + lines;
  }

  private static String flow(String... steps) {
    return "flow:\n" + String.join("", steps);
  }

  private static String statuses(Outcome run, String... steps) {
    return Arrays.stream(steps).map(run::status).collect(Collectors.joining(" "));
  }

  @Test
  void flow_1_a_failure_that_nobody_needs_stops_nothing() throws Exception {
    try (FlowtoyStage stage = new FlowtoyStage(folder).failing("a")) {
      Outcome run = stage.run(flow(step("a"), step("b"), step("c", "depends_on: [b]")));
      assertEquals("failed succeeded succeeded", statuses(run, "a", "b", "c"));
      assertEquals("failed", run.status());
    }
  }

  @Test
  @Shows("step.on_error")
  void flow_2_a_failure_that_is_needed_lets_finish_what_runs_and_starts_nothing_more()
      throws Exception {
    try (FlowtoyStage stage = new FlowtoyStage(folder).failing("a")) {
      String file =
          flow(
              step("a", "input: { command: [job, a, b] }"),
              step("d", "depends_on: [a]"),
              step("b", "input: { command: [job, b, go] }"),
              step("c", "depends_on: [b]"));
      UUID id = stage.engine().startIn(stage.project(), file, Map.of());
      stage.until(id, "a", "failed");
      stage.release("go");
      Outcome run = stage.engine().await(id);
      assertEquals("failed not_run succeeded not_run", statuses(run, "a", "d", "b", "c"));
      assertEquals(Map.of("it", Map.of("ran", "b")), run.output("b"));
      assertEquals(new TreeSet<>(List.of("a", "b")), new TreeSet<>(stage.ran()));
      assertEquals("failed", run.status());
    }
  }

  @Test
  void flow_3_a_failing_step_that_says_continue_lets_others_run() throws Exception {
    try (FlowtoyStage stage = new FlowtoyStage(folder).failing("a")) {
      Outcome run = stage.run(flow(step("a", "on_error: continue"), step("d", "depends_on: [a]")));
      assertEquals("failed succeeded", statuses(run, "a", "d"));
      assertEquals("partially_succeeded", run.status());
    }
  }

  @Test
  void flow_4_where_only_the_step_that_needs_it_says_continue_that_counts() throws Exception {
    try (FlowtoyStage stage = new FlowtoyStage(folder).failing("a")) {
      Outcome run =
          stage.run(
              flow(
                  step("a"),
                  step("d", "depends_on: [a]", "on_error: continue"),
                  step("e", "depends_on: [d]")));
      assertEquals("failed succeeded succeeded", statuses(run, "a", "d", "e"));
      assertEquals("partially_succeeded", run.status());
    }
  }

  @Test
  @Shows("runner.on_error")
  void flow_5_skip_skips_what_needs_the_failed_step_and_what_needs_that() throws Exception {
    try (FlowtoyStage stage = new FlowtoyStage(folder).failing("a")) {
      Outcome run =
          stage.run(
              "runner: { on_error: skip }\n"
                  + flow(
                      step("a"),
                      step("d", "depends_on: [a]"),
                      step("e", "depends_on: [d]"),
                      step("b"),
                      step("c", "depends_on: [b]")));
      assertEquals(
          "failed skipped skipped succeeded succeeded", statuses(run, "a", "d", "e", "b", "c"));
      assertEquals("partially_succeeded", run.status());
    }
  }

  @Test
  void flow_6_continue_for_all_lets_everything_run() throws Exception {
    try (FlowtoyStage stage = new FlowtoyStage(folder).failing("a")) {
      Outcome run =
          stage.run(
              "runner: { on_error: continue }\n"
                  + flow(step("a"), step("d", "depends_on: [a]"), step("e", "depends_on: [d]")));
      assertEquals("failed succeeded succeeded", statuses(run, "a", "d", "e"));
      assertEquals("partially_succeeded", run.status());
    }
  }

  @Test
  void a_step_that_says_fail_halts_the_run_though_the_runner_says_continue() throws Exception {
    try (FlowtoyStage stage = new FlowtoyStage(folder).failing("a")) {
      Outcome run =
          stage.run(
              "runner: { on_error: continue }\n"
                  + flow(step("a", "on_error: fail"), step("d", "depends_on: [a]")));
      assertEquals("failed not_run", statuses(run, "a", "d"));
      assertEquals("failed", run.status());
    }
  }

  @Test
  @Shows({"rest.url", "rest.method", "rest.headers", "rest.input_mode", "rest.param_name"})
  void flows_8_to_11_every_template_makes_a_dependency() {
    try (FlowtoyStage stage = new FlowtoyStage(folder)) {
      stage
          .answers("/auth", "{\"token\": \"t1\", \"id\": 7}")
          .answers("/a", "1")
          .answers("/b", "2");
      stage.answers("/c", "3").answers("/d", "{\"saved\": true}");
      Outcome run =
          stage.run(
              """
              sources:
                auth: { type: rest, configuration: { url: "https://api.example.com/auth" } }
                b:
                  type: rest
                  configuration:
                    url: https://api.example.com/b
                    input_mode: parameter
                    param_name: user
                c:
                  type: rest
                  configuration:
                    url: https://api.example.com/c
                    headers: { Authorization: "Token {{ flows.auth.token }}" }
                d:
                  type: rest
                  configuration: { url: "https://api.example.com/d", method: PUT, input_mode: body }
              flow:
                - name: auth
                  source: auth
                  output:
                    - { name: token, type: jmespath, value: token }
                    - { name: id, type: jmespath, value: id }
                    - { name: nothing, type: jmespath, value: a.b.c }
                - name: a
                  source: { type: rest, configuration: { url: "https://api.example.com/a" } }
                  input: { headers: { Authorization: "Bearer {{ flows.auth.token }}" } }
                - name: b
                  source: b
                  input: { type: parameter, value: "{{ flows.auth.id }}" }
                - { name: c, source: c }
                - name: d
                  source: d
                  input: { user: "{{ flows.auth.id }}", tags: [x, "{{ flows.auth.token | upper }}"] }
                  output: [{ name: saved, type: jmespath, value: saved }]
              """);
      assertEquals("succeeded", run.status());
      for (String step : List.of("a", "b", "c", "d")) {
        assertTrue(before(run, "auth", step), step);
      }
      java.util.HashMap<String, Object> auth = new java.util.HashMap<>();
      auth.put("token", "t1");
      auth.put("id", 7L);
      auth.put("nothing", null);
      assertEquals(auth, run.output("auth"));
      assertEquals(Map.of("saved", true), run.outputs().get("d"));
      assertEquals(
          new TreeSet<>(
              List.of(
                  "GET /a Bearer t1 ",
                  "GET /auth null ",
                  "GET /b?user=7 null ",
                  "GET /c Token t1 ",
                  "PUT /d null {\"user\":\"7\",\"tags\":[\"x\",\"T1\"]}")),
          stage.seen().stream()
              .map(s -> s.method() + " " + s.path() + " " + s.authorization() + " " + s.body())
              .collect(Collectors.toCollection(TreeSet::new)));
    }
  }

  @Test
  void flow_15_a_dependency_written_as_a_text_counts() throws Exception {
    try (FlowtoyStage stage = new FlowtoyStage(folder)) {
      Outcome run = stage.run(flow(step("b", "depends_on: a"), step("a")));
      assertEquals("succeeded", run.status());
      assertEquals(List.of("a", "b"), stage.ran());
    }
  }

  @Test
  @Shows({
    "input.type",
    "process.command",
    "process.pass_to",
    "process.timeout",
    "input.stdin",
    "input.value"
  })
  void a_process_gets_its_input_as_argument_standard_input_or_in_templates() {
    try (FlowtoyStage stage = new FlowtoyStage(folder)) {
      Outcome run =
          stage.run(
              """
              sources:
                p: { type: process, configuration: { command: [printf, "[%s]"] } }
              flow:
                - name: first
                  source: { type: process, configuration: { command: "echo '{\\"a\\": [1, 2]}'" } }
                  output: [{ name: all, type: json }, { name: two, type: jmespath, value: "a[1]" }]
                - { name: arg, source: p, input: "it's {{ flows.first.two }} $HOME `x`", output: &out [{ name: it, type: json }] }
                - name: stdin
                  source: { type: process, configuration: { command: [cat], pass_to: stdin } }
                  input: { type: value, value: { list: "{{ flows.first.all.a | join('+') }}" } }
                  output: *out
                - name: template
                  source:
                    type: process
                    configuration:
                      command: [printf, "%s/%s/%s", "{{ json.k.x }}", "{{ jmespath('k.x') }}", "{{ raw | length }}"]
                      pass_to: template
                      timeout: 30
                  input: '{"k": {"x": "{{ flows.first.two }}"}}'
                  output: *out
                - name: shell
                  source: process
                  input: { command: "printf '%s|%s' 'a {{ flows.first.two }} b' {{ flows.first.two }}c | tr a-z A-Z" }
                  output: *out
                - { name: given, source: process, input: { command: [cat], stdin: "in {{ flows.first.two }}" }, output: *out }
                - name: late
                  source: { type: process, configuration: { command: [sleep, "60"], timeout: 0.2 } }
              """);
      assertEquals(Map.of("it", "[it's 2 $HOME `x`]"), run.output("arg"));
      assertEquals(Map.of("it", Map.of("list", "1+2")), run.output("stdin"));
      assertEquals(Map.of("it", "2/2/17"), run.output("template"));
      assertEquals(Map.of("it", "A 2 B|2C"), run.output("shell"));
      assertEquals(Map.of("it", "in 2"), run.output("given"));
      assertEquals("timed_out", run.status("late"));
    }
  }

  @Test
  @Shows("env.vars")
  void variables_of_the_environment_are_secrets() {
    Map<String, String> secrets =
        Map.of("API_TOKEN", "tok-12345", "BASE", "https://api.example.com");
    try (FlowtoyStage stage = new FlowtoyStage(folder, secrets)) {
      stage.answers("/v1/x", "{\"seen\": \"tok-12345\"}");
      Outcome run =
          stage.run(
              """
              sources:
                e: { type: env, configuration: { vars: [API_TOKEN, BASE] } }
                api:
                  type: rest
                  configuration:
                    url: "{{ sources.e.BASE + '/v1' }}/x"
                    headers: { Authorization: "Bearer {{ sources.e.API_TOKEN }}" }
              flow:
                - name: load
                  source: e
                  output:
                    - { name: all, type: json }
                    - { name: has, type: jmespath, value: "API_TOKEN != null" }
                - { name: call, source: api, output: [{ name: it, type: json }] }
                - name: print
                  source: process
                  input: { command: [printf, "%s", "{{ flows.load.all.API_TOKEN }}-{{ flows.load.has }}"] }
                  output: [{ name: it, type: json }]
              """);
      assertEquals("succeeded", run.status());
      assertEquals("Bearer tok-12345", stage.seen().getFirst().authorization());
      assertEquals(Map.of("it", Map.of("seen", "***")), run.output("call"));
      assertEquals(
          Map.of("all", Map.of("API_TOKEN", "***", "BASE", "***"), "has", true),
          run.output("load"));
      assertEquals(Map.of("it", "***-True"), run.output("print"));
    }
  }

  @Test
  @Shows("plugin.*")
  void a_source_of_a_plugin_calls_the_java_step_of_its_type() {
    try (FlowtoyStage stage = new FlowtoyStage(folder)) {
      JavaStep ldap = (context, with) -> Map.of("asked", with, "entries", List.of("ann"));
      stage.engine().bean("ldap", ldap);
      Outcome run =
          stage.run(
              """
              sources:
                people: { type: ldap, configuration: { host: "ldap.local", port: 389 } }
              flow:
                - name: find
                  source: people
                  input: "(uid=ann)"
                  output:
                    - { name: all, type: jmespath, value: "length(entries)" }
                    - { name: asked, type: jmespath, value: asked }
              """);
      assertEquals("succeeded", run.status());
      Object asked =
          Map.of("configuration", Map.of("host", "ldap.local", "port", 389L), "input", "(uid=ann)");
      assertEquals(Map.of("all", 1L, "asked", asked), run.output("find"));
    }
  }
}
