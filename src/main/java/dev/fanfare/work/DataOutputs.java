package dev.fanfare.work;

import dev.fanfare.definition.Output;
import dev.fanfare.json.Json;
import io.burt.jmespath.JmesPathException;
import io.burt.jmespath.jcf.JcfRuntime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Outputs that are data of what the work brought ({@link Output.Data}): forgiving throughout. */
public final class DataOutputs {

  private DataOutputs() {}

  /** Whether there are any. */
  public static boolean in(Map<String, Output> outputs) {
    return outputs.values().stream().anyMatch(Output.Data.class::isInstance);
  }

  /** Their values by name. */
  public static Map<String, @Nullable Object> of(
      Map<String, Output> outputs, @Nullable Object data) {
    Object parsed = parsed(data);
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    outputs.forEach(
        (name, output) -> {
          if (output instanceof Output.Data found) {
            values.put(name, queried(parsed, found.jmespath()));
          }
        });
    return values;
  }

  /** One of them. */
  public static @Nullable Object value(Output.Data output, @Nullable Object data) {
    return queried(parsed(data), output.jmespath());
  }

  private static @Nullable Object parsed(@Nullable Object data) {
    if (!(data instanceof String text)) {
      return data;
    }
    try {
      return Json.parse(text);
    } catch (Json.JsonException e) {
      return text;
    }
  }

  private static @Nullable Object queried(@Nullable Object data, Optional<String> jmespath) {
    if (jmespath.isEmpty()) {
      return data;
    }
    try {
      return new JcfRuntime().compile(jmespath.get()).search(data);
    } catch (JmesPathException e) {
      return null;
    }
  }
}
