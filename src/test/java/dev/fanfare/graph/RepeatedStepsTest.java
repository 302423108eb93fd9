package dev.fanfare.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.dialect.Dialects;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What can be read of steps of which there are many: in loops, forEach and switches. */
class RepeatedStepsTest {

  private static final String LOOP =
      """
      steps:
        poll:
          loop:
            until: "${{ steps.look.output == 'done' && iteration > 1 && last != null }}"
            steps:
              look: { call: w }
              tell: { pass: { output: "${{ steps.look.output + string(iteration) }}" } }
      """;

  private static Compiled compile(String yaml) {
    byte[] text = ("name: t\n" + yaml).getBytes(StandardCharsets.UTF_8);
    return GraphCompiler.compile(
        Dialects.read(text, "t.yaml", Optional.of("fanfare")).workflow().orElseThrow(),
        CompileInputs.NONE);
  }

  private static Diagnostic only(String yaml) {
    List<Diagnostic> found = compile(yaml).diagnostics();
    assertEquals(1, found.size(), found::toString);
    return found.getFirst();
  }

  private static List<String> codes(String yaml) {
    return compile(yaml).diagnostics().stream().map(Diagnostic::code).toList();
  }

  @Test
  void a_loop_has_one_template_whose_steps_follow_each_other() {
    Graph graph = compile(LOOP).graph().orElseThrow();
    Node turn = graph.byId("poll[*]").orElseThrow();
    assertEquals(Node.Role.INSTANCE, turn.role());
    assertEquals("sequence", turn.shape().kind());
    assertEquals("poll", graph.parent(turn).orElseThrow().id());
    Node tell = graph.byId("poll[*].tell").orElseThrow();
    assertEquals(graph.byId("poll[*].look").orElseThrow().index(), tell.needs().getFirst().from());
    assertEquals(Edge.Origin.ORDER, tell.needs().getFirst().origin());
  }

  @Test
  void a_condition_of_a_loop_that_reads_another_step_needs_it() {
    Graph graph =
        compile(
                "steps:\n  most: { call: w }\n  l: { loop: { while: \"${{ iteration <"
                    + " steps.most.output }}\", steps: { a: { call: w } } } }\n")
            .graph()
            .orElseThrow();
    assertEquals(1, graph.byId("l").orElseThrow().needs().size());
  }

  @Test
  void the_names_of_a_loop_are_known_inside_it_only() {
    assertEquals(
        List.of("unknown-name"), codes(LOOP + "  b: { pass: { output: \"${{ iteration }}\" } }\n"));
    assertEquals(
        List.of("unknown-name"),
        codes(
            "steps: { l: { when: \"${{ last == 1 }}\", loop: { until: true, steps: { a: { call: w"
                + " } } } } }\n"));
  }

  @Test
  void a_step_of_a_loop_is_not_upstream_of_a_step_outside_and_the_hint_says_what_is() {
    for (String path : List.of("poll.look", "poll[*].look")) {
      Diagnostic found =
          only(LOOP + "  b: { pass: { output: \"${{ steps['" + path + "'].output }}\" } }\n");
      assertEquals("not-upstream", found.code());
      assertTrue(found.message().contains("'poll[*].look'"), found::message);
      assertTrue(found.hint().contains("'last'"), found::hint);
    }
    assertEquals(
        List.of(), codes(LOOP + "  b: { pass: { output: \"${{ steps.poll.output.last }}\" } }\n"));
  }

  @Test
  void a_step_of_a_forEach_is_not_upstream_of_a_step_outside_either() {
    Diagnostic found =
        only(
            "steps:\n  f: { forEach: [1, 2], sequence: { steps: { a: { call: w } } } }\n"
                + "  b: { pass: { output: \"${{ steps['f.a'].output }}\" } }\n");
    assertEquals("not-upstream", found.code());
    assertTrue(found.hint().contains("forEach"), found::hint);
  }

  @Test
  void inside_a_loop_a_step_is_read_by_its_name_and_not_by_its_path() {
    Diagnostic found =
        only(
            "steps:\n  l: { loop: { until: \"${{ steps['l.a'].output == 1 }}\", steps: { a: { call:"
                + " w } } } }\n");
    assertEquals("not-upstream", found.code());
    assertTrue(found.hint().contains("steps.a"), found::hint);
  }

  @Test
  void an_output_of_the_run_cannot_read_a_step_inside_a_loop() {
    assertEquals(
        "unknown-step", only(LOOP + "outputs: { x: \"${{ steps['poll.look'].output }}\" }").code());
    assertEquals(
        "unknown-step",
        only(LOOP + "outputs: { x: \"${{ steps['poll[*].look'].output }}\" }").code());
  }

  @Test
  void the_nearest_step_of_a_name_is_the_one_that_a_condition_reads() {
    Compiled compiled =
        compile(
            """
            steps:
              g:
                sequence:
                  steps:
                    look: { call: w }
                    l: { loop: { until: "${{ steps.look.output == 1 }}", steps: { look: { call: w } } } }
            """);
    assertEquals(List.of(), compiled.diagnostics());
    assertEquals(
        List.of(Edge.Origin.ORDER),
        compiled.graph().orElseThrow().byId("g.l").orElseThrow().needs().stream()
            .map(Edge::origin)
            .toList());
  }

  @Test
  void the_cases_of_a_switch_cannot_read_each_other() {
    String cases =
        "steps:\n  s:\n    switch:\n"
            + "      - { when: true, steps: { a: { call: w } } }\n"
            + "      - { when: %s, steps: { b: { pass: { output: %s } } } }\n";
    String read = "\"${{ steps['s.case1.a'].output == 1 }}\"";
    assertEquals("not-upstream", only(cases.formatted(read, "1")).code());
    assertEquals("not-upstream", only(cases.formatted("true", read)).code());
  }

  @Test
  void a_case_cannot_be_chosen_by_a_step_inside_it() {
    Diagnostic found =
        only(
            "steps: { s: { switch: [{ when: \"${{ steps.a.output == 1 }}\", steps: { a: { call: w }"
                + " } }] } }\n");
    assertEquals("read-of-itself", found.code());
  }

  @Test
  void a_list_or_condition_that_is_needed_at_the_start_cannot_read_what_is_inside() {
    String group = "steps: { g: { %s, sequence: { steps: { a: { call: w } } } } }\n";
    for (String key :
        List.of(
            "when: \"${{ steps.a.output == 1 }}\"",
            "forEach: \"${{ steps.a.output }}\"",
            "forEach: [1], batch: \"${{ steps.a.output }}\"")) {
      Set<String> codes = Set.copyOf(codes(group.formatted(key)));
      assertTrue(Set.of("read-of-itself", "not-upstream", "unknown-step").containsAll(codes));
      assertEquals(1, codes.size(), key);
    }
  }

  @Test
  void what_a_switch_reads_it_needs_as_a_whole() {
    Graph graph =
        compile(
                "steps:\n  k: { call: w }\n  s: { switch: [{ when: \"${{ steps.k.output == 1 }}\","
                    + " steps: { a: { call: w } } }] }\n")
            .graph()
            .orElseThrow();
    assertEquals(1, graph.byId("s").orElseThrow().needs().size());
    assertEquals(0, graph.byId("s.case1").orElseThrow().needs().size());
  }
}
