package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The variables that a step sets for itself: a list of {@code NAME=value}, or a mapping. */
record Environment(Map<String, String> written, Map<String, SourceSpan> spans) {

  static Environment read(Section step, Context context) {
    Environment found = new Environment(new LinkedHashMap<>(), new LinkedHashMap<>());
    Optional<YamlNode> value = step.free("environment");
    if (value.isEmpty()) {
      return found;
    }
    if (value.get() instanceof Mapping map) {
      map.entries()
          .forEach(
              entry -> {
                if (entry.value() instanceof Scalar scalar) {
                  found.put(
                      entry.key(), scalar.isNull() ? "" : scalar.text(), entry.keySpan(), context);
                } else {
                  step.wrongType(entry.value(), "'" + entry.key() + "'", "a text");
                }
              });
      return found;
    }
    for (YamlNode item : Section.oneOrMany(value.get())) {
      if (item instanceof Scalar scalar && !scalar.isNull()) {
        found.line(scalar, context);
      } else {
        step.wrongType(item, "a variable", "NAME=value");
      }
    }
    return found;
  }

  /** {@code NAME=value}; a bare name takes the variable of that name. */
  private void line(Scalar scalar, Context context) {
    String text = scalar.text();
    int equals = text.indexOf('=');
    String name = equals < 0 ? text.strip() : text.substring(0, equals).strip();
    put(
        name,
        equals < 0 ? "${{" + name + "}}" : text.substring(equals + 1),
        scalar.span(),
        context);
  }

  private void put(String name, String value, SourceSpan span, Context context) {
    if (name.matches("[A-Za-z_][A-Za-z0-9_]{0,127}")) {
      written.put(name, value);
      spans.put(name, span);
      return;
    }
    context
        .problems()
        .error(
            "bad-name",
            "an environment variable cannot be called '" + name + "'",
            span,
            "letters, digits and '_', beginning with a letter or '_'");
  }

  /** The values, with the variables of the pipeline in them. */
  Map<String, Template> templates(Context context, Place place) {
    Map<String, Template> templates = new LinkedHashMap<>();
    written.forEach(
        (name, value) -> {
          Map<String, String> others = new LinkedHashMap<>(place.env());
          others.remove(name);
          SourceSpan span = spans.getOrDefault(name, SourceSpan.NONE);
          templates.put(name, context.texts().template(value, span, place.with(others)));
        });
    return templates;
  }
}
