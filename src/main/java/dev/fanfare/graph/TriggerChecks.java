package dev.fanfare.graph;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Param;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Trigger;
import dev.fanfare.definition.Workflow;
import dev.fanfare.expression.Expressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What about triggers can be known before one comes. */
final class TriggerChecks {

  private final Workflow workflow;
  private final List<Diagnostic> found = new ArrayList<>();

  private TriggerChecks(Workflow workflow) {
    this.workflow = workflow;
  }

  static List<Diagnostic> check(Workflow workflow) {
    TriggerChecks checks = new TriggerChecks(workflow);
    workflow.triggers().forEach(checks::trigger);
    return checks.found;
  }

  private void trigger(Trigger trigger) {
    switch (trigger) {
      case Trigger.Schedule ignored -> {}
      case Trigger.Interval ignored -> {}
      case Trigger.Webhook webhook -> {
        webhook.when().ifPresent(this::expressions);
        webhook.idempotencyKey().ifPresent(this::expressions);
        if (webhook.secret().isEmpty()) {
          found.add(
              Diagnostic.warning(
                  "open-webhook",
                  "anybody who can reach /hooks/" + webhook.path() + " can start this workflow",
                  webhook.span(),
                  "name the secret that the sender signs with: webhook: { path, secret }"));
        }
      }
      case Trigger.OnEvent event -> event.when().ifPresent(this::expressions);
    }
    params(trigger);
  }

  private void params(Trigger trigger) {
    for (Map.Entry<String, Template> entry : trigger.params().entrySet()) {
      expressions(entry.getValue());
      if (!workflow.params().containsKey(entry.getKey())) {
        found.add(
            Diagnostic.error(
                "unknown-param",
                "the trigger sets '" + entry.getKey() + "', which is no parameter of the workflow",
                entry.getValue().span(),
                workflow.params().isEmpty()
                    ? "it takes none"
                    : Suggestion.of(entry.getKey(), workflow.params().keySet())
                        .replace("the steps are", "its parameters are")));
      }
    }
    for (Param param : workflow.params().values()) {
      if (param.required() && !param.hasDefault() && !trigger.params().containsKey(param.name())) {
        found.add(
            Diagnostic.warning(
                "trigger-without-param",
                "this trigger cannot start a run: the parameter '"
                    + param.name()
                    + "' is required, and the trigger does not set it",
                trigger.span(),
                "give it a value under 'params' of the trigger, or a default"));
      }
    }
  }

  private void expressions(Template template) {
    found.addAll(Expressions.check(template, Trigger.NAMES).diagnostics());
  }
}
