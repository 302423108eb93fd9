package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Param;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Parameters: {@code {type, required, default, description}}, or a default value from which the
 * type follows.
 *
 * <p>A mapping is always the long form: a default that is a mapping is written as {@code {type:
 * object, default: {...}}}. A name with nothing behind it is a parameter of any type that may be
 * left out.
 */
final class ParamParser {

  private static final List<String> KEYS = List.of("type", "required", "default", "description");

  private final Values values;
  private final Names names;

  ParamParser(Values values) {
    this.values = values;
    this.names = new Names(values.problems());
  }

  Map<String, Param> params(YamlNode node) {
    Map<String, Param> params = new LinkedHashMap<>();
    for (Entry entry : values.entries(node, "'params'")) {
      names.field("a parameter's name", entry.key(), entry.keySpan());
      params.put(entry.key(), param(entry));
    }
    return params;
  }

  private Param param(Entry entry) {
    String name = entry.key();
    SourceSpan span = entry.keySpan();
    if (!(entry.value() instanceof Mapping map)) {
      warnOfTypeName(entry);
      Object value = values.plain(entry.value(), "a default");
      return new Param(name, typeOf(value), false, true, value, "", span);
    }
    return Fields.open(map, "parameter '" + name + "'", KEYS, "", values)
        .map(fields -> longForm(name, span, fields))
        .orElseGet(() -> new Param(name, Param.Type.ANY, false, false, null, "", span));
  }

  private Param longForm(String name, SourceSpan span, Fields fields) {
    Param.Type type = fields.choice("type", Param.Type.values(), Param.Type.ANY);
    boolean required = fields.bool("required", false);
    Optional<YamlNode> written = fields.node("default");
    Object value = written.isPresent() ? values.plain(written.get(), "'default'") : null;
    if (written.isPresent() && value != null && !fits(type, value)) {
      values.badValue(
          written.get(),
          "the default of '"
              + name
              + "' must be of type "
              + word(type)
              + ", found "
              + Values.describe(written.get()),
          type == Param.Type.STRING ? "put it in quotes" : "");
    }
    if (required && written.isPresent()) {
      values
          .problems()
          .warning(
              "required-with-default",
              "parameter '" + name + "' has a default, so no run can miss it",
              fields.keySpan("required"),
              "remove 'required' or 'default'");
    }
    return new Param(
        name,
        type,
        required && written.isEmpty(),
        written.isPresent(),
        value,
        fields.note("description"),
        span);
  }

  private void warnOfTypeName(Entry entry) {
    boolean type =
        entry.value() instanceof YamlNode.Scalar scalar
            && scalar.style() == YamlNode.Style.PLAIN
            && Arrays.stream(Param.Type.values()).anyMatch(t -> word(t).equals(scalar.text()));
    if (type) {
      String word = ((YamlNode.Scalar) entry.value()).text();
      values
          .problems()
          .warning(
              "type-as-default",
              "the default of '" + entry.key() + "' is the text '" + word + "'",
              entry.value().span(),
              "for the type write { type: " + word + " }; for the text put it in quotes");
    }
  }

  private static String word(Param.Type type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private static Param.Type typeOf(@Nullable Object value) {
    return switch (value) {
      case null -> Param.Type.ANY;
      case String text -> Param.Type.STRING;
      case Long whole -> Param.Type.INTEGER;
      case Number number -> Param.Type.NUMBER;
      case Boolean bool -> Param.Type.BOOLEAN;
      case List<?> list -> Param.Type.ARRAY;
      case Map<?, ?> map -> Param.Type.OBJECT;
      default -> Param.Type.ANY;
    };
  }

  private static boolean fits(Param.Type type, Object value) {
    return switch (type) {
      case ANY -> true;
      case STRING -> value instanceof String;
      case NUMBER -> value instanceof Number;
      case INTEGER -> value instanceof Long;
      case BOOLEAN -> value instanceof Boolean;
      case ARRAY -> value instanceof List<?>;
      case OBJECT -> value instanceof Map<?, ?>;
    };
  }
}
