package dev.fanfare.function;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what functions are sent: JSON as Java, of which nothing is certain. */
final class Payloads {

  private Payloads() {}

  static Map<String, Object> object(@Nullable Object value) {
    Map<String, Object> object = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, entry) -> object.put(String.valueOf(key), entry));
    }
    return object;
  }

  static Optional<String> text(Map<String, Object> object, String key) {
    return object.get(key) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }
}
