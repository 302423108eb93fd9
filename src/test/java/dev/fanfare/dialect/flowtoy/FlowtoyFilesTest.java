package dev.fanfare.dialect.flowtoy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialects.Shows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the keys of a file, and what is said of a bad one. */
class FlowtoyFilesTest {

  private static final String API =
      """
      sources:
        api: { type: rest, configuration: { url: "https://x.example/a", headers: { A: "1" } } }
      flow:
      """;

  private static Work.Http http(String steps, String name) {
    return (Work.Http) Flows.step(Flows.good(API + steps), name).body();
  }

  private static Work.Run run(String file) {
    return (Work.Run) Flows.good(file).steps().getFirst().body();
  }

  private static String needs(Step step) {
    return step.needs().stream()
        .map(need -> need.step() + (need.on().contains(StepStatus.FAILED) ? "*" : ""))
        .sorted()
        .toList()
        .toString();
  }

  @Test
  void a_file_with_a_flow_is_one_of_flowtoy() {
    byte[] file = (API + "  - { name: a, source: api }\n").getBytes(UTF_8);
    assertEquals("flowtoy", Dialects.read(file, "x.yaml", Optional.empty()).dialect());
    Workflow workflow =
        Dialects.read(file, "1 my flow!.yaml", Optional.empty()).workflow().orElseThrow();
    assertEquals("1-my-flow-", workflow.name());
    assertEquals(Workflow.OnRunFailure.HALT, workflow.onFailure());
    assertEquals(4L, ((Template.Literal) workflow.maxParallel().orElseThrow()).value());
  }

  @Test
  @Shows(
      value = {
        "source.configuration",
        "step source.type",
        "step source.configuration",
        "step source.base",
        "step source.override",
        "override.type",
        "override.configuration",
        "step.input"
      },
      dialect = "flowtoy")
  void a_source_is_named_written_in_the_step_or_changed_for_it() {
    String steps =
        """
          - { name: named, source: api }
          - { name: inline, source: { type: rest, configuration: { url: "https://y.example" } } }
          - name: changed
            source: { base: api, override: { configuration: { url: "https://z.example" } } }
          - { name: kept, source: { base: api, override: { type: rest } } }
          - name: mine
            source: api
            input: { url: "https://w.example", method: put, headers: { a: "2", B: "3" } }
        """;
    assertEquals("https://x.example/a", text(http(steps, "named").url()));
    assertEquals("https://y.example", text(http(steps, "inline").url()));
    assertEquals("https://z.example", text(http(steps, "changed").url()));
    assertEquals(0, http(steps, "changed").headers().size(), "an override is shallow");
    assertEquals("https://x.example/a", text(http(steps, "kept").url()));
    Work.Http mine = http(steps, "mine");
    assertEquals("https://w.example PUT", text(mine.url()) + " " + mine.method());
    assertEquals("2", text(mine.headers().values().iterator().next()));
    assertEquals(2, mine.headers().size());
  }

  private static String text(Template template) {
    return String.valueOf(((Template.Literal) template).value());
  }

  @Test
  @Shows(
      value = {"input.template", "root.runner"},
      dialect = "flowtoy")
  void an_input_goes_where_the_source_or_its_own_type_says() {
    String steps =
        """
          - { name: query, source: api, input: { type: parameter, value: 5 } }
          - { name: body, source: api, input: { type: body, template: '{"a": 1}' } }
          - { name: lost, source: api, input: hello }
        runner: { on_error: skip, max_workers: 9 }
        """;
    assertEquals(Map.of("id", "5"), Map.of("id", text(http(steps, "query").query().get("id"))));
    assertEquals("{\"a\": 1}", text(http(steps, "body").body().orElseThrow()));
    assertEquals("application/json", text(http(steps, "body").headers().get("Content-Type")));
    Diagnostic lost = Flows.only(API + steps);
    assertEquals("6:39 input-unused", lost.span() + " " + lost.code());
    Workflow workflow = Flows.good(API + steps);
    assertEquals(9L, ((Template.Literal) workflow.maxParallel().orElseThrow()).value());
  }

