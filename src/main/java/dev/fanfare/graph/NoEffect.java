package dev.fanfare.graph;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Warns of what is written around a step and means nothing to it. */
final class NoEffect {

  private static final String CODE = "no-effect";

  private NoEffect() {}

  /**
   * @param images that a function carries
   */
  static List<Diagnostic> check(Workflow workflow, List<NodeDraft> nodes, Set<String> images) {
    List<Diagnostic> found = new ArrayList<>();
    for (NodeDraft node : nodes) {
      if (node.role != Node.Role.INSTANCE) {
        workspace(workflow, node.step).ifPresent(found::add);
        heartbeat(node.step).ifPresent(found::add);
      }
    }
    found.addAll(images(nodes, images));
    return found;
  }

  private static Optional<Diagnostic> workspace(Workflow workflow, Step step) {
    if (step.reads().isEmpty() && step.writes().isEmpty()) {
      return Optional.empty();
    }
    if (workflow.workspace() != Workflow.WorkspaceMode.LAYERED) {
      return Optional.of(
          Diagnostic.warning(
              CODE,
              "reads and writes have no effect on a shared workspace",
              step.span(),
              "every step sees the whole folder; write workspace: layered at the top of the file to"
                  + " limit it"));
    }
    return step.body() instanceof Work.Run || step.body() instanceof Work.Call
        ? Optional.empty()
        : Optional.of(
            Diagnostic.warning(
                CODE,
                "reads and writes have no effect here: the step works with no files itself",
                step.span(),
                "they are for run and call; write them at the steps inside"));
  }

  private static Optional<Diagnostic> heartbeat(Step step) {
    boolean silent =
        switch (step.body()) {
          case Work work -> givesNoSigns(work);
          case Structure ignored -> true;
        };
    return silent && step.timeouts().heartbeat().isPresent()
        ? Optional.of(
            Diagnostic.warning(
                CODE,
                "timeout.heartbeat has no effect here: nothing is at work that could give a sign of"
                    + " life",
                step.span(),
                "it is for run, http and call; use attempt or total to limit the time"))
        : Optional.empty();
  }

  /** One warning for each image, however many steps want it. */
  private static Collection<Diagnostic> images(List<NodeDraft> nodes, Set<String> images) {
    Map<String, List<Step>> ignored = new LinkedHashMap<>();
    for (NodeDraft node : nodes) {
      if (node.role != Node.Role.INSTANCE && node.step.body() instanceof Work.Run run) {
        run.image()
            .filter(image -> !images.contains(image))
            .ifPresent(
                image -> ignored.computeIfAbsent(image, key -> new ArrayList<>()).add(node.step));
      }
    }
    List<Diagnostic> found = new ArrayList<>();
    ignored.forEach((image, steps) -> found.add(ignored(image, steps)));
    return found;
  }

  private static Diagnostic ignored(String image, List<Step> steps) {
    String more = steps.size() == 1 ? "" : " (" + steps.size() + " steps)";
    return Diagnostic.warning(
        "image-ignored",
        "no function is named for the image '"
            + image
            + "'"
            + more
            + ": the commands run where every other step runs",
        steps.getFirst().span(),
        "name one in the configuration: FANFARE_IMAGES='" + image + "=FUNCTION'");
  }

  private static boolean givesNoSigns(Work work) {
    return switch (work) {
      case Work.Run ignored -> false;
      case Work.Http ignored -> false;
      case Work.Call ignored -> false;
      case Work.Lambda ignored -> true;
      case Work.SubWorkflow ignored -> true;
      case Work.Approval ignored -> true;
      case Work.WaitFor ignored -> true;
      case Work.Sleep ignored -> true;
      case Work.Pass ignored -> true;
    };
  }
}
