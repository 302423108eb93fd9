package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure.Success;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code success_criteria} at the root of a file. */
final class RootCriteria {

  /** The step that looks at a condition when all others have ended. */
  private static final String JUDGE = "success_criteria";

  private RootCriteria() {}

  static List<Step> applied(Success success, List<Step> steps, boolean parallel) {
    return switch (success) {
      case Success.All ignored -> steps;
      case Success.Only only ->
          steps.stream()
              .map(step -> only.steps().contains(step.name()) ? step : tolerated(step, parallel))
              .toList();
      case Success.Ignore ignore ->
          steps.stream()
              .map(step -> ignore.steps().contains(step.name()) ? tolerated(step, parallel) : step)
              .toList();
      case Success.When when -> judged(when.condition(), steps, parallel);
    };
  }

  private static Step tolerated(Step step, boolean parallel) {
    OnFailure tolerated = OnFailure.tolerated(step.span());
    OnFailure seen =
        new OnFailure(
            true,
            tolerated.when(),
            tolerated.output(),
            Optional.of(StepStatus.FAILED),
            false,
            step.span());
    return step.onFailure().isPresent()
        ? step
        : StepDraft.of(step).onFailure(parallel ? seen : tolerated).step();
  }

  private static List<Step> judged(Template condition, List<Step> steps, boolean parallel) {
    List<Step> all = new ArrayList<>();
    steps.forEach(step -> all.add(tolerated(step, parallel)));
    Template failed =
        condition instanceof Template.Expression expression
            ? new Template.Expression(
                new Expr("!(" + expression.expr().source() + ")", condition.span()))
            : condition;
    Work work =
        new Work.Run(
            List.of("echo 'the success criteria do not hold' >&2", "exit 1"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    List<Step.Need> needs =
        steps.stream()
            .map(step -> new Step.Need(step.name(), StepStatus.terminal(), false, step.span()))
            .toList();
    all.add(
        StepDraft.of(JUDGE, work, condition.span())
            .title("the success criteria do not hold")
            .needs(parallel ? needs : List.of())
            .when(failed)
            .step());
    return all;
  }
}
