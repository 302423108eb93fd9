package dev.fanfare.graph;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Refuses what the language can say and this version's engine does not do: a construct is executed
 * or it is an error, never ignored.
 */
final class Executable {

  /** The finding that lets a file be planned and keeps it from running. */
  static final String CODE = "not-executed";

  private final List<Diagnostic> found = new ArrayList<>();

  private Executable() {}

  static List<Diagnostic> check(List<NodeDraft> nodes) {
    Executable check = new Executable();
    for (NodeDraft node : nodes) {
      if (node.role != Node.Role.INSTANCE) {
        check.step(node.step);
      }
    }
    return check.found;
  }

  private void step(Step step) {
    SourceSpan span = step.span();
    switch (step.body()) {
      case Work work -> work(work, span);
      case Structure ignored -> {}
    }
  }

  private void work(Work work, SourceSpan span) {
    switch (work) {
      case Work.Run run -> run.image().ifPresent(ignored -> refuse("image", span));
      case Work.Http ignored -> {}
      case Work.Call ignored -> {}
      case Work.Pass ignored -> {}
      case Work.Sleep ignored -> {}
      case Work.Lambda ignored -> {}
      case Work.SubWorkflow ignored -> {}
      case Work.Approval ignored -> {}
      case Work.WaitFor ignored -> {}
    }
  }

  private void refuse(String construct, SourceSpan span) {
    found.add(
        Diagnostic.error(
            CODE,
            String.format(
                Locale.ROOT,
                "'%s' is part of the language, but this version of Fanfare does not execute it",
                construct),
            span,
            "remove it to run this file"));
  }
}
