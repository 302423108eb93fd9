package dev.fanfare.dialect.dagu;

import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values of a file as JSON, as Java, and as expressions. */
final class Json {

  private Json() {}

  static @Nullable Object java(YamlNode node) {
    return switch (node) {
      case Scalar scalar -> scalar.value();
      case Sequence list -> {
        List<@Nullable Object> items = new ArrayList<>();
        list.items().forEach(item -> items.add(java(item)));
        yield items;
      }
      case Mapping map -> {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        map.entries().forEach(entry -> entries.put(entry.key(), java(entry.value())));
        yield entries;
      }
    };
  }

  /** The source of an expression that yields the value, with what its texts refer to. */
  static String expression(YamlNode node, Scope scope) {
    return switch (node) {
      case Scalar scalar when scalar.value() instanceof String text -> Words.value(text, scope);
      case Scalar scalar -> plain(scalar);
      case Sequence list ->
          list.items().stream()
              .map(item -> expression(item, scope))
              .collect(Collectors.joining(", ", "[", "]"));
      case Mapping map ->
          map.entries().stream()
              .map(entry -> Cel.quoted(entry.key()) + ": " + expression(entry.value(), scope))
              .collect(Collectors.joining(", ", "{", "}"));
    };
  }

  private static String plain(Scalar scalar) {
    return switch (scalar.value()) {
      case Double number when number.isNaN() || number.isInfinite() -> Cel.quoted(scalar.text());
      case null -> "null";
      default -> String.valueOf(scalar.value());
    };
  }

  /** The value in one line of JSON, for texts. */
  static String text(YamlNode node) {
    return switch (node) {
      case Scalar scalar ->
          scalar.value() instanceof String text ? Cel.quoted(text) : plain(scalar);
      case Sequence list ->
          list.items().stream().map(Json::text).collect(Collectors.joining(",", "[", "]"));
      case Mapping map ->
          map.entries().stream()
              .map(entry -> Cel.quoted(entry.key()) + ":" + text(entry.value()))
              .collect(Collectors.joining(",", "{", "}"));
    };
  }
}
