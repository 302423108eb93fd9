package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import dev.fanfare.form.FormSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** JSON Schemas: of forms, and of what webhooks bring. */
final class SchemaParser {

  private final Values values;

  SchemaParser(Values values) {
    this.values = values;
  }

  /**
   * A schema; empty, and reported, where it is none.
   *
   * @param what it is, for the message
   */
  Optional<Object> schema(YamlNode node, String what) {
    return isSchema(node, what)
        ? Optional.ofNullable(values.plain(node, "'schema'"))
        : Optional.empty();
  }

  private boolean isSchema(YamlNode node, String what) {
    if (!(node instanceof Mapping)) {
      values.wrongType(node, "'schema'", "a mapping", what);
      return false;
    }
    if (values.plain(node, "'schema'") instanceof Map<?, ?> schema) {
      Map<String, Object> typed = new LinkedHashMap<>();
      schema.forEach((key, value) -> typed.put(String.valueOf(key), value));
      for (FormSchema.Finding finding : FormSchema.check(typed)) {
        values
            .problems()
            .error(
                "bad-schema",
                "'schema' is no JSON Schema that can be used: " + finding.message(),
                place(node, finding.path()),
                "forms are described in JSON Schema, draft 2020-12 unless $schema says otherwise;"
                    + " nothing is fetched from elsewhere");
      }
    }
    return true;
  }

  /** Where a JSON Pointer leads, or the last thing on its way that there is. */
  private static SourceSpan place(YamlNode root, String pointer) {
    YamlNode at = root;
    for (String token : pointer.split("/", -1)) {
      String key = token.replace("~1", "/").replace("~0", "~");
      at =
          switch (at) {
            case Mapping map -> map.get(key).orElse(map);
            case Sequence list when key.matches("[0-9]{1,6}") && inside(list, key) ->
                list.items().get(Integer.parseInt(key));
            case Sequence list -> list;
            case Scalar scalar -> scalar;
          };
    }
    return at.span();
  }

  private static boolean inside(Sequence list, String index) {
    return Integer.parseInt(index) < list.items().size();
  }
}
