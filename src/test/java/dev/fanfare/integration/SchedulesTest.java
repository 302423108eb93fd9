package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.conductor.Settings;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.Registrations;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.TriggerService;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.TriggerStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Schedules on a real database, whose clock decides: a tick is made due by moving its row into the
 * past.
 */
class SchedulesTest {

  private static final String QUICK = "steps:\n  a: { pass: {} }\n";
  private static final String LONG = "steps:\n  a: { sleep: 1h }\n";

  /** Has no ticks of its own between those that a test makes due. */
  private static final String RARE = "0 0 29 2 *";

  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  private static Graphs.File file(String yaml) {
    return new Graphs.File(yaml.getBytes(StandardCharsets.UTF_8), "fanfare.yaml", Optional.empty());
  }

  private static GraphStore.Registered register(EngineRoom room, String yaml) {
    Graphs.Read read = Graphs.read(file(yaml));
    return room.registrations()
        .register(file(yaml), read.workflow().orElseThrow(() -> new AssertionError(read)))
        .await()
        .atMost(Stage.PATIENCE);
  }

  private static String workflow(String triggers, String steps) {
    return "name: w\ntriggers:\n  - " + triggers + "\n" + steps;
  }

  /** Lets the clock come to a whole minute so many minutes ago, long before which nothing was. */
  private void due(int minutesAgo) {
    stage.execute(
        "UPDATE workflow_trigger SET next_at = date_trunc('minute', now()) - interval '"
            + minutesAgo
            + " minutes'");
  }

  private List<String> runs() {
    return stage.query("SELECT id FROM run ORDER BY created_at, id");
  }

  private TriggerStore.View only(EngineRoom room) {
    return room.triggers()
        .list(Optional.empty(), TriggerStore.Place.START, 10)
        .await()
        .atMost(Stage.PATIENCE)
        .getFirst();
  }

  private String skipped(EngineRoom room) {
    return only(room).skipped().map(skipped -> skipped.why().get("code").toString()).orElse("");
  }

  @Test
  void a_tick_starts_a_run_that_knows_when_it_was_due() {
    EngineRoom room = stage.engine();
    register(
        room,
        """
        name: w
        params: { at: { type: string, default: never } }
        triggers:
          - schedule:
              cron: "* * * * *"
              timezone: Asia/Kolkata
              params: { at: "${{ event.scheduledAt }}" }
        steps: { a: { pass: { output: "${{ run.trigger + ' ' + params.at }}" } } }
        outputs: { out: "${{ steps.a.output }}", same: "${{ run.scheduledAt == params.at }}" }
        """);
    assertEquals(0, room.schedules().tick(), "the first tick is still to come");
    due(1);
    assertEquals(1, room.schedules().tick());
    UUID run = UUID.fromString(runs().getFirst());
    stage.end(run);
    String expected =
        stage
            .query(
                """
                SELECT to_char(last_at AT TIME ZONE 'Asia/Kolkata', 'YYYY-MM-DD"T"HH24:MI:SS')
                  FROM workflow_trigger
                """)
            .getFirst();
    assertEquals(
        Map.of("out", "schedule " + expected + "+05:30", "same", true), stage.view(run).outputs());
    assertEquals(Optional.of(run), only(room).lastRun());
    assertEquals(0, room.schedules().tick(), "the next tick is still to come");
    assertTrue(stage.count("SELECT count(*) FROM workflow_trigger WHERE next_at > now()") == 1);
  }

  @Test
  void two_tickers_at_once_start_each_tick_once() throws Exception {
    EngineRoom one = stage.engine();
    EngineRoom two = stage.engine();
    StringBuilder text = new StringBuilder("name: w\ntriggers:\n");
    for (int i = 0; i < 12; i++) {
      text.append("  - schedule: { cron: \"* * * * *\", overlap: allow }\n");
    }
    register(one, text + QUICK);
    for (int round = 0; round < 3; round++) {
      due(0);
      List<CompletableFuture<Integer>> tickers = new ArrayList<>();
      for (EngineRoom room : List.of(one, two, one, two)) {
        tickers.add(CompletableFuture.supplyAsync(room.schedules()::tick));
      }
      int moved = 0;
      for (CompletableFuture<Integer> ticker : tickers) {
        moved += ticker.get();
      }
      assertEquals(12, moved);
    }
    long keys = stage.count("SELECT count(DISTINCT idempotency_key) FROM run");
    assertEquals(runs().size(), keys);
    assertTrue(keys >= 12 && keys <= 36, "rounds within one minute find their ticks started");
  }

