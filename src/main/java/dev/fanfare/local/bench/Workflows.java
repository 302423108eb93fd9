package dev.fanfare.local.bench;

import dev.fanfare.definition.Body;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import dev.fanfare.definition.WorkflowDraft;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.GraphCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The shapes that are measured, made by a program: a file of 100,000 steps would be no file. */
final class Workflows {

  private static final Body CALL = new Work.Call(NoopStep.NAME, Template.literal(null));
  private static final Body PASS = new Work.Pass(Optional.empty());

  private Workflows() {}

  static Graph chain(int size) {
    return compile("chain", sequence("s", size, CALL, List.of()));
  }

  static Graph chainOfPass(int size) {
    return compile("chain-pass", sequence("s", size, PASS, List.of()));
  }

  /** Steps of 10 ms each. */
  static Graph forty(int size) {
    return compile(
        "forty",
        sequence("s", size, new Work.Call(PauseStep.NAME, Template.literal(10L)), List.of()));
  }

  static Graph fan(int size) {
    return compile("fan", fanSteps("f", size));
  }

  /** Half of the steps a chain, half a fan. */
  static Graph chainAndFan(int size) {
    List<Step> steps = new ArrayList<>(sequence("s", size / 2, CALL, List.of()));
    steps.addAll(fanSteps("f", size - size / 2));
    return compile("grow", steps);
  }

  static Graph diamond() {
    return compile(
        "diamond",
        List.of(
            step("a", CALL, List.of()),
            step("b", CALL, List.of("a")),
            step("c", CALL, List.of("a")),
            step("d", CALL, List.of("b", "c"))));
  }

  /** Two branches, of 5 ms and of 5 s. */
  static Graph race() {
    Structure.Race race =
        new Structure.Race(
            List.of(
                step("fast", new Work.Call(PauseStep.NAME, Template.literal(5L)), List.of()),
                step("slow", new Work.Call(PauseStep.NAME, Template.literal(5_000L)), List.of())),
            Structure.Race.Win.SUCCESS,
            1,
            Structure.Race.Losers.CANCEL,
            Optional.empty(),
            Optional.empty());
    return compile("race", List.of(step("race", race, List.of())));
  }

  static Graph waiting() {
    return compile(
        "waiting", List.of(step("wait", new Work.Sleep(Template.literal("24h")), List.of())));
  }

  private static List<Step> sequence(String prefix, int size, Body body, List<String> needs) {
    List<Step> steps = new ArrayList<>(size);
    List<String> before = needs;
    for (int i = 0; i < size; i++) {
      steps.add(step(prefix + i, body, before));
      before = List.of(prefix + i);
    }
    return steps;
  }

  private static List<Step> fanSteps(String prefix, int size) {
    List<Step> steps = new ArrayList<>(size + 2);
    steps.add(step(prefix + "-root", CALL, List.of()));
    List<String> all = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      steps.add(step(prefix + i, CALL, List.of(prefix + "-root")));
      all.add(prefix + i);
    }
    steps.add(step(prefix + "-join", CALL, all));
    return steps;
  }

  private static Step step(String name, Body body, List<String> needs) {
    return Step.bare(
        name,
        body,
        needs.stream()
            .map(need -> new Step.Need(need, List.of(StepStatus.SUCCEEDED), false, SourceSpan.NONE))
            .toList(),
        Optional.empty(),
        SourceSpan.NONE);
  }

  private static Graph compile(String name, List<Step> steps) {
    Workflow workflow =
        WorkflowDraft.of(name, steps, SourceSpan.NONE)
            .workspace(Workflow.WorkspaceMode.SHARED)
            .workflow();
    return GraphCompiler.compile(workflow, CompileInputs.NONE).graph().orElseThrow();
  }
}
