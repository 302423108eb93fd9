package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.Param;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code params} of a document, in all the ways they can be written. */
final class Parameters {

  private static final Set<String> RICH =
      Set.of(
          "default",
          "eval",
          "description",
          "type",
          "required",
          "enum",
          "minimum",
          "maximum",
          "min_length",
          "max_length",
          "minLength",
          "maxLength",
          "pattern");

  private final Fields root;
  private final Scope scope;

  final Map<String, Param> declared = new LinkedHashMap<>();

  /** Values of those that have one in the file. */
  final Map<String, Object> defaults = new HashMap<>();

  /** Those whose value a shell computes where none is given, and from what. */
  final List<Env.Entry> computed = new ArrayList<>();

  Parameters(Fields root, Scope scope) {
    this.root = root;
    this.scope = scope;
  }

  void read() {
    Optional<YamlNode> written = root.node("params");
    written.ifPresent(
        node -> {
          if (node instanceof Mapping map) {
            mapping(map);
          } else {
            Section.oneOrMany(node).forEach(this::item);
          }
        });
  }

  private void mapping(Mapping map) {
    Optional<YamlNode> properties = map.get("properties");
    root.section().ledger().settleAll(map);
    if (properties.isPresent() && properties.get() instanceof Mapping typed) {
      typed.entries().forEach(this::property);
      return;
    }
    boolean external = map.has("schema") && map.get("values").orElse(null) instanceof Mapping;
    Mapping values = external ? (Mapping) map.get("values").orElseThrow() : map;
    if (map.has("schema")) {
      root.problems()
          .warning(
              "dagu-no-schema",
              "the values of the parameters are not checked against a schema",
              map.entry("schema").orElseThrow().keySpan(),
              "check them in the first step");
    }
    values.entries().stream()
        .filter(entry -> external || !entry.key().equals("schema"))
        .forEach(entry -> simple(entry.key(), entry.value(), entry.keySpan()));
  }

  private void property(Entry entry) {
    Param.Type type = Param.Type.STRING;
    Optional<YamlNode> value = Optional.empty();
    if (entry.value() instanceof Mapping property) {
      type = type(text(property, "type"));
      value = property.get("default");
    }
    add(entry.key(), type, false, value.map(Parameters::scalar), "", entry.keySpan());
  }

  private static String text(Mapping map, String key) {
    return map.get(key).orElse(null) instanceof Scalar scalar ? scalar.text() : "";
  }

  private static String scalar(YamlNode node) {
    return node instanceof Scalar scalar ? (scalar.isNull() ? "" : scalar.text()) : Json.text(node);
  }

  private void item(YamlNode item) {
    switch (item) {
      case Scalar scalar ->
          Texts.params(scalar.text())
              .forEach(
                  param -> {
                    boolean named = !param.name().matches("[0-9]+");
                    String name = named ? param.name() : Integer.toString(declared.size() + 1);
                    value(name, param.value(), item.span());
                  });
      case Mapping map when map.has("name") && isRich(map) -> rich(map);
      case Mapping map -> {
        root.section().ledger().settleAll(map);
        map.entries().forEach(entry -> simple(entry.key(), entry.value(), entry.keySpan()));
      }
      case Sequence list -> root.wrongType(list, "a parameter", "a text or a mapping");
    }
  }

  private static boolean isRich(Mapping map) {
    return map.entries().stream().anyMatch(entry -> RICH.contains(entry.key()));
  }

  private void rich(Mapping map) {
    Fields fields = root.open(map, "param");
    String name = fields.text("name").orElse("");
    Optional<String> value = fields.text("default");
    Optional<String> eval = fields.text("eval");
    String description = fields.text("description").orElse("");
    Param.Type type = type(fields.text("type").orElse("string"));
    boolean required = fields.flag("required");
    fields.close();
    if (eval.isPresent()) {
      add(name, Param.Type.STRING, false, Optional.empty(), description, map.span());
      computed.add(new Env.Entry(name, eval.get(), map.span()));
    } else {
      add(name, type, required && value.isEmpty(), value, description, map.span());
    }
  }

  private static Param.Type type(String written) {
    return switch (written) {
      case "integer" -> Param.Type.INTEGER;
      case "number" -> Param.Type.NUMBER;
      case "boolean" -> Param.Type.BOOLEAN;
      default -> Param.Type.STRING;
    };
  }

  private void simple(String name, YamlNode node, SourceSpan span) {
    value(name, scalar(node), span);
  }

  private void value(String name, String text, SourceSpan span) {
    Env.Entry entry = new Env.Entry(name, text, span);
    if (entry.needsShell(scope)) {
      add(name, Param.Type.STRING, false, Optional.empty(), "", span);
      computed.add(entry);
    } else if (Texts.references(text).isEmpty()) {
      add(name, Param.Type.STRING, false, Optional.of(text), "", span);
    } else {
      String other = Words.text(text, scope);
      add(name, Param.Type.STRING, false, Optional.empty(), "", span);
      see(name, "params[?" + Cel.quoted(name) + "].orValue(" + other + ")");
    }
  }

  private void add(
      String name,
      Param.Type type,
      boolean required,
      Optional<String> value,
      String description,
      SourceSpan span) {
    Object typed = value.<Object>map(text -> typed(type, text)).orElse("");
    value.ifPresent(text -> defaults.put(name, typed));
    declared.put(
        name,
        new Param(
            name,
            type,
            required,
            value.isPresent(),
            value.isPresent() ? typed : null,
            description,
            span));
    see(name, Scope.given(name));
  }

  private static Object typed(Param.Type type, String text) {
    try {
      return switch (type) {
        case INTEGER -> Long.parseLong(text.strip());
        case NUMBER -> Double.parseDouble(text.strip());
        case BOOLEAN -> Boolean.parseBoolean(text.strip());
        case STRING, ARRAY, OBJECT, ANY -> text;
      };
    } catch (NumberFormatException e) {
      return text;
    }
  }

  private void see(String name, String value) {
    scope.params.put(name, value);
    scope.variables.put(name, value);
  }

  /** Names that nothing sets may be given. */
  void free(Set<String> names, SourceSpan span) {
    for (String name : names) {
      declared.computeIfAbsent(
          name,
          free ->
              new Param(
                  free,
                  Param.Type.STRING,
                  false,
                  false,
                  null,
                  "a variable that the file reads and nothing sets",
                  span));
    }
  }
}
