package dev.fanfare.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.Imported;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphCompilerTest {

  private static Compiled compile(String yaml) {
    byte[] text = ("name: test\n" + yaml).getBytes(StandardCharsets.UTF_8);
    Imported read = Dialects.read(text, "test.yaml", Optional.of("fanfare"));
    return GraphCompiler.compile(
        read.workflow()
            .orElseThrow(() -> new AssertionError("cannot be read: " + read.diagnostics())),
        CompileInputs.NONE);
  }

  private static Graph graph(String yaml) {
    Compiled compiled = compile(yaml);
    return compiled.graph().orElseThrow(() -> new AssertionError(compiled.diagnostics()));
  }

  private static Diagnostic only(String yaml) {
    List<Diagnostic> found = compile(yaml).diagnostics();
    assertEquals(1, found.size(), found.toString());
    return found.getFirst();
  }

  private static void finds(String code, String at, String words, String yaml) {
    Diagnostic found = only(yaml);
    assertEquals(code, found.code());
    assertEquals(at, found.span().toString());
    assertTrue((found.message() + " " + found.hint()).contains(words), found.oneLine());
  }

  /** The edge into a step from another, as {@code origin [statuses]}. */
  private static String edge(Graph graph, String from, String to) {
    return graph.byId(to).orElseThrow().needs().stream()
        .filter(edge -> graph.node(edge.from()).id().equals(from))
        .map(edge -> edge.origin() + " " + edge.on().stream().map(StepStatus::id).sorted().toList())
        .findFirst()
        .orElse("none");
  }

  private static final String FINISHED =
      StepStatus.terminal().stream().map(StepStatus::id).sorted().toList().toString();

  @Test
  void a_need_of_no_step_is_refused_where_it_is_written_with_the_nearest_name() {
    finds(
        "missing-need",
        "4:15",
        "did you mean 'build'?",
        "steps:\n  build: { pass: {} }\n  t: { needs: biuld, pass: {} }\n");
  }

  @Test
  void a_need_of_a_step_elsewhere_says_where_the_need_belongs() {
    finds(
        "missing-need",
        "4:51",
        "put the need on the enclosing step",
        "steps:\n  a: { pass: {} }\n  g: { parallel: { steps: { b: { pass: {}, needs: a } } } }\n");
  }

  @Test
  void a_cycle_is_shown_as_a_walk_at_the_need_that_closes_it() {
    Diagnostic found =
        only(
            "steps:\n  a: { needs: c, pass: {} }\n  b: { needs: a, pass: {} }\n"
                + "  c: { needs: b, pass: {} }\n  d: { needs: c, pass: {} }\n");
    assertEquals("cycle", found.code());
    assertEquals("steps wait for each other in a circle: a → b → c → a", found.message());
    assertEquals("3:15", found.span().toString());
  }

  @Test
  void two_cycles_are_two_findings() {
    List<Diagnostic> found =
        compile(
                "steps:\n  a: { needs: b, pass: {} }\n  b: { needs: a, pass: {} }\n"
                    + "  c: { needs: d, pass: {} }\n  d: { needs: c, pass: {} }\n")
            .diagnostics();
    assertEquals(List.of("cycle", "cycle"), found.stream().map(Diagnostic::code).toList());
  }

  @Test
  void a_cycle_of_inferred_needs_is_found_too() {
    finds(
        "cycle",
        "3:3",
        "a → b → a",
        "steps:\n"
            + "  a: { pass: { output: \"${{ steps.b.output }}\" } }\n"
            + "  b: { needs: a, pass: {} }\n");
  }

  @Test
  void a_step_cannot_need_itself() {
    finds("self-need", "3:15", "needs itself", "steps:\n  a: { needs: a, pass: {} }\n");
  }

  @Test
  void branches_of_a_race_cannot_need_each_other() {
    finds(
        "need-in-race",
        "6:30",
        "as a sequence",
        "steps:\n"
            + "  r:\n"
            + "    race: { steps: {\n"
            + "      a: { pass: {} },\n"
            + "      b: { pass: {}, needs: [a] } } }\n");
  }

  @Test
  void reading_an_output_needs_its_success_and_reading_its_state_needs_its_end() {
    Graph graph =
        graph(
            "steps:\n"
                + "  a: { pass: {} }\n"
                + "  output: { pass: { output: \"${{ steps.a.output }}\" } }\n"
                + "  status: { pass: { output: \"${{ steps.a.status }}\" } }\n"
                + "  error: { pass: { output: \"${{ steps.a.error }}\" } }\n"
                + "  both: { when: \"${{ steps.a.status == 'x' }}\", pass: { output: \"${{"
                + " steps.a.output }}\" } }\n");
    assertEquals("INFERRED [succeeded]", edge(graph, "a", "output"));
    assertEquals("INFERRED " + FINISHED, edge(graph, "a", "status"));
    assertEquals("INFERRED " + FINISHED, edge(graph, "a", "error"));
    assertEquals("INFERRED [succeeded]", edge(graph, "a", "both"));
  }

  @Test
  void what_is_upstream_already_is_not_needed_again() {
    Graph graph =
        graph(
            "steps:\n"
                + "  a: { pass: {} }\n"
                + "  b: { needs: a, pass: {} }\n"
                + "  c: { needs: [{ step: b, on: [finished] }], pass: { output: \"${{"
                + " steps.a.output }}\" } }\n"
                + "  d: { needs: [{ step: a, on: [failed] }], pass: { output: \"${{ steps.a.output"
                + " }}\" } }\n");
    assertEquals("none", edge(graph, "a", "c"));
    assertEquals("WRITTEN [failed]", edge(graph, "a", "d"));
  }

  @Test
  void a_read_across_groups_is_a_need_of_the_siblings_around() {
    Graph graph =
        graph(
            "steps:\n"
                + "  g: { parallel: { steps: { a: { pass: {} } } } }\n"
                + "  h: { parallel: { steps: { b: { pass: { output: \"${{ steps['g.a'].output }}\""
                + " } } } } }\n");
    assertEquals("INFERRED [succeeded]", edge(graph, "g", "h"));
    assertEquals(List.of(), graph.byId("h.b").orElseThrow().needs());
  }

  @Test
  void written_order_is_an_edge_that_a_skip_meets_and_a_written_need_replaces() {
    Graph graph =
        graph(
            "order: sequence\nsteps:\n  a: { pass: {} }\n  b: { pass: {} }\n"
                + "  c: { needs: [{ step: b, on: [failed] }], pass: {} }\n");
    assertEquals("ORDER [skipped, succeeded]", edge(graph, "a", "b"));
    assertEquals("WRITTEN [failed]", edge(graph, "b", "c"));
  }

  @Test
  void a_read_of_no_step_suggests_one() {
    finds(
        "unknown-step",
        "4:29",
        "did you mean 'build'?",
        "steps:\n"
            + "  build: { pass: {} }\n"
            + "  b: { pass: { output: \"${{ steps.biuld.output }}\" } }\n");
    finds(
        "unknown-step",
        "5:11",
        "did you mean 'build'?",
        "steps:\n  build: { pass: {} }\noutputs:\n  x: \"${{ steps.biuld.output }}\"\n");
  }

  @Test
  void a_branch_of_a_race_cannot_read_another() {
    Diagnostic found =
        only(
            "steps:\n  r: { race: { steps: { a: { pass: {} },"
                + " b: { pass: { output: \"${{ steps.a.output }}\" } } } } }\n");
    assertEquals("not-upstream", found.code());
  }

  @Test
  void a_step_cannot_read_what_comes_later_in_its_sequence() {
    Diagnostic found =
        only(
            "steps:\n"
                + "  s: { sequence: { steps: { a: { pass: { output: \"${{ steps.b.output }}\" } },"
                + " b: { pass: {} } } } }\n");
    assertEquals("not-upstream", found.code());
  }

  @Test
  void what_is_inside_a_for_each_is_read_as_its_list() {
    Diagnostic found =
        only(
            "steps:\n  f: { forEach: [1, 2], sequence: { steps: { a: { pass: {} } } } }\n"
                + "  b: { pass: { output: \"${{ steps['f[*].a'].output }}\" } }\n");
    assertEquals("not-upstream", found.code());
    assertTrue(found.hint().contains("a list in item order"));
  }

  @Test
  void a_step_cannot_read_itself_or_what_is_around_it() {
    String read = "pass: { output: \"${{ steps.g.output }}\" }";
    assertEquals("read-of-itself", only("steps:\n  g: { " + read + " }\n").code());
    String inside = "steps:\n  g: { sequence: { steps: { a: { " + read + " } } } }\n";
    assertEquals("read-of-itself", only(inside).code());
  }

  @Test
  void a_matrix_is_expanded_by_name() {
    Graph graph = graph("steps:\n  m: { matrix: { os: [linux, mac], jdk: [21, 25] }, pass: {} }\n");
    assertEquals(
        List.of("m", "m[linux,21]", "m[linux,25]", "m[mac,21]", "m[mac,25]"),
        graph.nodes().stream().map(Node::id).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ os: \"${{ 'linux' }}\" }",
        "{ os: \"${{ env.X }}\" }",
        "{ os: [linux], exclude: [{ os: linux }] }",
        "{ a: [1, 2], b: \"${{ [1, 2, 3] + [4, 5].map(x, event.nothing.there) }}\" }"
      })
  void a_matrix_that_cannot_be_expanded_is_refused(String matrix) {
    Set<String> codes =
        compile("steps:\n  m: { matrix: " + matrix + ", pass: {} }\n").diagnostics().stream()
            .map(Diagnostic::code)
            .collect(Collectors.toSet());
    assertEquals(Set.of("matrix"), codes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "steps: { a: { timeout: { heartbeat: 5s }, pass: {} } }",
        "steps: { a: { timeout: { heartbeat: 5s }, sleep: 1s } }",
        "steps: { a: { timeout: { heartbeat: 5s }, sequence: { steps: { b: { pass: {} } } } } }",
        "steps: { a: { reads: [x], run: echo } }",
        "workspace: layered|steps: { a: { reads: [x], sequence: { steps: { b: { run: echo } } } }"
            + " }",
        "workspace: layered|steps: { a: { writes: [x], pass: {} } }",
        "steps: { a: { writes: [x], run: echo } }"
      })
  void what_means_nothing_to_a_step_is_a_warning(String yaml) {
    Compiled compiled = compile(yaml.replace('|', '\n') + "\n");
    assertTrue(compiled.graph().isPresent());
    assertEquals(
        List.of("no-effect"), compiled.diagnostics().stream().map(Diagnostic::code).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"run: echo", "call: b", "http: { url: 'http://127.0.0.1/' }"})
  void a_heartbeat_is_for_work_that_can_give_signs_of_life(String work) {
    Compiled compiled = compile("steps: { a: { timeout: { heartbeat: 5s }, " + work + " } }\n");
    assertEquals(List.of(), compiled.diagnostics());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "webhook: { path: a, secret: S }|",
        "webhook: a|open-webhook",
        "webhook: { path: a, secret: S, when: event.x == params.p }|unknown-name",
        "webhook: { path: a, secret: S, when: run.branch == 'main' }|",
        "event: { name: e, when: event. }|expression-syntax",
        "event: { name: e, params: { p: '${{ event.x }}' } }|",
        "event: { name: e, params: { q: 1 } }|unknown-param",
        "event: { name: e, params: { p: '${{ steps.a.output }}' } }|unknown-name",
        "interval: { every: 1h, params: { p: 1 } }|",
        "schedule: { cron: '* * * * *', params: { pp: 1 } }|unknown-param"
      })
  void what_a_trigger_reads_and_sets_is_checked(String trigger, String code) {
    Compiled compiled =
        compile("params: { p: 1 }\ntriggers: [{ " + trigger + " }]\nsteps: { a: { pass: {} } }\n");
    assertEquals(
        code == null ? List.of() : List.of(code),
        compiled.diagnostics().stream().map(Diagnostic::code).toList(),
        compiled.diagnostics().toString());
  }

  @Test
  void a_trigger_that_does_not_set_what_is_required_is_said_to_start_nothing() {
    Compiled compiled =
        compile(
            """
            params: { p: { type: string, required: true } }
            triggers: [{ interval: 1h }, { interval: { every: 2h, params: { p: x } } }]
            steps: { a: { pass: {} } }
            """);
    assertTrue(compiled.graph().isPresent(), "the file runs all the same");
    assertEquals(
        List.of("trigger-without-param"),
        compiled.diagnostics().stream().map(Diagnostic::code).toList());
  }

  @Test
  void two_steps_of_one_name_are_refused() {
    dev.fanfare.definition.Workflow one =
        Dialects.read(
                "name: t\nsteps: { a: { pass: {} } }".getBytes(StandardCharsets.UTF_8),
                "t.yaml",
                Optional.of("fanfare"))
            .workflow()
            .orElseThrow();
    Compiled compiled = GraphCompiler.compile(twice(one), CompileInputs.NONE);
    assertEquals("duplicate-step", compiled.diagnostics().getFirst().code());
  }

  private static dev.fanfare.definition.Workflow twice(dev.fanfare.definition.Workflow one) {
    List<dev.fanfare.definition.Step> steps =
        Stream.concat(one.steps().stream(), one.steps().stream()).toList();
    return withSteps(one, steps);
  }

  private static dev.fanfare.definition.Workflow withSteps(
      dev.fanfare.definition.Workflow one, List<dev.fanfare.definition.Step> steps) {
    return dev.fanfare.definition.WorkflowDraft.of(one).steps(steps).workflow();
  }

  @Test
  void a_graph_that_is_too_large_is_refused_once() {
    dev.fanfare.definition.Workflow one =
        Dialects.read(
                ("name: t\nsteps: { a: { matrix: { x: "
                        + java.util.stream.IntStream.range(0, 1_000).boxed().toList()
                        + " }, parallel: { steps: { "
                        + java.util.stream.IntStream.range(0, 300)
                            .mapToObj(i -> "s" + i + ": { pass: {} }")
                            .collect(Collectors.joining(", "))
                        + " } } } }")
                    .getBytes(StandardCharsets.UTF_8),
                "t.yaml",
                Optional.of("fanfare"))
            .workflow()
            .orElseThrow();
    List<Diagnostic> found = GraphCompiler.compile(one, CompileInputs.NONE).diagnostics();
    assertEquals(List.of("graph-too-large"), found.stream().map(Diagnostic::code).toList());
  }

  @Test
  void every_code_is_in_the_documentation() throws IOException {
    String page = Files.readString(Path.of("docs/diagnostics.md"));
    for (String code :
        List.of(
            "cycle",
            "duplicate-need",
            "duplicate-step",
            "graph-too-large",
            "image-ignored",
            "matrix",
            "missing-need",
            "need-in-race",
            "no-effect",
            "not-upstream",
            "open-webhook",
            "read-of-itself",
            "self-need",
            "trigger-param",
            "trigger-without-param",
            "triggers-ignored",
            "unknown-step")) {
      assertTrue(page.contains("| `" + code + "` |"), code + " is not documented");
    }
  }
}
