package dev.fanfare.trigger;

import dev.fanfare.json.Json;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of a delivery as {@code event}: a JSON object, or a form. Where a form has the field
 * {@code payload}, as GitHub sends it, the JSON in it is the event.
 *
 * @param problem why there is no event; empty where there is one
 */
public record Payload(Optional<Map<String, Object>> event, String problem) {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String NO_OBJECT =
      "the body must be a JSON object, or a form; what is in it becomes 'event'";

  private static Payload wrong(String problem) {
    return new Payload(Optional.empty(), problem);
  }

  /** Reads a body; an empty one is an empty object. */
  public static Payload read(@Nullable String contentType, byte[] body) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return wrong("the body is not UTF-8");
    }
    boolean form = contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith(FORM);
    return form ? form(text) : object(text);
  }

  private static Payload object(String text) {
    if (text.isBlank()) {
      return new Payload(Optional.of(Map.of()), "");
    }
    try {
      if (!(Json.parse(text) instanceof Map<?, ?> map)) {
        return wrong(NO_OBJECT);
      }
      Map<String, Object> event = new LinkedHashMap<>();
      map.forEach((key, value) -> event.put(String.valueOf(key), value));
      return new Payload(Optional.of(event), "");
    } catch (Json.JsonException e) {
      return wrong("the body is not JSON: " + e.getMessage());
    }
  }

  private static Payload form(String text) {
    Map<String, Object> fields = new LinkedHashMap<>();
    try {
      for (String pair : text.strip().split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        if (!name.isEmpty()) {
          fields.put(decoded(name), decoded(value));
        }
      }
    } catch (IllegalArgumentException e) {
      return wrong("the body is no form: " + e.getMessage());
    }
    return fields.get("payload") instanceof String payload
        ? object(payload)
        : new Payload(Optional.of(fields), "");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
