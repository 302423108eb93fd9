package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.ImportInputs;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Numbers that shape the workflow and may stand in a variable. */
final class Statics {

  private final Scope scope;
  private final Map<String, Object> params;

  /**
   * @param defaults of the parameters
   */
  Statics(Scope scope, ImportInputs inputs, Map<String, Object> defaults) {
    this.scope = scope;
    this.params = new Given(inputs, defaults);
  }

  /** A number, or a text that refers to one. */
  Optional<Double> number(Fields fields, String key) {
    Optional<YamlNode> value = fields.node(key);
    if (value.isEmpty()
        || !(value.get() instanceof Scalar scalar)
        || Texts.references(scalar.text()).isEmpty()) {
      return fields.number(key, 0, Integer.MAX_VALUE);
    }
    Optional<String> text = text(scalar);
    try {
      double number = Double.parseDouble(text.orElse("").strip());
      return Optional.of(Math.min(Math.max(number, 0), Integer.MAX_VALUE));
    } catch (NumberFormatException e) {
      fields.badValue(
          scalar.span(),
          "'" + key + "' must be a number, and " + scalar.text() + " is '" + text.orElse("") + "'",
          "give the variable a default in params or env");
      return Optional.empty();
    }
  }

  private Optional<String> text(Scalar scalar) {
    Template value =
        new Template.Expression(new Expr(Words.text(scalar.text(), scope), scalar.span()));
    try {
      return Optional.of(Expressions.text(value, name -> name.equals("params") ? params : null));
    } catch (ExpressionException e) {
      return Optional.empty();
    }
  }

  /** What the run gives, else the defaults; each is asked for when it is read. */
  private static final class Given extends AbstractMap<String, Object> {
    private final transient ImportInputs inputs;
    private final Map<String, Object> defaults;

    Given(ImportInputs inputs, Map<String, Object> defaults) {
      this.inputs = inputs;
      this.defaults = defaults;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
      return inputs.param(String.valueOf(name)).orElse(defaults.get(String.valueOf(name)));
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
      return get(name) != null;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
      return defaults.entrySet();
    }
  }
}
