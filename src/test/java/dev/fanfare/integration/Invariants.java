package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What must hold in the database whatever has happened. */
public final class Invariants {

  private static final String ENDED =
      "('succeeded', 'partially_succeeded', 'failed', 'cancelled', 'timed_out')";

  /** Each finds what must not be. */
  private static final Map<String, String> VIOLATIONS =
      new TreeMap<>(
          Map.of(
              "steps at work or waiting in a run that has ended",
              """
              SELECT s.run_id || ' ' || s.path || ' ' || s.status FROM run r JOIN step s ON s.run_id = r.id
               WHERE r.status IN %s
                 AND s.status IN ('ready', 'dispatched', 'running', 'retrying', 'waiting')
                 AND NOT EXISTS (SELECT 1 FROM run_event e WHERE e.run_id = r.id
                                  AND e.type = 'race.won' AND s.path LIKE e.step || '.%%')
              """
                  .formatted(ENDED),
              "timers of a run that has ended",
              "SELECT d.run_id || ' ' || d.step FROM due d JOIN run r ON r.id = d.run_id WHERE"
                  + " r.status IN "
                  + ENDED,
              "places in a queue of a run that has ended",
              "SELECT b.run_id || ' ' || b.step FROM backlog b JOIN run r ON r.id = b.run_id"
                  + " WHERE r.status IN "
                  + ENDED,
              "locks and slots of a run that has ended",
              "SELECT h.run_id || ' ' || h.step FROM hold h JOIN run r ON r.id = h.run_id WHERE"
                  + " r.status IN "
                  + ENDED,
              "gaps in the events of a run",
              """
              SELECT run_id || ' ' || seq FROM (
                SELECT run_id, seq, row_number() OVER (PARTITION BY run_id ORDER BY seq) AS place
                  FROM run_event) e WHERE seq <> place
              """,
              "events that the run's row does not know",
              """
              SELECT r.id::text FROM run r
               WHERE r.last_event <> (SELECT max(last) FROM event_batch b WHERE b.run_id = r.id)
              """,
              "steps that ended twice",
              """
              SELECT run_id || ' ' || step FROM run_event
               WHERE type IN ('step.succeeded', 'step.failed', 'step.timed_out', 'step.skipped',
                              'step.discarded', 'step.cancelled', 'step.aborted', 'step.not_run')
               GROUP BY run_id, step HAVING count(*) > 1
              """,
              "races with two winners",
              """
              SELECT run_id || ' ' || step FROM run_event WHERE type = 'race.won'
               GROUP BY run_id, step HAVING count(*) > 1
              """,
              "runs that ended twice",
              """
              SELECT run_id::text FROM run_event WHERE type = 'run.finished'
               GROUP BY run_id HAVING count(*) > 1
              """,
              "runs whose counters do not match their steps",
              """
              SELECT r.id || ' active ' || r.active || ' open ' || r.open FROM run r
               WHERE r.status IN %s AND (r.open <> 0 OR r.waiting <> 0)
              """
                  .formatted(ENDED)));

  private Invariants() {}

  /** For runs without steps that end more than once, as those of a group that is tried again do. */
  static void hold(Stage stage) {
    hold(stage.database());
  }

  public static void hold(TestDatabase database) {
    assertAll(
        VIOLATIONS.entrySet().stream()
            .map(
                each ->
                    () ->
                        assertEquals(List.of(), found(database, each.getValue()), each.getKey())));
  }

  private static List<String> found(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }
}