  @Test
  void a_tick_whose_process_died_after_the_start_finds_its_run() {
    EngineRoom room = stage.engine();
    register(room, workflow("schedule: { cron: \"" + RARE + "\", overlap: cancel-older }", LONG));
    due(1);
    room.schedules().tick();
    String run = runs().getFirst();
    // As if the transaction had been lost: the run is there, and its trigger knows nothing of it.
    stage.execute("UPDATE workflow_trigger SET next_at = last_at, last_at = NULL, last_run = NULL");
    room.schedules().tick();
    assertEquals(List.of(run), runs());
    assertEquals(Optional.of(UUID.fromString(run)), only(room).lastRun());
    assertEquals("waiting", stage.view(UUID.fromString(run)).status());
  }

  @Test
  void a_tick_is_skipped_while_the_run_before_is_active() {
    EngineRoom room = stage.engine();
    register(room, workflow("schedule: \"" + RARE + "\"", LONG));
    due(2);
    room.schedules().tick();
    due(1);
    room.schedules().tick();
    assertEquals(1, runs().size());
    assertEquals("overlap", skipped(room));
    Stage.cancel(room, UUID.fromString(runs().getFirst()));
    stage.end(UUID.fromString(runs().getFirst()));
    stage.execute("UPDATE workflow_trigger SET next_at = now() - interval '1 second'");
    room.schedules().tick();
    assertEquals(2, runs().size());
  }

  @Test
  void overlap_may_be_allowed() {
    EngineRoom room = stage.engine();
    register(room, workflow("schedule: { cron: \"" + RARE + "\", overlap: allow }", LONG));
    due(2);
    room.schedules().tick();
    due(1);
    room.schedules().tick();
    assertEquals(2, runs().size());
  }

  @Test
  void a_newer_tick_may_cancel_the_older_run() {
    EngineRoom room = stage.engine();
    register(room, workflow("schedule: { cron: \"" + RARE + "\", overlap: cancel-older }", LONG));
    due(2);
    room.schedules().tick();
    UUID older = UUID.fromString(runs().getFirst());
    due(1);
    room.schedules().tick();
    assertEquals("cancelled", stage.end(older).status());
    assertEquals(2, runs().size());
    assertEquals("waiting", stage.view(only(room).lastRun().orElseThrow()).status());
  }

  @Test
  void ticks_that_nobody_was_there_for_become_one_run_unless_it_is_said_otherwise() {
    EngineRoom room = stage.engine();
    register(room, workflow("schedule: \"* * * * *\"", QUICK));
    due(30);
    room.schedules().tick();
    assertEquals(1, runs().size());
    assertEquals("missed", skipped(room));
    assertEquals(
        1,
        stage.count(
            "SELECT count(*) FROM workflow_trigger WHERE last_at > now() - '2m'::interval"));
  }

  @Test
  void ticks_that_nobody_was_there_for_may_be_made_up_for() {
    EngineRoom room = stage.engine();
    register(
        room, workflow("schedule: { cron: \"* * * * *\", catchUp: all, overlap: allow }", QUICK));
    due(30);
    room.schedules().tick();
    assertTrue(runs().size() >= 31 && runs().size() <= 32, runs().toString());
    assertEquals("", skipped(room));
  }

  @Test
  void a_tick_that_is_far_too_late_may_be_left_out() {
    EngineRoom room = stage.engine();
    register(room, workflow("schedule: { cron: \"0 0 1 1 *\", catchUp: none }", QUICK));
    due(6);
    room.schedules().tick();
    assertEquals(List.of(), runs());
    assertEquals("missed", skipped(room));
    due(3);
    room.schedules().tick();
    assertEquals(1, runs().size(), "three minutes late is late and not missed");
  }

  @Test
  void a_tick_is_skipped_where_somebody_else_has_done_the_work_since_the_one_before() {
    EngineRoom room = stage.engine();
    String yaml = workflow("schedule: { cron: \"0 * * * *\", skipIfSucceeded: true }", QUICK);
    register(room, yaml);
    UUID manual = Stage.start(room, yaml);
    stage.end(manual);
    stage.execute("UPDATE run SET created_at = date_trunc('hour', now()) - interval '20 minutes'");
    stage.execute("UPDATE workflow_trigger SET next_at = date_trunc('hour', now())");
    room.schedules().tick();
    assertEquals(List.of(manual.toString()), runs());
    assertEquals("succeeded", skipped(room));

    stage.execute("UPDATE run SET created_at = date_trunc('hour', now()) - interval '61 minutes'");
    stage.execute("UPDATE workflow_trigger SET next_at = date_trunc('hour', now())");
    room.schedules().tick();
    assertEquals(2, runs().size(), "that was before the tick before");
  }

