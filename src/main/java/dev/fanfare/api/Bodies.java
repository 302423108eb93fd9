package dev.fanfare.api;

import dev.fanfare.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads request bodies within bounds, and fields of JSON objects, strictly. */
final class Bodies {

  /** Largest body in bytes. */
  static final int LIMIT = 1 << 20;

  private static final int LONGEST_NAME = 255;

  private Bodies() {}

  /**
   * The whole body.
   *
   * @throws ApiException 413 if it is larger than {@link #LIMIT}
   */
  static byte[] read(InputStream body) {
    try {
      byte[] content = body.readNBytes(LIMIT + 1);
      if (content.length > LIMIT) {
        // Read on, so that the sender comes to reading the answer; the server bounds this.
        body.skip(Long.MAX_VALUE);
      }
      return bounded(content);
    } catch (IOException e) {
      throw ApiException.badRequest("the body could not be read: " + e.getMessage());
    }
  }

  /** A body that was read already. */
  static byte[] bounded(byte[] body) {
    if (body.length > LIMIT) {
      throw ApiException.tooLarge(
          "the body is larger than 1 MiB; give large values to a run as files");
    }
    return body;
  }

  /**
   * A body that is one JSON object; an empty body is an empty object.
   *
   * @param known the fields that may be in it
   */
  static Map<String, Object> object(byte[] body, Set<String> known) {
    String text = text(body);
    if (text.isBlank()) {
      return Map.of();
    }
    try {
      return object(Json.parse(text), "the body", known);
    } catch (Json.JsonException e) {
      throw ApiException.badRequest("the body is not JSON: " + e.getMessage());
    }
  }

  /** A body that is any JSON value; an empty body is null. */
  static @Nullable Object value(byte[] body) {
    String text = text(body);
    try {
      return text.isBlank() ? null : Json.parse(text);
    } catch (Json.JsonException e) {
      throw ApiException.badRequest("the body is not JSON: " + e.getMessage());
    }
  }

  /** The entry of an object that is an object itself; any fields; empty where it is absent. */
  static Map<String, Object> object(Map<String, Object> object, String key) {
    Object value = object.get(key);
    return value == null ? Map.of() : object(value, "'" + key + "'", Set.of());
  }

  /** The same with known fields only. */
  static Optional<Map<String, Object>> object(
      Map<String, Object> object, String key, Set<String> known) {
    return Optional.ofNullable(object.get(key)).map(value -> object(value, "'" + key + "'", known));
  }

  private static Map<String, Object> object(
      @Nullable Object value, String what, Set<String> known) {
    if (!(value instanceof Map<?, ?> map)) {
      throw ApiException.badRequest(what + " must be a JSON object");
    }
    Map<String, Object> object = new LinkedHashMap<>();
    map.forEach((key, entry) -> object.put(String.valueOf(key), entry));
    for (String key : object.keySet()) {
      if (!known.isEmpty() && !known.contains(key)) {
        throw ApiException.badRequest(
            what
                + " has no field '"
                + key
                + "'; it has "
                + String.join(", ", new TreeSet<>(known)));
      }
    }
    return object;
  }

  /** A text of an object; empty where it is absent or null. */
  static Optional<String> text(Map<String, Object> object, String key) {
    Object value = object.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text) {
      return Optional.of(text);
    }
    throw ApiException.badRequest("'" + key + "' must be a text");
  }

  /** A short text without control characters: a name, a key, a branch. */
  static Optional<String> name(Optional<String> text, String key) {
    text.ifPresent(
        value -> {
          if (value.isBlank()
              || value.length() > LONGEST_NAME
              || value.chars().anyMatch(Character::isISOControl)) {
            throw ApiException.badRequest(
                "'"
                    + key
                    + "' must have 1 to "
                    + LONGEST_NAME
                    + " characters and no control characters");
          }
        });
    return text;
  }

  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw ApiException.badRequest("the body is not UTF-8");
    }
  }
}
