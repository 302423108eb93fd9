package dev.fanfare.trigger;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Trigger;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.expression.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From what triggers to the parameters of a run.
 *
 * @param params values by name; those that are null are left to their defaults
 * @param key the idempotency key that the trigger makes of the event
 * @param unwanted why no run shall start; empty where one shall
 * @param problems why none can; empty where all is well
 */
public record Mapping(
    Map<String, Object> params,
    Optional<String> key,
    Optional<String> unwanted,
    List<Diagnostic> problems) {

  private static final int LONGEST_KEY = 512;

  /**
   * What a trigger makes of an event.
   *
   * @param run what is known of the run before it starts
   */
  public static Mapping of(
      Trigger trigger, String workflow, Map<String, Object> event, Map<String, Object> run) {
    Scope scope =
        name ->
            switch (name) {
              case "event" -> event;
              case "run" -> run;
              case "workflow" -> Map.of("name", workflow);
              default -> null;
            };
    Optional<String> unwanted = when(trigger).flatMap(when -> unwanted(when, scope));
    return unwanted.isPresent()
        ? new Mapping(Map.of(), Optional.empty(), unwanted, List.of())
        : params(trigger, scope);
  }

  private static Optional<Template> when(Trigger trigger) {
    return switch (trigger) {
      case Trigger.Webhook webhook -> webhook.when();
      case Trigger.OnEvent event -> event.when();
      case Trigger.Schedule ignored -> Optional.empty();
      case Trigger.Interval ignored -> Optional.empty();
    };
  }

  /** A condition without a value is one that does not hold: payloads have many shapes. */
  private static Optional<String> unwanted(Template when, Scope scope) {
    try {
      return Expressions.test(when, scope)
          ? Optional.empty()
          : Optional.of("the condition of the trigger is false");
    } catch (ExpressionException e) {
      return Optional.of("the condition of the trigger does not hold: " + e.getMessage());
    }
  }

  private static Mapping params(Trigger trigger, Scope scope) {
    Map<String, Object> params = new LinkedHashMap<>();
    List<Diagnostic> problems = new ArrayList<>();
    for (Map.Entry<String, Template> entry : trigger.params().entrySet()) {
      try {
        @Nullable Object value = Expressions.evaluate(entry.getValue(), scope);
        if (value != null) {
          params.put(entry.getKey(), value);
        }
      } catch (ExpressionException e) {
        problems.add(
            Diagnostic.error(
                "trigger-param",
                "the parameter '" + entry.getKey() + "' cannot be computed: " + e.getMessage(),
                entry.getValue().span(),
                "where the payload may lack it, write event.?name.orValue(...)"));
      }
    }
    Optional<String> key =
        trigger instanceof Trigger.Webhook webhook
            ? webhook.idempotencyKey().flatMap(template -> key(template, scope, problems))
            : Optional.empty();
    return new Mapping(params, key, Optional.empty(), problems);
  }

  private static Optional<String> key(Template template, Scope scope, List<Diagnostic> problems) {
    String problem;
    try {
      String key = Expressions.text(template, scope);
      if (!key.isEmpty() && key.length() <= LONGEST_KEY) {
        return Optional.of(key);
      }
      problem = "has " + key.length() + " characters, and may have 1 to " + LONGEST_KEY;
    } catch (ExpressionException e) {
      problem = "cannot be computed: " + e.getMessage();
    }
    problems.add(
        Diagnostic.error(
            "trigger-key",
            "the idempotency key " + problem,
            template.span(),
            "without a key a delivery goes by the id that its sender gave it"));
    return Optional.empty();
  }
}