  @Test
  void the_run_of_the_tick_before_does_not_make_the_next_one_needless() {
    EngineRoom room = stage.engine();
    register(room, workflow("schedule: { cron: \"0 * * * *\", skipIfSucceeded: true }", QUICK));
    stage.execute("UPDATE workflow_trigger SET next_at = date_trunc('hour', now())");
    room.schedules().tick();
    stage.end(UUID.fromString(runs().getFirst()));
    stage.execute(
        """
        UPDATE run SET created_at = date_trunc('hour', now()) - interval '59 minutes',
                       idempotency_key = (SELECT key FROM workflow_trigger) || ' an hour ago'
        """);
    stage.execute("UPDATE workflow_trigger SET next_at = date_trunc('hour', now())");
    room.schedules().tick();
    assertEquals(2, runs().size());
  }

  @Test
  void an_interval_keeps_its_distance() {
    EngineRoom room = stage.engine();
    register(room, workflow("interval: 15m", QUICK));
    assertEquals(
        1,
        stage.count(
            """
            SELECT count(*) FROM workflow_trigger
             WHERE next_at BETWEEN now() + '14m'::interval AND now() + '15m'::interval
            """));
    stage.execute("UPDATE workflow_trigger SET next_at = now() - interval '5 minutes'");
    room.schedules().tick();
    assertEquals(
        1,
        stage.count(
            "SELECT count(*) FROM workflow_trigger WHERE next_at = last_at + '15m'::interval"));
    stage.execute("UPDATE workflow_trigger SET next_at = now() - interval '5 hours'");
    room.schedules().tick();
    assertEquals(2, runs().size(), "however many were missed");
    assertEquals(
        1,
        stage.count(
            "SELECT count(*) FROM workflow_trigger WHERE next_at > now() + '14m'::interval"));
  }

  @Test
  void a_served_interval_goes_on_by_itself() {
    EngineRoom room = stage.engine(Stage.HASTY);
    room.openSchedules();
    register(room, workflow("interval: 1s", QUICK));
    Stage.until("three runs", () -> runs().size() >= 3);
    List<String> distances =
        stage.query(
            """
            SELECT extract(epoch FROM created_at - lag(created_at) OVER (ORDER BY created_at))
              FROM run ORDER BY created_at OFFSET 1
            """);
    for (String distance : distances) {
      assertTrue(Double.parseDouble(distance) > 0.5, distances.toString());
    }
  }

  @Test
  void a_tick_that_came_while_nothing_was_there_is_caught_up_with_at_the_start() {
    EngineRoom first = stage.engine();
    register(first, workflow("schedule: \"* * * * *\"", QUICK));
    first.close();
    due(10);
    EngineRoom second = stage.engine(Settings.LOCAL);
    second.openSchedules();
    Stage.until("a run", () -> runs().size() == 1);
    assertEquals("succeeded", stage.end(UUID.fromString(runs().getFirst())).status());
  }

  @Test
  void a_new_version_keeps_what_stays_and_drops_what_goes() {
    EngineRoom room = stage.engine();
    register(
        room,
        "name: w\ntriggers:\n  - schedule: \"0 3 * * *\"\n  - schedule: \"0 4 * * *\"\n" + QUICK);
    stage.execute("UPDATE workflow_trigger SET last_at = now() WHERE key LIKE '%0 4%'");
    register(
        room,
        """
        name: w
        triggers:
          - interval: 1h
          - schedule: { cron: "0  4 * * *", overlap: allow }
        """
            + QUICK);
    assertEquals(
        List.of("interval PT1H", "schedule 0 4 * * * UTC"),
        stage.query("SELECT key FROM workflow_trigger ORDER BY ordinal"));
    assertEquals(
        1,
        stage.count(
            """
            SELECT count(*) FROM workflow_trigger
             WHERE last_at IS NOT NULL AND spec ->> 'overlap' = 'allow'
            """));
    register(room, "name: w\n" + QUICK);
    assertEquals(0, stage.count("SELECT count(*) FROM workflow_trigger"));
  }

