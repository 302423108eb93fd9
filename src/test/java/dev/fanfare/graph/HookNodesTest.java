package dev.fanfare.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Hooks.Moment;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.Imported;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Hooks in the graph. */
class HookNodesTest {

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

  private static void finds(String code, String words, String yaml) {
    List<Diagnostic> found = compile(yaml).diagnostics();
    assertEquals(1, found.size(), found.toString());
    assertEquals(code, found.getFirst().code());
    assertTrue(found.getFirst().oneLine().contains(words), found.getFirst().oneLine());
  }

  private static String pass(String expression) {
    return "{ pass: { output: \"${{ " + expression + " }}\" } }";
  }

  @Test
  void hooks_are_nodes_of_their_own_beside_what_is_inside_their_step() {
    Graph graph =
        graph(
            "hooks: { before: { run: a }, always: { run: b } }\n"
                + "steps:\n"
                + "  g:\n"
                + "    sequence: { steps: { x: { run: c, hooks: { onFailure: [{ run: d }, { run: e"
                + " }] } } } }\n"
                + "    hooks: { onCancel: { run: f } }\n");
    assertEquals(List.of(Moment.BEFORE, Moment.ALWAYS), List.copyOf(graph.hooks().keySet()));
    Node group = graph.byId("g").orElseThrow();
    assertEquals(1, group.children().size());
    Node hook = graph.byId("g:onCancel").orElseThrow();
    assertEquals(Optional.of(Moment.ON_CANCEL), hook.moment());
    assertEquals(group.index(), hook.parent());
    assertEquals("g:onCancel", Graph.pathOf(hook, "g"));
    assertEquals(2, graph.byId("g.x:onFailure").orElseThrow().children().size());
    assertTrue(graph.byId("g.x:onFailure.2").isPresent());
    assertTrue(graph.byId(":before").orElseThrow().isTop());
    assertEquals(1, graph.top().size());
  }

  @Test
  void hooks_belong_to_each_instance_of_a_fan() {
    Graph graph =
        graph(
            "steps:\n  u: { forEach: [1], run: w, hooks: { always: { run: x, env: { I: \"${{ item"
                + " }}\" } } } }\n  m: { matrix: { os: [a, b] }, run: w, hooks: { before: { run: x,"
                + " env: { I: \"${{ matrix.os }}\" } } } }\n");
    assertTrue(graph.byId("u").orElseThrow().hooks().isEmpty());
    Node hook = graph.byId("u[*]:always").orElseThrow();
    assertEquals("u[7]:always", Graph.pathOf(hook, "u[7]"));
    assertTrue(graph.byId("m[a]:before").isPresent());
    assertTrue(graph.byId("m[b]:before").isPresent());
  }

  @Test
  void a_hook_after_its_step_reads_its_end_without_needing_it() {
    Graph graph =
        graph(
            "steps:\n  a: { run: w, hooks: { onFailure: "
                + pass("steps.a.error.message + error.code + status")
                + " } }\n  g: { sequence: { steps: { x: { run: w } } }, hooks: { always: "
                + pass("steps.x.output + steps.g.status")
                + " } }\n");
    graph.nodes().forEach(node -> assertEquals(List.of(), node.needs(), node.id()));
  }

  @Test
  void a_hook_that_reads_another_step_makes_its_own_step_need_that() {
    Graph graph =
        graph(
            "steps:\n  a: { run: w }\n  b: { run: w, hooks: { always: "
                + pass("steps.a.output")
                + " } }\n");
    assertEquals("a", graph.node(graph.byId("b").orElseThrow().needs().getFirst().from()).id());
    finds(
        "cycle",
        "a → b → a",
        "steps:\n  a: { run: w, hooks: { always: "
            + pass("steps.b.output")
            + " } }\n  b: { needs: a, run: w }\n");
  }

  @Test
  void a_hook_before_its_step_cannot_read_it() {
    finds(
        "read-of-itself",
        "'a:before' reads 'a'",
        "steps:\n  a: { run: w, hooks: { before: " + pass("steps.a.status") + " } }\n");
    finds(
        "not-upstream",
        "'g:before' reads 'g.x'",
        "steps:\n  g: { sequence: { steps: { x: { run: w } } }, hooks: { before: "
            + pass("steps.x.output")
            + " } }\n");
    finds(
        "unknown-name",
        "status",
        "steps:\n  a: { run: w, hooks: { before: " + pass("status") + " } }\n");
  }

  @Test
  void what_comes_after_a_hook_before_reads_it_and_nothing_reads_a_later_hook_but_always() {
    graph(
        "steps:\n  a: { pass: { output: \"${{ steps['a:before'].output }}\" }, hooks: { before: "
            + pass("1")
            + ", onSuccess: "
            + pass("steps['a:before'].output")
            + ", always: "
            + pass("steps['a:onSuccess'].output")
            + " } }\n  u: { forEach: [1], pass: { output: \"${{ steps['u:before'].output }}\" },"
            + " hooks: { before: "
            + pass("item")
            + " } }\n");
    String[] wrong = {"steps['a:always'].output", "steps['a:onFailure'].output"};
    for (String read : wrong) {
      finds(
          "not-upstream",
          "'a:onSuccess' reads",
          "steps:\n  a: { run: w, hooks: { onSuccess: "
              + pass(read)
              + ", onFailure: { run: w }, always: { run: w } } }\n");
    }
    finds(
        "read-of-itself",
        "'a' reads 'a:always'",
        "steps:\n  a: { pass: { output: \"${{ steps['a:always'].output }}\" }, hooks: { always: "
            + pass("1")
            + " } }\n");
  }

  @Test
  void hooks_after_the_run_read_every_step_and_the_one_before_it_none() {
    Graph graph =
        graph(
            "hooks: { always: "
                + pass("steps.a.status + steps['g.x'].status + steps[':before'].output")
                + ", before: { run: w } }\nsteps:\n  a: { pass: { output: \"${{"
                + " steps[':before'].output }}\" } }\n  g: { parallel: { steps: { x: { run: w } } }"
                + " }\n");
    graph.nodes().forEach(node -> assertEquals(List.of(), node.needs(), node.id()));
    finds(
        "not-upstream",
        "':before' reads 'a'",
        "hooks: { before: " + pass("steps.a.status") + " }\nsteps:\n  a: { run: w }\n");
    finds(
        "not-upstream",
        "'a' reads ':always'",
        "hooks: { always: { run: w } }\nsteps:\n  a: { pass: { output: \"${{"
            + " steps[':always'].output }}\" } }\n");
    finds(
        "not-upstream",
        "a list in item order",
        "hooks: { always: "
            + pass("steps['u[*]'].output")
            + " }\nsteps:\n  u: { forEach: [1], run: w }\n");
  }

  @Test
  void hooks_of_a_loop_are_called_once_and_can_be_read() {
    graph(
        "hooks: { always: "
            + pass("steps['a:always.1'].output")
            + " }\nsteps:\n  a:\n    loop: { until: true, steps: { x: { run: w } } }\n    hooks: {"
            + " always: [{ run: w }] }\noutputs: { o: \"${{ steps['a:always'].output }}\" }\n");
  }

  @Test
  void a_step_that_a_hook_names_and_nobody_wrote_is_unknown() {
    finds(
        "unknown-step",
        "'a:always' reads 'b'",
        "steps:\n  a: { run: w, hooks: { always: " + pass("steps.b.output") + " } }\n");
  }
}