  @Test
  void values_reach_a_process_as_variables_and_never_as_a_part_of_its_script() {
    String file =
        """
        flow:
          - name: a
            source: { type: process, configuration: { command: [x, "it's", "{{ flows.b.o }}"] } }
            input: "{{ flows.b.o }}"
          - name: b
            source: { type: process, configuration: { command: y, timeout: 1.5 } }
            output: [{ name: o, type: json }]
        """;
    Step a = Flows.good(file).steps().getFirst();
    assertEquals(
        "cd \"${FANFARE_SOURCE:-$FANFARE_WORKSPACE}\"\n'x' 'it'\\''s' \"$FLOW_ARG_2\""
            + " \"$FLOW_INPUT\"",
        run(file).commands().getFirst());
    assertEquals(List.of("FLOW_ARG_2", "FLOW_INPUT"), List.copyOf(a.env().keySet()));
    assertEquals(
        Optional.of(Duration.ofMillis(1500)),
        Flows.step(Flows.good(file), "b").timeouts().attempt());
  }

  @Test
  void flows_8_to_11_templates_anywhere_make_edges_and_one_edge_is_made_once() {
    String steps =
        """
          - { name: one, source: api, output: [{ name: t, type: json }] }
          - { name: two, source: api, on_error: continue, output: [{ name: t, type: json }] }
          - name: header
            source: api
            input: { headers: { A: "{{ flows.one.t }}" } }
          - name: both
            source: api
            depends_on: [one]
            input: { url: "https://x.example/{{ flows.one.t }}/{{ flows['two'].t }}" }
          - name: conf
            source: { type: rest, configuration: { url: "{{ flows.two.t }}" } }
        """;
    Workflow workflow = Flows.good(API + steps);
    assertEquals("[one]", needs(Flows.step(workflow, "header")));
    assertEquals("[one, two*]", needs(Flows.step(workflow, "both")));
    assertEquals("[two*]", needs(Flows.step(workflow, "conf")));
  }

  @Test
  void names_that_are_no_names_here_are_made_some_and_shown_as_written() {
    String steps =
        """
          - { name: "get/user", source: api, output: [{ name: o, type: json }] }
          - { name: "get.user", source: api, input: { url: "{{ flows['get/user'].o }}" } }
        """;
    Workflow workflow = Flows.good(API + steps);
    assertEquals("get-user", workflow.steps().get(0).name());
    assertEquals("get-user-2", workflow.steps().get(1).name());
    assertEquals("get.user", workflow.steps().get(1).title());
    assertEquals("[get-user]", needs(workflow.steps().get(1)));
  }

  @Test
  @Shows(
      value = {
        "process.template_strict",
        "process.log_full_command",
        "process.redact_args",
        "process.redact_patterns",
        "root.*"
      },
      dialect = "flowtoy")
  void what_has_no_use_here_is_said() {
    String file =
        """
        version: 1
        flow:
          - name: a
            source:
              type: process
              configuration:
                command: x
                template_strict: false
                log_full_command: true
                redact_args: [1]
                redact_patterns: [x]
        """;
    assertEquals(
        List.of(
            "1:1 WARNING key-not-honoured",
            "8:9 WARNING key-not-honoured",
            "9:9 INFO key-without-effect",
            "10:9 INFO key-without-effect",
            "11:9 INFO key-without-effect"),
        Flows.read(file).diagnostics().stream()
            .map(d -> d.span() + " " + d.severity() + " " + d.code())
            .toList());
  }

