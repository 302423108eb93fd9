package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.yaml.YamlNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A declared parameter of a pipeline, job, command or executor.
 *
 * @param values what an enum allows
 * @param fallback its default
 */
record Parameter(
    String name, Type type, List<String> values, Optional<YamlNode> fallback, SourceSpan span) {

  Parameter {
    values = List.copyOf(values);
  }

  /** What its values must be. */
  enum Type {
    STRING,
    BOOLEAN,
    INTEGER,
    ENUM,
    EXECUTOR,
    STEPS,
    ENV_VAR_NAME;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Type> of(String id) {
      return Arrays.stream(values()).filter(type -> type.id().equals(id)).findFirst();
    }
  }

  /** What a value must be, for messages: {@code of type integer}. */
  String allowed() {
    return type == Type.ENUM ? "one of " + String.join(", ", values) : "of type " + type.id();
  }

  /** A value of its type, for looking at definitions that nothing uses. */
  Value placeholder() {
    return switch (type) {
      case STRING -> new Value.Text("text");
      case ENUM -> new Value.Text(values.isEmpty() ? "text" : values.getFirst());
      case BOOLEAN -> Value.of(true);
      case INTEGER -> Value.of(1);
      case EXECUTOR -> new Value.Text("");
      case STEPS -> new Value.Steps(List.of(), Scope.NONE);
      case ENV_VAR_NAME -> new Value.Text("NAME");
    };
  }
}
