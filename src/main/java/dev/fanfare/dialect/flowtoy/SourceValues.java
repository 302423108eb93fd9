package dev.fanfare.dialect.flowtoy;

import dev.fanfare.dialect.flowtoy.jinja.Cel;
import dev.fanfare.dialect.flowtoy.jinja.Jinja;
import dev.fanfare.dialect.flowtoy.jinja.Names;
import dev.fanfare.dialect.flowtoy.jinja.Untranslatable;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What templates read of a source itself: its type, its configuration, and, as flowtoy's pages
 * write it, values of the configuration by their names alone.
 */
final class SourceValues {

  private SourceValues() {}

  static Names.Reading read(Source source, List<String> path, int at) {
    if (path.size() > 2 && path.get(2).equals("type")) {
      return reading(Cel.text(Cel.quote(source.type())), 3);
    }
    int from = path.size() > 2 && path.get(2).equals("configuration") ? 3 : 2;
    Optional<YamlNode> node = source.configuration().map(map -> map);
    int used = from;
    while (node.isPresent() && used < path.size() && node.get() instanceof Mapping map) {
      node = map.get(path.get(used));
      used++;
    }
    if (node.isEmpty() || path.size() < 3) {
      throw new Untranslatable(
          at,
          "unknown-name",
          "the source '" + source.name() + "' has no such value",
          "write sources." + source.name() + ".NAME for a value of its configuration");
    }
    return reading(literal(node.get(), at), used);
  }

  private static Names.Reading reading(Cel cel, int used) {
    return new Names.Reading(cel, "optional.of(" + cel.text() + ")", used, "");
  }

  private static Cel literal(YamlNode node, int at) {
    return switch (node) {
      case Scalar scalar when !Jinja.isPlain(scalar.text()) ->
          throw new Untranslatable(
              at,
              "template-untranslatable",
              "a value of a source that is a template itself has no translation",
              "write that template here");
      case Scalar scalar -> scalar(scalar);
      case Sequence list ->
          Cel.any(
              list.items().stream()
                  .map(item -> literal(item, at).text())
                  .collect(Collectors.joining(", ", "[", "]")));
      case Mapping map ->
          Cel.any(
              map.entries().stream()
                  .map(entry -> Cel.quote(entry.key()) + ": " + literal(entry.value(), at).text())
                  .collect(Collectors.joining(", ", "{", "}")));
    };
  }

  private static Cel scalar(Scalar scalar) {
    return switch (scalar.value()) {
      case null -> Cel.any("null");
      case String text -> Cel.text(Cel.quote(text));
      case Double number when !Double.isFinite(number) -> Cel.text(Cel.quote(scalar.text()));
      case Object other -> Cel.any(other.toString());
    };
  }
}
