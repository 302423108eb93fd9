package dev.fanfare.dsl;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.fanfare.json.Json;
import dev.fanfare.json.Typed;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A JSON value, to be read as what it should be. */
public final class Value {

  private static final int SHOWN = 60;

  private final @Nullable Object plain;
  private final String name;

  private Value(@Nullable Object plain, String name) {
    this.plain = plain;
    this.name = name;
  }

  /**
   * A value under the name that messages give it.
   *
   * @param plain JSON as Java
   */
  public static Value of(@Nullable Object plain, String name) {
    return new Value(plain, name);
  }

  /** JSON as Java: maps, lists, texts, {@code Long}, {@code Double}, {@code Boolean} or null. */
  @JsonValue
  public @Nullable Object raw() {
    return plain;
  }

  public boolean isPresent() {
    return plain != null;
  }

  /** A member of an object; nothing where there is none, or this is no object. */
  public Value get(String member) {
    Object value = plain instanceof Map<?, ?> map ? map.get(member) : null;
    return new Value(value, name + "." + member);
  }

  /** An element of a list, from 0; nothing where there is none, or this is no list. */
  public Value get(int index) {
    Object value =
        plain instanceof List<?> list && index >= 0 && index < list.size() ? list.get(index) : null;
    return new Value(value, name + "[" + index + "]");
  }

  /** How many elements a list, members an object, or characters a text has; 0 for others. */
  public int size() {
    return switch (plain) {
      case List<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case String text -> text.length();
      case null, default -> 0;
    };
  }

  /**
   * As an object of a type: a record, a bean, an enum, a number, a text.
   *
   * @throws FlowException when it is nothing, or something else
   */
  public <T> T as(Class<T> type) {
    if (plain == null) {
      throw new FlowException(name + " is nothing, and not a " + type.getSimpleName());
    }
    try {
      return Objects.requireNonNull(Typed.as(plain, type));
    } catch (IllegalArgumentException e) {
      throw new FlowException(
          "%s is no %s: %s".formatted(name, type.getSimpleName(), firstLine(e)), e);
    }
  }

  /** As a list of a type. */
  public <T> List<T> asList(Class<T> type) {
    if (!(plain instanceof List<?>)) {
      throw new FlowException(name + " is no list but " + shown());
    }
    try {
      return Typed.list(plain, type);
    } catch (IllegalArgumentException e) {
      throw new FlowException(
          "%s is no list of %s: %s".formatted(name, type.getSimpleName(), firstLine(e)), e);
    }
  }

  /** As a map from names to a type. */
  public <T> Map<String, T> asMap(Class<T> type) {
    if (!(plain instanceof Map<?, ?>)) {
      throw new FlowException(name + " is no object but " + shown());
    }
    return Typed.map(plain, type);
  }

  public String asText() {
    return switch (plain) {
      case String text -> text;
      case Number number -> number.toString();
      case Boolean bool -> bool.toString();
      case null, default -> throw new FlowException(name + " is no text but " + shown());
    };
  }

  public long asLong() {
    return plain instanceof Long number ? number : as(Long.class);
  }

  public int asInt() {
    return as(Integer.class);
  }

  public double asDouble() {
    return as(Double.class);
  }

  public boolean asBoolean() {
    return as(Boolean.class);
  }

  /** Whether it is true; nothing is not. */
  public boolean isTrue() {
    return Boolean.TRUE.equals(plain);
  }

  private String shown() {
    String json = Json.write(plain);
    return plain == null
        ? "nothing"
        : json.length() > SHOWN ? json.substring(0, SHOWN) + "..." : json;
  }

  private static String firstLine(IllegalArgumentException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Value value && Objects.equals(plain, value.plain);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(plain);
  }

  /** The value as JSON. */
  @Override
  public String toString() {
    return Json.write(plain);
  }
}
