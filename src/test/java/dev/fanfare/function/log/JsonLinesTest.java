package dev.fanfare.function.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A record as a line of JSON. */
class JsonLinesTest {

  private static Map<?, ?> line(ExtLogRecord record) throws Json.JsonException {
    String line = new JsonLines().format(record);
    assertTrue(line.endsWith("\n"));
    assertFalse(line.strip().contains("\n"), line);
    return (Map<?, ?>) Json.parse(line);
  }

  private static ExtLogRecord record(String message, Object... parameters) {
    ExtLogRecord record =
        new ExtLogRecord(Level.WARNING, message, ExtLogRecord.FormatStyle.MESSAGE_FORMAT, "x");
    record.setLoggerName("dev.fanfare.Some");
    record.setParameters(parameters);
    return record;
  }

  @AfterEach
  void end() {
    FunctionLog.end();
  }

  @Test
  void a_record_has_a_time_a_level_a_logger_and_its_message_filled_in() throws Exception {
    Map<?, ?> line = line(record("{0} of\n\"{1}\"", 3, "ü"));
    assertEquals("3 of\n\"ü\"", line.get("message"));
    assertEquals("WARNING", line.get("level"));
    assertEquals("dev.fanfare.Some", line.get("logger"));
    assertTrue(String.valueOf(line.get("timestamp")).matches("20..-..-..T.*Z"));
    assertFalse(line.containsKey("requestId"));
  }

  @Test
  void fields_are_members_of_the_line() throws Exception {
    Map<?, ?> line = line(record("tick", new LogFields(Map.of("stuckRuns", 0, "step", "a.b"))));
    assertEquals(0L, line.get("stuckRuns"));
    assertEquals("a.b", line.get("step"));
  }

  @Test
  void what_is_logged_during_an_invocation_names_it_and_its_trace() throws Exception {
    FunctionLog.begin(
        "8476a536-e9f4-11e8",
        Optional.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    Map<?, ?> line = line(record("so"));
    assertEquals("8476a536-e9f4-11e8", line.get("requestId"));
    assertEquals("4bf92f3577b34da6a3ce929d0e0e4736", line.get("traceId"));
    FunctionLog.begin("1", Optional.of("nothing of the kind"));
    assertFalse(line(record("so")).containsKey("traceId"));
  }

  @Test
  void an_exception_is_an_object_and_no_further_lines() throws Exception {
    ExtLogRecord record = record("went wrong");
    record.setThrown(new IllegalStateException("why", new RuntimeException("deeper")));
    Map<?, ?> error = (Map<?, ?>) line(record).get("error");
    assertEquals("java.lang.IllegalStateException", error.get("type"));
    assertEquals("why", error.get("message"));
    assertTrue(String.valueOf(error.get("stack")).contains("deeper"));
  }
}
