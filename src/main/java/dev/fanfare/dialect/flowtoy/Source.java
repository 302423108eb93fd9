package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.List;
import java.util.Optional;

/**
 * What a step calls.
 *
 * @param name for messages and plugins
 * @param type as it is written
 * @param configuration empty where there is none, or it is no mapping
 */
record Source(String name, String type, Optional<Mapping> configuration, SourceSpan span) {

  /** What flowtoy itself brings; anything else is somebody's plugin. */
  enum Provider {
    REST,
    PROCESS,
    ENV,
    PLUGIN
  }

  Provider provider() {
    return provider(type);
  }

  static Provider provider(String type) {
    return switch (type) {
      case "rest" -> Provider.REST;
      case "process" -> Provider.PROCESS;
      case "env" -> Provider.ENV;
      default -> Provider.PLUGIN;
    };
  }

  /** A value of the configuration; empty where it is absent or nothing. */
  Optional<YamlNode> get(String key) {
    return configuration
        .flatMap(map -> map.get(key))
        .filter(node -> !(node instanceof Scalar scalar && scalar.isNull()));
  }

  /** A text of the configuration. */
  Optional<Scalar> scalar(String key) {
    return get(key).filter(Scalar.class::isInstance).map(Scalar.class::cast);
  }

  /** The names of variables that a source of the type {@code env} has. */
  List<String> variables() {
    List<YamlNode> items =
        get("vars")
            .map(node -> node instanceof Sequence list ? list.items() : List.of(node))
            .orElse(List.of());
    return items.stream()
        .filter(Scalar.class::isInstance)
        .map(item -> ((Scalar) item).text())
        .toList();
  }

  /** The entries of the configuration, in written order. */
  List<Entry> entries() {
    return configuration.map(Mapping::entries).orElse(List.of());
  }
}