  @Test
  void the_triggers_are_those_of_the_newest_version_whoever_registers_at_once() throws Exception {
    EngineRoom room = stage.engine();
    List<CompletableFuture<GraphStore.Registered>> all = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      String yaml = workflow("schedule: \"" + i % 6 + " 3 * * *\"", QUICK);
      all.add(CompletableFuture.supplyAsync(() -> register(room, yaml)));
    }
    for (CompletableFuture<GraphStore.Registered> each : all) {
      each.get();
    }
    Registrations.Newest newest =
        room.registrations().newest("w").await().atMost(Stage.PATIENCE).orElseThrow();
    assertEquals(
        dev.fanfare.trigger.Keyed.of(newest.workflow().triggers()).stream()
            .map(dev.fanfare.trigger.Keyed::key)
            .toList(),
        stage.query("SELECT key FROM workflow_trigger"));
  }

  @Test
  void a_pause_lets_nothing_start_and_is_not_made_up_for() {
    EngineRoom room = stage.engine();
    register(room, workflow("schedule: \"* * * * *\"", QUICK));
    assertTrue(room.registrations().pause("w").await().atMost(Stage.PATIENCE));
    assertTrue(room.registrations().pause("w").await().atMost(Stage.PATIENCE));
    due(10);
    assertEquals(0, room.schedules().tick());
    register(room, workflow("schedule: \"* * * * *\"", QUICK) + "# again\n");
    assertEquals(0, room.schedules().tick(), "a new version does not end the pause");
    assertTrue(room.registrations().resume("w").await().atMost(Stage.PATIENCE));
    assertEquals(0, room.schedules().tick());
    assertEquals(List.of(), runs());
    due(0);
    assertTrue(room.registrations().resume("w").await().atMost(Stage.PATIENCE));
    assertEquals(1, room.schedules().tick(), "what is not paused is not resumed");
    assertEquals(false, room.registrations().pause("none").await().atMost(Stage.PATIENCE));
    assertEquals(false, room.registrations().resume("none").await().atMost(Stage.PATIENCE));
  }

  @Test
  void a_tick_whose_run_is_refused_is_skipped_and_says_why() {
    EngineRoom room = stage.engine();
    register(
        room,
        """
        name: w
        params: { n: { type: integer, required: true }, m: 1 }
        triggers:
          - schedule: { cron: "* * * * *" }
          - interval: { every: 1h, params: { n: many } }
          - interval: { every: 2h, params: { n: "${{ event.nothing }}" } }
          - interval: { every: 3h, params: { n: 1 } }
        """
            + QUICK);
    due(0);
    assertEquals(4, room.schedules().tick());
    assertEquals(1, runs().size());
    List<String> why =
        stage.query("SELECT skipped ->> 'message' FROM workflow_trigger ORDER BY ordinal");
    assertTrue(why.get(0).contains("'n' is required"), why.toString());
    assertTrue(why.get(1).contains("must be of type integer"), why.toString());
    assertTrue(why.get(2).contains("'n' cannot be computed"), why.toString());
    assertEquals(null, why.get(3));
  }

  @Test
  void a_trigger_that_cannot_be_read_any_more_is_tried_again_later_and_says_so() {
    EngineRoom room = stage.engine();
    register(room, workflow("schedule: \"" + RARE + "\"", QUICK));
    stage.execute("UPDATE workflow SET source = 'of another version'");
    due(0);
    assertEquals(1, room.schedules().tick());
    assertEquals("refused", skipped(room));
    assertEquals(
        1,
        stage.count(
            "SELECT count(*) FROM workflow_trigger WHERE next_at > now() + '59m'::interval"));
  }

  @Test
  void a_trigger_that_fails_keeps_no_other_from_its_tick() {
    EngineRoom room = stage.engine();
    register(room, workflow("schedule: { cron: \"" + RARE + "\", overlap: cancel-older }", QUICK));
    register(room, workflow("interval: 1h", QUICK).replace("name: w", "name: x"));
    due(1);
    // The run is started, and then the row cannot be moved on.
    stage.execute(
        """
        CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN IF NEW.workflow = ''w'' THEN RAISE ''out of order''; END IF; RETURN NEW; END'
        """);
    stage.execute(
        "CREATE TRIGGER broken BEFORE UPDATE ON workflow_trigger FOR EACH ROW"
            + " EXECUTE FUNCTION broken()");
    assertEquals(1, room.schedules().tick());
    assertEquals(0, room.schedules().tick());
    stage.execute("DROP TRIGGER broken ON workflow_trigger");
    assertEquals(1, room.schedules().tick());
    assertEquals(List.of("1", "1"), stage.query("SELECT count(*) FROM run GROUP BY workflow"));
  }

  @Test
  void a_run_of_the_file_alone_starts_no_schedule() {
    EngineRoom room = stage.engine();
    TriggerService.Result result =
        room.trigger()
            .start(
                new TriggerService.Request(
                    RunIds.next(),
                    file(workflow("interval: 1s", QUICK)),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    Optional.empty()))
            .await()
            .atMost(Stage.PATIENCE);
    assertTrue(result instanceof TriggerService.Started);
    assertEquals(0, stage.count("SELECT count(*) FROM workflow_trigger"));
  }
}
