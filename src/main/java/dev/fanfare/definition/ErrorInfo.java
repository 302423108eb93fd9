package dev.fanfare.definition;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why something failed, as data.
 *
 * @param code stable name of the kind of failure in snake_case: {@code exit_code}, {@code
 *     http_status}, {@code timed_out}, {@code expression_failed}, {@code worker_lost}
 * @param message a sentence for a person
 * @param details values behind the message, JSON as Java
 */
public record ErrorInfo(String code, String message, Map<String, Object> details) {

  public ErrorInfo {
    details = Ordered.copyOf(details);
  }

  public static ErrorInfo of(String code, String message) {
    return new ErrorInfo(code, message, Map.of());
  }

  public ErrorInfo with(String key, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(details);
    more.put(key, value);
    return new ErrorInfo(code, message, more);
  }

  public ErrorInfo causedBy(List<ErrorInfo> causes) {
    return with("causes", causes.stream().map(ErrorInfo::toJson).toList());
  }

  /** As expressions and outputs show it: {@code {code, message, ...details}}. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", code);
    json.put("message", message);
    json.putAll(details);
    return json;
  }

  /** The inverse of {@link #toJson()}. */
  public static ErrorInfo fromJson(Map<String, Object> json) {
    Map<String, Object> details = new LinkedHashMap<>(json);
    Object code = details.remove("code");
    Object message = details.remove("message");
    return new ErrorInfo(String.valueOf(code), String.valueOf(message), details);
  }
}