  /** A {@code ~} ends a line; what stands before it is put behind a source {@code api} of REST. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          - { name: a, source: api, depends_on: [b] }~- { name: b, source: api, depends_on: [a] } => 5:42 dependency-cycle
          - { name: a, source: api, depends_on: [a] } => 4:42 dependency-cycle
          - { name: a, source: api, depends_on: [zz] } => 4:42 unknown-step
          - { name: a, source: api }~- { name: a, source: api } => 5:7 duplicate-step
          - { source: api } => 4:5 missing-key
          - { name: a } => 4:5 missing-key
          - { name: a, source: apis } => 4:24 unknown-source
          - { name: a, source: rest } => 4:7 missing-key
          - { name: a, source: process } => 4:7 missing-key
          - { name: a, source: { base: nope } } => 4:32 unknown-source
          - { name: a, source: { configuration: {} } } => 4:24 missing-key
          - { name: a, source: [x] } => 4:24 wrong-type
          - { name: a, source: api, on_error: stop } => 4:39 bad-value
          - { name: a, source: api, dependson: [x] } => 4:29 unknown-key
          - { name: a, source: api, input: { url: "ftp://x" } } => 4:43 bad-value
          - { name: a, source: api, input: { url: "http://x.y", heders: {} } } => 4:57 unknown-key
          - { name: a, source: api, input: { headers: { "a b": c } } } => 4:49 bad-name
          - { name: a, source: api, input: { method: "{{ x }}" } } => 4:46 bad-value
          - { name: a, source: api, output: { name: x } } => 4:37 wrong-type
          - { name: a, source: api, output: [{ type: json }] } => 4:38 missing-key
          - { name: a, source: api, output: [{ name: x, type: jmespath }] } => 4:38 missing-key
          - { name: a, source: api, output: [{ name: x }, { name: x }] } => 4:53 duplicate-output
          - { name: a, source: { type: process, configuration: { command: [] } } } => 4:67 bad-value
          - { name: a, source: { type: process, configuration: { command: x, timeout: 0 } } } => 4:70 bad-value
          - { name: a, source: { type: process, configuration: { command: x, pass_to: env } } } => 4:70 bad-value
          - { name: a, source: { type: process, configuration: { command: x, shell: sh } } } => 4:70 unknown-key
          - { name: a, source: { type: env, configuration: { vars: ["a b"] } } } => 4:61 bad-name
          - [x] => 4:5 wrong-type
          """)
  void a_bad_file_is_refused_at_its_place(String steps, String finding) {
    assertEquals(finding, Flows.refused(API + "  " + steps.replace("~", "\n  ") + "\n"));
  }

  @Test
  void flow_7_a_cycle_names_all_of_it_and_says_it_once() {
    Diagnostic found =
        Flows.only(
            API
                + """
                  - { name: c, source: api, depends_on: [b] }
                  - { name: a, source: api, depends_on: [c, d] }
                  - { name: b, source: api, depends_on: [a] }
                  - { name: d, source: api }
                  - { name: e, source: api, depends_on: [a] }
                """);
    assertEquals("these steps wait for each other: c -> b -> a -> c", found.message());
    assertEquals("5:42", found.span().toString());
  }

  @Test
  void a_file_without_steps_or_without_a_mapping_is_refused() {
    assertEquals("1:1 missing-key", Flows.refused("flow: []\n"));
    assertEquals("1:1 wrong-type", Flows.refused("just text\n"));
    assertEquals("1:7 wrong-type", first("flow: x\n"));
    assertEquals(
        "2:3 missing-key",
        Flows.refused(
            "sources:\n  a:\nflow: [{ name: a, source: process, input: { command: x } }]\n"));
  }

  private static String first(String file) {
    Diagnostic found = Flows.read(file).diagnostics().getLast();
    return found.span() + " " + found.code();
  }

  @Test
  void the_value_of_a_variable_is_handed_on_and_nothing_else() {
    String file =
        """
        sources:
          e: { type: env, configuration: { vars: [TOKEN] } }
        flow:
          - name: a
            source: process
            input: { command: [x, "{{ sources.e.%s }}"] }
        """;
    assertEquals(List.of("TOKEN"), Flows.good(file.formatted("TOKEN")).secrets());
    assertEquals(List.of("TOKEN"), Flows.good(file.formatted("TOKEN | default('x')")).secrets());
    assertTrue(Flows.refused(file.formatted("TOKEN | upper")).endsWith("template-secret"));
    assertTrue(Flows.refused(file.formatted("TOKEN.x")).endsWith("template-secret"));
    assertTrue(Flows.refused(file.formatted("OTHER")).endsWith("unknown-variable"));
  }
}
