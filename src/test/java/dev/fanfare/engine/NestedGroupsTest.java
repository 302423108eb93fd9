package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Groups in groups in groups. */
class NestedGroupsTest {

  private static final int DEPTH = 50;

  /** One call in so many groups, of every kind in turn. */
  private static String nested(int depth) {
    if (depth == 0) {
      return "{ call: w }";
    }
    String inside = "{ g: " + nested(depth - 1) + " }";
    return switch (depth % 8) {
      case 0 -> "{ parallel: { steps: " + inside + " } }";
      case 1 -> "{ sequence: { steps: " + inside + " } }";
      case 2 -> "{ race: { steps: " + inside + " } }";
      case 3 -> "{ loop: { until: true, steps: " + inside + " } }";
      case 4 -> "{ switch: [{ when: true, steps: " + inside + " }] }";
      case 5 -> "{ forEach: [1], sequence: { steps: " + inside + " } }";
      case 6 -> "{ matrix: { x: [y] }, parallel: { steps: " + inside + " } }";
      default -> "{ race: { win: { quorum: 1 }, steps: " + inside + " } }";
    };
  }

  private static Play deep() {
    return Play.of("steps:\n  g: " + nested(DEPTH) + "\n");
  }

  @Test
  void fifty_groups_of_every_kind_in_each_other_end_with_the_step_in_the_middle() {
    Play play = deep();
    String middle = play.claimed().getFirst();
    play.succeed(middle);
    assertEquals(RunStatus.SUCCEEDED, play.run());
    Object output = play.output("g");
    while (!(output instanceof String)) {
      output = output instanceof Map<?, ?> loop ? loop.get("last") : ((List<?>) output).getFirst();
    }
    assertEquals(middle, output);
  }

  @Test
  void a_failure_in_the_middle_of_fifty_groups_fails_all_of_them() {
    Play play = deep();
    play.fail(play.claimed().getFirst());
    assertEquals(RunStatus.FAILED, play.run());
    assertEquals(StepStatus.FAILED, play.status("g"));
  }

  @Test
  void a_cancel_reaches_the_middle_of_fifty_groups() {
    Play play = deep();
    String middle = play.claimed().getFirst();
    play.begin(middle).cancel();
    assertEquals(StepStatus.CANCELLED, play.status(middle));
    assertEquals(List.of(middle), play.stopped());
  }

  @Test
  void groups_stand_in_a_forEach_in_groups_in_a_loop_in_a_switch() {
    Play play =
        Play.of(
            """
            steps:
              route:
                switch:
                  - when: true
                    steps:
                      rounds:
                        loop:
                          until: "${{ iteration == 1 }}"
                          steps:
                            both:
                              parallel:
                                steps:
                                  each:
                                    forEach: "${{ [iteration, 10] }}"
                                    sequence:
                                      steps:
                                        a: { call: w }
                                        b: { pass: { output: "${{ [item, iteration, steps.a.output] }}" } }
                                  other: { call: w }
            """);
    String turn = "route.case1.rounds[%d].both.each[%d].a";
    String rest = "route.case1.rounds[%d].both.other";
    for (int i = 0; i < 2; i++) {
      play.yield(turn.formatted(i, 1), "y").yield(turn.formatted(i, 0), "x");
      play.succeed(rest.formatted(i));
    }
    assertEquals(
        Map.of(
            "iterations",
            2L,
            "last",
            List.of(List.of(List.of(1L, 1L, "x"), List.of(10L, 1L, "y")), rest.formatted(1))),
        play.output("route"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }

  @Test
  void a_quorum_of_groups_wins_with_the_outputs_in_the_order_of_their_ends() {
    Play play =
        Play.of(
            """
            steps:
              r:
                race:
                  win: { quorum: 2 }
                  steps:
                    a: { sequence: { steps: { x: { call: w }, y: { call: w } } } }
                    b: { loop: { until: true, steps: { x: { call: w } } } }
                    c: { forEach: [1, 2], call: w }
            """);
    play.succeed("r.c[0]", "r.a.x", "r.c[1]", "r.b[0].x");
    assertEquals(StepStatus.SUCCEEDED, play.status("r"));
    assertEquals(
        List.of(List.of("r.c[0]", "r.c[1]"), Map.of("iterations", 1L, "last", "r.b[0].x")),
        play.output("r"));
    assertEquals(StepStatus.DISCARDED, play.status("r.a"));
    assertEquals(RunStatus.SUCCEEDED, play.run());
  }
}
