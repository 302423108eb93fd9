package dev.fanfare.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.engine.Event;
import dev.fanfare.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is left in an inbox is read as it was. */
class EventJsonTest {

  private static Event again(Event event) throws Json.JsonException {
    return EventJson.read(Json.parseOwnObject(String.valueOf(Encoding.json(EventJson.of(event)))));
  }

  @Test
  void a_begin_and_every_kind_of_report_come_back() throws Exception {
    ErrorInfo error =
        new ErrorInfo(
            "exit_code",
            "it \"failed\"",
            Map.of("exitCode", 3L, "code", "x", "details", List.of()));
    assertEquals(new Event.Begin("a[1].b", 7), again(new Event.Begin("a[1].b", 7)));
    for (Outcome outcome :
        List.of(
            Outcome.Succeeded.of(Map.of("a", List.of(1L, "ü\n", true, 1.5))),
            new Outcome.Succeeded(null, Optional.of(0)),
            new Outcome.Failed(error, "partly"),
            Outcome.Failed.of(ErrorInfo.of("c", "m")),
            new Outcome.Skipped("nothing to do"),
            new Outcome.TimedOut(error),
            new Outcome.Stopped("cancelled"),
            new Outcome.Child(UUID.randomUUID(), "other"))) {
      Event.Report report =
          new Event.Report("s", 2, outcome, new Event.Cost(12, 512, true), Duration.ZERO);
      assertEquals(report, again(report));
    }
  }

  @Test
  void a_report_that_was_left_asks_for_no_continuation() throws Exception {
    Event.Report report = new Event.Report("s", 1, Outcome.Succeeded.of(1L), Event.Cost.NONE, true);
    assertFalse(((Event.Report) again(report)).continues());
  }

  @Test
  void other_events_are_not_left() {
    Event other = new Event.Cancel("me", "");
    assertFalse(InboxStore.takes(other));
    assertThrows(IllegalArgumentException.class, () -> EventJson.of(other));
  }
}
