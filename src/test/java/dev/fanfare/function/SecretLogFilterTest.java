package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.secret.Masker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class SecretLogFilterTest {

  private static final Masker MASKER = Masker.of(List.of("hunter2"));

  private static String trace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace, true));
    return trace.toString();
  }

  private static LogRecord covered(LogRecord record) {
    SecretLogFilter.cover(record, MASKER);
    return record;
  }

  @Test
  void messages_and_parameters_are_covered_and_others_stay_what_they_are() {
    LogRecord record = new LogRecord(Level.INFO, "GET /?t=hunter2 gave {0} {1} {2}");
    Object number = 7L;
    record.setParameters(new Object[] {"got hunter2", number, null});
    covered(record);
    assertEquals("GET /?t=*** gave {0} {1} {2}", record.getMessage());
    assertEquals("got ***", record.getParameters()[0]);
    assertSame(number, record.getParameters()[1]);
  }

  @Test
  void what_was_thrown_is_covered_with_its_causes_and_keeps_its_places() {
    RuntimeException cause = new IllegalStateException("with hunter2");
    RuntimeException thrown = new RuntimeException("outer", cause);
    thrown.addSuppressed(new IllegalArgumentException("and hunter2"));
    LogRecord record = new LogRecord(Level.INFO, "failed");
    record.setThrown(thrown);
    String trace = trace(covered(record).getThrown());
    assertFalse(trace.contains("hunter2"), trace);
    assertEquals(trace(thrown).replace("hunter2", "***").strip(), trace.strip());
    assertTrue(trace.contains("Caused by: java.lang.IllegalStateException: with ***"), trace);
  }

  @Test
  void what_says_nothing_secret_stays_the_same_object() {
    RuntimeException thrown = new RuntimeException("outer", new RuntimeException("inner"));
    thrown.getCause().addSuppressed(thrown);
    LogRecord record = new LogRecord(Level.INFO, null);
    record.setThrown(thrown);
    assertSame(thrown, covered(record).getThrown());
  }

  @Test
  void causes_in_a_circle_come_to_an_end() {
    RuntimeException one = new RuntimeException("one");
    RuntimeException two = new RuntimeException("two hunter2", one);
    one.initCause(two);
    LogRecord record = new LogRecord(Level.INFO, "");
    record.setThrown(one);
    assertFalse(trace(covered(record).getThrown()).contains("hunter2"));
  }
}
