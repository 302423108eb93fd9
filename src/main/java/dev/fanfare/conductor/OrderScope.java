package dev.fanfare.conductor;

import dev.fanfare.definition.Template;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.expression.Scope;
import dev.fanfare.secret.Placeholders;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the expressions of a step's input can see: all that the engine's can, and the secrets of the
 * workflow, for which placeholders stand. The engine itself sees no secrets, so none gets into what
 * it decides or stores.
 */
final class OrderScope implements Scope {

  private final Scope engine;
  private final Map<String, Template> workflowEnv;
  private final Placeholders secrets;
  private @Nullable Map<String, Object> env;

  OrderScope(Scope engine, Map<String, Template> workflowEnv, Placeholders secrets) {
    this.engine = engine;
    this.workflowEnv = workflowEnv;
    this.secrets = secrets;
  }

  @Override
  public @Nullable Object value(String name) {
    return switch (name) {
      case "secrets" -> secrets.scope();
      case "env" -> env();
      default -> engine.value(name);
    };
  }

  private Map<String, Object> env() {
    if (env == null) {
      Map<String, Object> values = new LinkedHashMap<>();
      workflowEnv.forEach((name, template) -> values.put(name, text(template)));
      env = values;
    }
    return env;
  }

  private String text(Template template) {
    try {
      return Expressions.text(template, this);
    } catch (ExpressionException e) {
      // The step that puts this entry into its environment fails with the whole message.
      return "";
    }
  }
}
