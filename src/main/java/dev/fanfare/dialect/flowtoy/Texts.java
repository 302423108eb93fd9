package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.Template;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.flowtoy.jinja.Jinja;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values of a step, templates in them translated. */
final class Texts {

  private final FlowNames names;
  private final Problems problems;

  Texts(FlowNames names, Problems problems) {
    this.names = names;
    this.problems = problems;
  }

  /** A scalar as text. */
  Template text(Scalar scalar) {
    return Jinja.text(scalar, names.in(scalar), problems);
  }

  /** The parts of a text; empty where it is wrong, which is reported. */
  Optional<List<Jinja.Part>> parts(Scalar scalar) {
    return Jinja.parts(scalar, names.in(scalar), problems);
  }

  /** A value of any shape; what is no template keeps its type. */
  Template value(YamlNode node) {
    return switch (node) {
      case Scalar scalar ->
          Jinja.isPlain(scalar.text())
              ? new Template.Literal(plain(scalar), scalar.span())
              : text(scalar);
      case Sequence list ->
          new Template.Items(list.items().stream().map(this::value).toList(), list.span());
      case Mapping map -> {
        Map<String, Template> entries = new LinkedHashMap<>();
        for (Entry entry : map.entries()) {
          entries.put(entry.key(), value(entry.value()));
        }
        yield new Template.Entries(entries, map.span());
      }
    };
  }

  private static @org.jspecify.annotations.Nullable Object plain(Scalar scalar) {
    return scalar.value() instanceof Double number && !Double.isFinite(number)
        ? scalar.text()
        : scalar.value();
  }
}
