package dev.fanfare.local.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.local.view.Style;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTest {

  private static Plan plan(String text) {
    return Plan.of(
        text.getBytes(StandardCharsets.UTF_8),
        "test.yaml",
        Optional.empty(),
        new Plan.Inputs(Map.of(), Map.of(), Map.of(), false, Set.of("maven:3"), Map.of()));
  }

  private static Map<?, ?> node(Plan plan, String id) {
    return ((List<?>) PlanJson.of(plan).get("nodes"))
        .stream()
            .map(node -> (Map<?, ?>) node)
            .filter(node -> id.equals(node.get("id")))
            .findFirst()
            .orElseThrow(() -> new AssertionError(PlanJson.of(plan)));
  }

  @Test
  void triggers_are_said_to_do_nothing_here() {
    Plan plan = plan("name: t\ntriggers:\n  - interval: 1h\nsteps: { a: { pass: {} } }\n");
    assertTrue(plan.isGood());
    assertEquals("3:5: info", plan.diagnostics().getFirst().oneLine().substring(0, 9));
  }

  @Test
  void an_image_without_a_function_is_warned_of_and_one_with_a_function_is_not() {
    Plan plan =
        plan(
            """
            name: images
            steps:
              a: { image: "maven:3", run: mvn -v }
              b: { image: "node:22", run: node -v }
            """);
    assertTrue(plan.isGood());
    assertEquals(
        List.of("image-ignored"), plan.diagnostics().stream().map(Diagnostic::code).toList());
    Diagnostic found = plan.diagnostics().getFirst();
    assertEquals(4, found.span().line());
    assertTrue(found.message().contains("'node:22'") && found.hint().contains("FANFARE_IMAGES"));
  }

  @Test
  void every_kind_of_work_and_structure_is_planned() {
    Plan plan =
        plan(
            """
            name: later
            steps:
              ask: { approval: { message: Ship it? } }
              call: { needs: ask, lambda: { function: deploy, payload: {} } }
              poll:
                loop:
                  until: "${{ steps.look.output == 'done' }}"
                  steps:
                    look: { run: ./look.sh }
                    tell: { run: echo tick }
              route:
                switch:
                  - { when: "${{ steps.call.output == 1 }}", steps: { one: { run: echo 1 } } }
                  - else: { other: { run: echo other } }
            """);

    assertEquals(List.of(), plan.diagnostics());
    assertTrue(plan.isGood());
    assertEquals("approval", node(plan, "ask").get("kind"));
    assertEquals("lambda", node(plan, "call").get("kind"));
    assertEquals("loop", node(plan, "poll").get("kind"));
    assertEquals("sequence", node(plan, "poll[*]").get("kind"));
    assertEquals("poll[*]", node(plan, "poll[*].tell").get("group"));
    assertEquals(
        List.of(Map.of("step", "poll[*].look", "on", List.of("succeeded", "skipped"))),
        node(plan, "poll[*].tell").get("needs"));
    assertEquals("switch", node(plan, "route").get("kind"));
    assertEquals("steps.call.output == 1", node(plan, "route.case1").get("when"));
    String text = PlanText.of(plan, Style.PLAIN);
    assertTrue(text.contains("poll  loop  until steps.look.output == 'done'"), text);
    assertTrue(text.contains("[*]  sequence"), text);
    assertTrue(text.contains("case1  sequence  when steps.call.output == 1"), text);
    assertEquals("route.else", node(plan, "route.else.other").get("group"));
    assertEquals(
        List.of(Map.of("step", "call", "on", List.of("succeeded"))),
        node(plan, "route").get("needs"));
  }

  @Test
  void a_step_that_waits_for_a_condition_shows_it_and_what_it_reads() {
    Plan plan =
        plan(
            """
            name: asks
            steps:
              a: { run: echo a }
              b: { join: when, when: "${{ steps.a.status == 'failed' }}", run: echo b }
            """);
    assertEquals("when", node(plan, "b").get("join"));
    assertEquals(List.of("a"), node(plan, "b").get("reads"));
    assertEquals(List.of(), node(plan, "b").get("needs"));
    String text = PlanText.of(plan, Style.PLAIN);
    assertTrue(text.contains("b  run  as soon as steps.a.status == 'failed'"), text);
    assertTrue(PlanMermaid.of(plan).contains("n0 -.->|when| n1"), PlanMermaid.of(plan));
  }

  @Test
  void the_three_forms_show_the_same_graph() {
    Plan plan =
        plan(
            """
            name: forms
            steps:
              build: { run: make }
              test:
                needs: build
                matrix: { os: [linux, mac] }
                run: make test
              notify: { needs: { step: test, on: finished }, run: echo done }
            """);

    assertTrue(plan.isGood());
    String text = PlanText.of(plan, Style.PLAIN);
    assertTrue(text.contains("test  matrix  after build"), text);
    assertTrue(text.contains("[linux]  run"), text);
    assertTrue(text.contains("notify  run  after test finished"), text);
    String mermaid = PlanMermaid.of(plan);
    assertTrue(mermaid.startsWith("flowchart LR\n"), mermaid);
    assertTrue(mermaid.contains("subgraph"), mermaid);
    assertTrue(mermaid.contains("-->|finished|"), mermaid);
    assertEquals(5, ((List<?>) PlanJson.of(plan).get("nodes")).size());
  }

  @Test
  void a_file_with_another_mistake_has_no_graph() {
    Plan plan = plan("name: wrong\nsteps:\n  a: { needs: b, run: x }\n");

    assertFalse(plan.isGood());
    assertEquals(List.of(), PlanJson.of(plan).get("nodes"));
    assertEquals("", PlanText.of(plan, Style.PLAIN));
  }

  @Test
  void hooks_are_shown_under_what_they_belong_to() {
    Plan plan =
        plan(
            """
            name: around
            hooks: { always: { run: ./report.sh } }
            steps:
              build:
                run: make
                hooks:
                  before: { run: ./login.sh }
                  onFailure: [{ run: ./a.sh }, { run: ./b.sh }]
            """);
    assertTrue(plan.isGood(), plan.diagnostics()::toString);
    assertEquals("before", node(plan, "build:before").get("hook"));
    assertEquals("build", node(plan, "build:before").get("group"));
    assertEquals("always", node(plan, ":always").get("hook"));
    assertFalse(node(plan, "build").containsKey("hook"));
    String text = PlanText.of(plan, Style.PLAIN);
    assertTrue(
        text.contains(
            """
              build  run
                :before  run
                :onFailure  sequence
                  1  run
                  2  run  after 1
              :always  run
            """),
        text);
    String drawn = PlanMermaid.of(plan);
    assertTrue(drawn.contains("n0[\"build · run\"]"), drawn);
    assertTrue(drawn.contains("n1 -.-> n0"), drawn);
    assertTrue(drawn.contains("n0 -.-> n2"), drawn);
    assertTrue(drawn.contains("n2[\":onFailure · sequence\"]"), drawn);
  }

  @Test
  void one_warning_for_an_image_however_many_steps_want_it() {
    Plan plan =
        plan(
            """
            name: x
            steps:
              a: { image: "alpine:3", run: echo a }
              b: { image: "maven:3", run: echo b }
              c: { image: "alpine:3", run: echo c }
              d: { image: "alpine:4", run: echo d }
            """);
    assertEquals(
        List.of(
            "no function is named for the image 'alpine:3' (2 steps): the commands run where every"
                + " other step runs",
            "no function is named for the image 'alpine:4': the commands run where every other step"
                + " runs"),
        plan.diagnostics().stream().map(Diagnostic::message).toList());
  }
}
