package dev.fanfare.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the header, case by case as the standard has them. */
class TraceContextTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";
  private static final UUID RUN = UUID.fromString("0198c5a2-7b1e-7c3d-9f00-112233445566");

  private static TraceContext read(String parent) {
    return TraceContext.of(parent, null).orElseThrow();
  }

  private static String state(String state) {
    return TraceContext.of(PARENT, state).orElseThrow().state();
  }

  @Test
  void a_header_is_read_and_written() {
    TraceContext trace = read(PARENT);
    assertEquals(new TraceContext(TRACE, SPAN, true, ""), trace);
    assertEquals(PARENT, trace.parent());
    assertEquals("00-" + TRACE + "-" + SPAN + "-00", read(PARENT.replace("-01", "-00")).parent());
  }

  @Test
  void flags_that_nobody_knows_are_not_handed_on() {
    assertEquals(PARENT, read("00-" + TRACE + "-" + SPAN + "-ff").parent());
    assertEquals(
        "00-" + TRACE + "-" + SPAN + "-00", read("00-" + TRACE + "-" + SPAN + "-fe").parent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cc-" + TRACE + "-" + SPAN + "-01",
        "cc-" + TRACE + "-" + SPAN + "-01-",
        "cc-" + TRACE + "-" + SPAN + "-01-what-the-future-will-be-like",
        "01-" + TRACE + "-" + SPAN + "-09-.",
      })
  void a_later_version_is_read_as_far_as_this_one_goes(String header) {
    assertEquals(PARENT, read(header).parent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "nonsense",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-01-",
        "00-" + TRACE + "-" + SPAN + "-01-what",
        "00-" + TRACE + "-" + SPAN + "-01.",
        "cc-" + TRACE + "-" + SPAN + "-01.what",
        "00-" + TRACE + "-" + SPAN + "-010",
        "00-" + TRACE + "-" + SPAN + "-1",
        "00-" + TRACE + "-" + SPAN + "-.1",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
        "00-" + TRACE + "-00F067AA0BA902B7-01",
        "00-" + TRACE + "-" + SPAN + "-0A",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-" + TRACE + "0-" + SPAN + "-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "0-01",
        "00-" + TRACE + "-00f067aa0ba902b-01",
        "00-.bf92f3577b34da6a3ce929d0e0e4736-" + SPAN + "-01",
        "0-" + TRACE + "-" + SPAN + "-01",
        "0x-" + TRACE + "-" + SPAN + "-01",
        "000-" + TRACE + "-" + SPAN + "-01",
        "00_" + TRACE + "-" + SPAN + "-01",
        " " + PARENT,
        PARENT + "\n",
        PARENT + "," + PARENT,
      })
  void what_is_malformed_is_as_good_as_not_there(String header) {
    assertEquals(Optional.empty(), TraceContext.of(header, "a=1"));
  }

  @Test
  void a_state_is_nothing_without_a_parent() {
    assertEquals(Optional.empty(), TraceContext.of(null, "a=1"));
    assertEquals(Optional.empty(), TraceContext.in(Map.of(TraceContext.STATE, "a=1")));
    assertEquals(Optional.empty(), TraceContext.in(Map.of(TraceContext.PARENT, 7L)));
  }

  @Test
  void a_state_is_carried_as_it_is() {
    assertEquals(
        "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
        state("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"));
    assertEquals("a=1 , \t b=2", state("  a=1 , \t b=2 "));
    assertEquals("", state(" "));
  }

  @Test
  void a_state_that_is_too_long_loses_whole_members_from_its_end() {
    String member = "x=" + "y".repeat(260);
    assertEquals("a=1," + member, state("a=1," + member + "," + member + ",b=2"));
    assertEquals("", state("x=" + "y".repeat(511)));
    assertEquals(512, state("x=" + "y".repeat(510)).length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=1\r\nX-Evil: 1", "a=\0", "a=ü"})
  void a_state_that_no_header_can_hold_is_left_out(String state) {
    assertEquals("", state(state));
  }

  @Test
  void a_run_that_came_without_a_trace_is_one_by_its_id() {
    TraceContext trace = TraceContext.ofRun(RUN, Map.of("trigger", "http"));
    assertEquals("0198c5a27b1e7c3d9f00112233445566", trace.traceId());
    assertTrue(trace.sampled());
    assertEquals(Optional.of(trace), TraceContext.of(trace.parent(), null));
    assertEquals(trace, TraceContext.ofRun(RUN, Map.of(TraceContext.PARENT, "nonsense")));
  }

  @Test
  void the_context_of_a_run_keeps_what_it_was_started_with() {
    TraceContext trace = TraceContext.of(PARENT, "a=1").orElseThrow();
    Map<String, Object> context = new HashMap<>();
    trace.into(context);
    assertEquals(Map.of("traceparent", PARENT, "tracestate", "a=1"), context);
    assertEquals(trace, TraceContext.ofRun(RUN, context));
  }

  @Test
  void every_attempt_of_every_step_of_every_run_has_a_span_and_always_the_same() {
    TraceContext trace = TraceContext.of(PARENT, "a=1").orElseThrow();
    // printf '0198c5a2-7b1e-7c3d-9f00-112233445566 build 1' | sha256sum
    assertEquals(
        new TraceContext(TRACE, "9f06095e515a5bc4", true, "a=1"), trace.attempt(RUN, "build", 1));
    assertEquals(trace.attempt(RUN, "build", 1), trace.attempt(RUN, "build", 1));
    Set<String> spans = new HashSet<>(Set.of(SPAN));
    for (UUID run : Set.of(RUN, new UUID(1, 2))) {
      for (String step : Set.of("build", "test[0]", "test[1]")) {
        for (int attempt = 1; attempt <= 12; attempt++) {
          assertTrue(spans.add(trace.attempt(run, step, attempt).spanId()));
        }
      }
    }
  }
}
