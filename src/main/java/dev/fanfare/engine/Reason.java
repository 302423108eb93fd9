package dev.fanfare.engine;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why a step is where it is, as data; sentences are made from it at the edge.
 *
 * @param code stable name; {@code docs/events.md} lists them with their values
 * @param values what the sentence needs
 */
public record Reason(String code, Map<String, Object> values) {

  static Reason of(String code, Object... keysAndValues) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return new Reason(code, values);
  }

  /** As stored and shown: {@code {code, ...values}}. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", code);
    json.putAll(values);
    return json;
  }

  /** The inverse of {@link #toJson()}. */
  public static Reason fromJson(Map<String, Object> json) {
    Map<String, Object> values = new LinkedHashMap<>(json);
    Object code = values.remove("code");
    return new Reason(String.valueOf(code), values);
  }
}
