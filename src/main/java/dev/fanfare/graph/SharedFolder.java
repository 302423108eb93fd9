package dev.fanfare.graph;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/** What becomes of a workflow where there is no folder that all steps of a run see. */
public final class SharedFolder {

  private SharedFolder() {}

  /** A workflow that does not say how its steps share files has layers there. */
  public static Workflow missing(Workflow workflow) {
    return workflow.workspace() == Workflow.WorkspaceMode.UNSAID
        ? workflow.with(Workflow.WorkspaceMode.LAYERED)
        : workflow;
  }

  /** One that asks for such a folder and works with files cannot run there. */
  public static Optional<Diagnostic> refusal(Workflow workflow) {
    boolean asks = workflow.workspace() == Workflow.WorkspaceMode.SHARED;
    Optional<Step> first =
        asks
            ? Stream.concat(
                    steps(workflow.steps()).filter(SharedFolder::worksWithFiles),
                    hooks(workflow.hooks()).filter(SharedFolder::worksWithFiles))
                .findFirst()
            : Optional.empty();
    return first.map(
        step ->
            Diagnostic.error(
                "no-shared-folder",
                "workspace: shared needs a folder that every step of the run sees, and there is"
                    + " none where this deployment runs its steps",
                step.span(),
                "write workspace: layered, or leave the key out, or let FANFARE_WORKSPACES name the"
                    + " mount of a shared file system"));
  }

  private static boolean worksWithFiles(Step step) {
    return step.body() instanceof Work.Run || step.body() instanceof Work.Call;
  }

  private static Stream<Step> hooks(Hooks hooks) {
    return steps(Stream.of(Hooks.Moment.values()).flatMap(at -> hooks.at(at).stream()).toList());
  }

  private static Stream<Step> steps(Collection<Step> steps) {
    return steps.stream()
        .flatMap(
            step ->
                Stream.of(Stream.of(step), inside(step), hooks(step.hooks())).flatMap(all -> all));
  }

  private static Stream<Step> inside(Step step) {
    return switch (step.body()) {
      case Structure.Parallel parallel -> steps(parallel.steps());
      case Structure.Sequence sequence -> steps(sequence.steps());
      case Structure.Race race -> steps(race.steps());
      case Structure.Loop loop -> steps(loop.steps());
      case Structure.Switch choice -> choice.cases().stream().flatMap(each -> steps(each.steps()));
      case Work ignored -> Stream.empty();
    };
  }
}
