package dev.fanfare.engine;

import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Workflow;
import dev.fanfare.definition.WorkflowDraft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A drawn workflow. */
final class FlowSpec {
  List<Spec> steps = new ArrayList<>();
  boolean sequence;
  boolean abort;
  Workflow.Tolerated tolerated = Workflow.Tolerated.SOME_MUST_SUCCEED;
  int maxParallel;
  long timeout;
  long cancelAt;

  /** Not drawn with the rest; see {@code RandomHooksTest}. */
  Hooks hooks = Hooks.NONE;

  FlowSpec copy() {
    FlowSpec copy = new FlowSpec();
    steps.forEach(step -> copy.steps.add(step.copy()));
    copy.sequence = sequence;
    copy.abort = abort;
    copy.tolerated = tolerated;
    copy.maxParallel = maxParallel;
    copy.timeout = timeout;
    copy.cancelAt = cancelAt;
    return copy;
  }

  int size() {
    return steps.stream().mapToInt(Spec::size).sum();
  }

  Workflow workflow() {
    List<Step> written = steps.stream().map(Spec::step).toList();
    Map<String, Template> outputs = new LinkedHashMap<>();
    for (Step step : written) {
      outputs.put(step.name(), Spec.expression("steps['" + step.name() + "'].output"));
    }
    return workflow(written, outputs);
  }

  private Workflow workflow(List<Step> written, Map<String, Template> outputs) {
    return WorkflowDraft.of("drawn", written, SourceSpan.NONE)
        .order(sequence ? Workflow.Order.SEQUENCE : Workflow.Order.GRAPH)
        .onFailure(abort ? Workflow.OnRunFailure.ABORT : Workflow.OnRunFailure.DRAIN)
        .tolerated(tolerated)
        .maxParallel(
            maxParallel == 0 ? Optional.empty() : Optional.of(Template.literal((long) maxParallel)))
        .timeout(timeout == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(timeout)))
        .hooks(hooks)
        .outputs(outputs)
        .workspace(Workflow.WorkspaceMode.SHARED)
        .workflow();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(sequence ? "order: sequence\n" : "").append(abort ? "onFailure: abort\n" : "");
    text.append("tolerated: ").append(tolerated).append("\n");
    text.append(maxParallel > 0 ? "maxParallel: " + maxParallel + "\n" : "");
    text.append(timeout > 0 ? "timeout: " + timeout + "\n" : "");
    text.append(cancelAt > 0 ? "cancelled at " + cancelAt + "\n" : "");
    steps.forEach(step -> step.print(text, "  "));
    return text.toString();
  }
}
