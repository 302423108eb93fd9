package dev.fanfare.function;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Trigger;
import dev.fanfare.form.FormSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What webhooks demand of the payloads that start runs. */
final class PayloadSchema {

  private PayloadSchema() {}

  /** What is wrong with a payload; empty where the trigger takes it. */
  static List<Diagnostic> problems(Trigger trigger, Map<String, Object> event) {
    if (!(trigger instanceof Trigger.Webhook webhook)
        || !(webhook.schema().orElse(null) instanceof Map<?, ?> schema)) {
      return List.of();
    }
    Map<String, Object> typed = new LinkedHashMap<>();
    schema.forEach((key, value) -> typed.put(String.valueOf(key), value));
    return FormSchema.validate(typed, event).stream()
        .map(
            finding ->
                Diagnostic.error(
                    "payload-schema",
                    "the payload is not what the webhook takes: " + finding.text(),
                    webhook.span(),
                    "send what its schema asks for"))
        .toList();
  }
}
