package dev.fanfare.work.http;

import dev.fanfare.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The content of a request.
 *
 * @param contentType what it is; a header that the person gave wins
 */
record RequestBody(String text, String contentType) {

  private static final String FORM = "application/x-www-form-urlencoded";

  /**
   * A text goes as it is, an object to a form where the person asks for one, the rest as JSON.
   *
   * @param given the person's Content-Type
   */
  static RequestBody of(Object value, Optional<String> given) {
    if (value instanceof String text) {
      return new RequestBody(text, given.orElse("text/plain; charset=utf-8"));
    }
    if (value instanceof Map<?, ?> fields
        && given.filter(type -> type.startsWith(FORM)).isPresent()) {
      return new RequestBody(form(fields), given.get());
    }
    return new RequestBody(Json.write(value), given.orElse("application/json"));
  }

  private static String form(Map<?, ?> fields) {
    return fields.entrySet().stream()
        .map(field -> Url.encode(text(field.getKey())) + "=" + Url.encode(text(field.getValue())))
        .collect(Collectors.joining("&"));
  }

  private static String text(Object value) {
    return value instanceof String text ? text : Json.write(value);
  }
}
