package dev.fanfare.local.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Progress progress = new Progress();

  @Test
  void a_run_that_waits_for_its_slot_says_so() {
    Map<String, Object> queued =
        event(
            0,
            "run.queued",
            "workflow",
            "release",
            "reason",
            Map.of("code", "concurrency", "key", "eu", "limit", 1L));
    progress.accept(queued);
    assertEquals(
        Optional.of(
            "   0.000 release is queued: it waits for a slot: a run with the concurrency key 'eu'"
                + " is active"),
        progress.line(queued, Style.PLAIN));
  }

  @Test
  void a_log_has_one_line_per_change() {
    List<String> lines = new ArrayList<>();
    for (Map<String, Object> event :
        List.of(
            event(0, "run.started", "workflow", "release"),
            event(5, "step.ready", "step", "build"),
            event(6, "step.dispatched", "step", "build", "attempt", 1),
            event(10, "step.started", "step", "build", "attempt", 1),
            event(1_010, "step.retrying", "step", "build", "attempt", 1, "reason", "exit code 1"),
            event(2_000, "step.started", "step", "build", "attempt", 2),
            event(3_210, "step.succeeded", "step", "build", "attempt", 2),
            event(3_211, "step.skipped", "step", "deploy", "reason", Map.of("message", "no tag")),
            event(3_212, "race.won", "step", "publish", "winner", "publish.primary"),
            event(3_220, "run.finished", "status", "succeeded"))) {
      progress.accept(event);
      progress.line(event, Style.PLAIN).ifPresent(lines::add);
    }
    assertEquals(
        """
        0.000 release started
        0.010 ▸ build running
        1.010 ↻ build retrying: exit code 1
        2.000 ▸ build running (attempt 2)
        3.210 ✓ build succeeded (attempt 2) in 3.2s
        3.211 - deploy skipped: no tag
        3.212 ⚑ publish: publish.primary won\
        """
            .indent(1)
            .stripTrailing(),
        String.join("\n", lines).indent(-2).stripTrailing());
    assertTrue(progress.isFinished());
  }

  @Test
  void a_run_that_ends_says_what_it_will_be_and_why() {
    accept(event(0, "run.started", "workflow", "release"));
    Map<String, Object> ending =
        event(
            10,
            "run.ending",
            "status",
            "cancelled",
            "reason",
            Map.of("message", "the run was cancelled by ann"));
    accept(ending);
    assertEquals(
        "   0.010 release will end cancelled: the run was cancelled by ann (its hooks are at work)",
        progress.line(ending, Style.PLAIN).orElseThrow());
    accept(event(11, "step.started", "step", "build:always", "attempt", 1));
    assertTrue(
        progress
            .frame(START.plusMillis(20), 80, 24, Style.PLAIN)
            .contains("▸ build:always running 9ms"));
    assertFalse(progress.isFinished());
  }

  @Test
  void a_frame_shows_what_is_at_work() {
    accept(event(0, "run.started", "workflow", "release"));
    accept(event(0, "step.started", "step", "build", "attempt", 1));
    accept(event(0, "step.ready", "step", "lint"));
    accept(event(500, "step.waiting", "step", "gate", "reason", "approval"));
    accept(event(900, "step.failed", "step", "scan", "reason", "boom"));
    assertEquals(
        List.of(
            "⠋ release  1.0s  1 done, 1 queued, 1 running, 1 waiting, 1 failed",
            "▸ build running 1.0s",
            "… gate waiting 500ms: approval"),
        progress.frame(START.plusMillis(1_000), 80, 24, Style.PLAIN));
  }

  @Test
  void a_loop_that_pauses_waits_and_is_at_work_again_with_its_next_turn() {
    accept(event(0, "run.started", "workflow", "release"));
    accept(event(0, "step.started", "step", "poll"));
    accept(event(0, "step.started", "step", "poll[0]"));
    accept(event(10, "step.succeeded", "step", "poll[0]"));
    accept(
        event(
            10,
            "loop.paused",
            "step",
            "poll",
            "reason",
            Map.of("code", "loop_pause", "iteration", 1L, "delayMs", 5_000L)));
    assertEquals(
        List.of(
            "⠋ release  20ms  1 done, 1 waiting", "… poll waiting 10ms: turn 1 begins after 5s"),
        progress.frame(START.plusMillis(20), 80, 24, Style.PLAIN));
    accept(event(5_010, "step.started", "step", "poll[1]"));
    assertEquals(
        List.of("▸ poll running 5.0s", "▸ poll[1] running 0ms"),
        progress.frame(START.plusMillis(5_010), 80, 24, Style.PLAIN).subList(1, 3));
  }

  @Test
  void a_large_fan_is_one_line_of_counts() {
    accept(event(0, "run.started", "workflow", "release"));
    for (int i = 0; i < 1_000; i++) {
      accept(event(1, "step.ready", "step", "unit[" + i + "]"));
    }
    for (int i = 0; i < 10; i++) {
      accept(event(2, "step.started", "step", "unit[" + i + "]"));
    }
    Map<String, Object> well = event(3, "step.succeeded", "step", "unit[0]");
    Map<String, Object> badly = event(3, "step.failed", "step", "unit[1]");
    accept(well);
    accept(badly);
    assertEquals(
        List.of(
            "⠋ release  3ms  2 done, 990 queued, 8 running, 1 failed",
            "▸ unit  2/1000 done, 990 queued, 8 running, 1 failed"),
        progress.frame(START.plusMillis(3), 80, 24, Style.PLAIN));
    assertFalse(progress.isWorthKeeping(well));
    assertTrue(progress.isWorthKeeping(badly));
  }

  @Test
  void a_frame_never_outgrows_the_terminal() {
    accept(event(0, "run.started", "workflow", "w".repeat(300)));
    for (int i = 0; i < 500; i++) {
      accept(event(1, "step.started", "step", "s" + i + "x".repeat(200), "attempt", 3));
    }
    for (int rows : List.of(1, 2, 5, 10, 24)) {
      for (int columns : List.of(10, 40, 200)) {
        List<String> frame = progress.frame(START.plusSeconds(5), columns, rows, Style.PLAIN);
        assertTrue(frame.size() < Math.max(rows, 4), rows + " rows, " + frame.size() + " lines");
        frame.forEach(line -> assertTrue(line.codePointCount(0, line.length()) <= columns, line));
      }
    }
  }

  @Test
  void foreign_text_cannot_command_the_terminal() {
    Map<String, Object> event =
        event(0, "step.failed", "step", "a\u001b[2Jb", "reason", "x\u001b]0;t\u0007\r\ny\u202e");
    progress.accept(event);
    String line = progress.line(event, Style.PLAIN).orElseThrow();
    assertTrue(line.chars().noneMatch(c -> Character.isISOControl(c) || c == '\u202e'), line);
  }

  @Test
  void a_summary_folds_a_large_fan_and_names_its_failures() {
    List<Object> steps = new ArrayList<>();
    steps.add(
        Map.of(
            "id", "build",
            "status", "succeeded",
            "attempts", 1L,
            "startedAt", "2026-01-01T00:00:00.000Z",
            "finishedAt", "2026-01-01T00:00:01.250Z"));
    for (int i = 0; i < 40; i++) {
      steps.add(
          Map.of(
              "id", "unit[" + i + "]", "status", i == 7 ? "failed" : "succeeded", "attempts", 1));
    }
    Map<String, Object> outcome =
        Map.of(
            "id",
            "r1",
            "workflow",
            "release",
            "status",
            "failed",
            "durationMs",
            61_000L,
            "outputs",
            Map.of("version", "1.2"),
            "steps",
            steps);
    assertEquals(
        """
          STEP     STATUS                  ATTEMPTS  TIME  REASON
          build    succeeded               1         1.2s
          unit[*]  39 succeeded, 1 failed
          unit[7]  failed                  1

        release failed in 1m 01s  (run r1)
        outputs: {"version":"1.2"}
        """,
        new Summary(Style.PLAIN, 80).render(outcome));
  }

  private void accept(Map<String, Object> event) {
    progress.accept(event);
  }

  private static Map<String, Object> event(long afterMs, String type, Object... entries) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("type", type);
    event.put("at", START.plusMillis(afterMs).toString());
    for (int i = 0; i < entries.length; i += 2) {
      event.put((String) entries[i], entries[i + 1]);
    }
    return event;
  }
}
