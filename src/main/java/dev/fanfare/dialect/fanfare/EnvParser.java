package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Template;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Environment variables: a mapping, or a list of {@code NAME=value}.
 *
 * <p>Values are text as written ({@code 1.10} stays {@code 1.10}); one without a value is empty.
 */
final class EnvParser {

  private final Values values;
  private final Names names;

  EnvParser(Values values) {
    this.values = values;
    this.names = new Names(values.problems());
  }

  Map<String, Template> env(YamlNode node) {
    if (node instanceof Sequence list) {
      return pairs(list);
    }
    for (Entry entry : node instanceof Mapping map ? map.entries() : List.<Entry>of()) {
      names.variable(entry.key(), entry.keySpan());
    }
    return values.texts(node, "'env'");
  }

  private Map<String, Template> pairs(Sequence list) {
    Map<String, Template> env = new LinkedHashMap<>();
    for (YamlNode item : list.items()) {
      int equals = item instanceof Scalar scalar ? scalar.text().indexOf('=') : -1;
      if (!(item instanceof Scalar scalar) || equals < 0) {
        values.wrongType(item, "an entry of 'env'", "NAME=value", "");
        continue;
      }
      String name = scalar.text().substring(0, equals);
      names.variable(name, scalar.span());
      if (env.putIfAbsent(name, values.templates().text(scalar, equals + 1)) != null) {
        values.badValue(item, "the variable '" + name + "' is set twice", "keep one of them");
      }
    }
    return env;
  }
}
