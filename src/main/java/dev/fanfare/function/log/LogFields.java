package dev.fanfare.function.log;

import java.util.Map;

/** Parameter of a log record whose entries become fields of its line. */
public record LogFields(Map<String, Object> values) {

  @Override
  public String toString() {
    return values.toString();
  }
}
