package dev.fanfare.function.log;

import dev.fanfare.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jspecify.annotations.Nullable;

/** One JSON object a line: what every record has, and the fields that it brings. */
final class JsonLines extends ExtFormatter {

  /** CloudWatch takes 256 KiB in one event. */
  private static final int LONGEST = 32_000;

  @Override
  public String format(ExtLogRecord record) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("timestamp", record.getInstant().truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("level", record.getLevel().getName());
    line.put("logger", String.valueOf(record.getLoggerName()));
    line.put("message", cut(String.valueOf(formatMessage(record))));
    put(line, "function", FunctionLog.function());
    FunctionLog.Current current = FunctionLog.current();
    put(line, "requestId", current.requestId());
    put(line, "traceId", current.traceId());
    @Nullable Object @Nullable [] parameters = record.getParameters();
    if (parameters != null) {
      for (Object parameter : parameters) {
        if (parameter instanceof LogFields fields) {
          line.putAll(fields.values());
        }
      }
    }
    Throwable thrown = record.getThrown();
    if (thrown != null) {
      line.put("error", error(thrown));
    }
    return Json.write(line) + "\n";
  }

  private static void put(Map<String, Object> line, String name, String value) {
    if (!value.isEmpty()) {
      line.put(name, value);
    }
  }

  private static Map<String, Object> error(Throwable thrown) {
    StringWriter stack = new StringWriter();
    thrown.printStackTrace(new PrintWriter(stack, true));
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("type", thrown.getClass().getName());
    error.put("message", cut(String.valueOf(thrown.getMessage())));
    error.put("stack", cut(stack.toString()));
    return error;
  }

  private static String cut(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
