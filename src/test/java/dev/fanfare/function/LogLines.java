package dev.fanfare.function;

import dev.fanfare.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The log of a function, line by line. */
record LogLines(List<Map<?, ?>> lines) {

  /** Fails for a whole line that is no JSON object; the first one may be cut. */
  static LogLines of(String log) {
    List<Map<?, ?>> lines = new ArrayList<>();
    boolean first = true;
    for (String line : log.strip().split("\n")) {
      try {
        if (Json.parse(line) instanceof Map<?, ?> object) {
          lines.add(object);
        } else {
          throw new AssertionError("no object: " + line);
        }
      } catch (Json.JsonException e) {
        if (!first) {
          throw new AssertionError("no JSON: " + line, e);
        }
      }
      first = false;
    }
    return new LogLines(lines);
  }

  List<String> values(String field) {
    return lines.stream()
        .filter(line -> line.get(field) != null)
        .map(line -> String.valueOf(line.get(field)))
        .toList();
  }

  /** The lines with this message. */
  List<Map<?, ?>> saying(String message) {
    List<Map<?, ?>> found = new ArrayList<>();
    for (Map<?, ?> line : lines) {
      if (message.equals(line.get("message"))) {
        found.add(line);
      }
    }
    return found;
  }
}
