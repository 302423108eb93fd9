package dev.fanfare.expression;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kinds of values, and what a function may ask for. As a value, a kind is a CEL type. */
enum Kind {
  NULL("null_type", "null"),
  BOOL("bool", "a boolean"),
  INT("int", "a whole number"),
  DOUBLE("double", "a decimal number"),
  STRING("string", "text"),
  BYTES("bytes", "bytes"),
  LIST("list", "a list"),
  MAP("map", "a map"),
  TIMESTAMP("google.protobuf.Timestamp", "a timestamp"),
  DURATION("google.protobuf.Duration", "a duration"),
  OPTIONAL("optional_type", "an optional"),
  TYPE("type", "a type"),
  /** Asked for only: {@link #INT} or {@link #DOUBLE}. */
  NUMBER("number", "a number"),
  /** Asked for only. */
  ANY("dyn", "anything");

  private final String type;
  private final String words;

  Kind(String type, String words) {
    this.type = type;
    this.words = words;
  }

  /** The name in CEL. */
  String type() {
    return type;
  }

  /** The name in messages: "a whole number". */
  String words() {
    return words;
  }

  boolean accepts(Kind given) {
    return this == given
        || this == ANY
        || given == ANY
        || (this == NUMBER && (given == INT || given == DOUBLE))
        || (given == NUMBER && (this == INT || this == DOUBLE));
  }

  static Kind of(@Nullable Object value) {
    if (value instanceof String) {
      return STRING;
    }
    if (value instanceof Long) {
      return INT;
    }
    return switch (value) {
      case null -> NULL;
      case Boolean v -> BOOL;
      case Double v -> DOUBLE;
      case Bytes v -> BYTES;
      case List<?> v -> LIST;
      case Map<?, ?> v -> MAP;
      case Instant v -> TIMESTAMP;
      case Duration v -> DURATION;
      case Optional<?> v -> OPTIONAL;
      case Kind v -> TYPE;
      default ->
          throw Failure.of("a value is of a kind that expressions do not know; this is a defect");
    };
  }

  /** A value of the scope with its numbers as the evaluator wants them. */
  static @Nullable Object normal(@Nullable Object value) {
    return value instanceof Number number && !(value instanceof Long || value instanceof Double)
        ? dev.fanfare.json.Json.plain(number)
        : value;
  }

  /** The type that a name stands for in an expression, null where it names none. */
  static @Nullable Kind named(String name) {
    return switch (name) {
      case "null_type" -> NULL;
      case "bool" -> BOOL;
      case "int" -> INT;
      case "double" -> DOUBLE;
      case "string" -> STRING;
      case "bytes" -> BYTES;
      case "list" -> LIST;
      case "map" -> MAP;
      case "type" -> TYPE;
      case "optional_type" -> OPTIONAL;
      default -> null;
    };
  }
}
