package dev.fanfare.store;

import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Events that processes left for whoever moves their run next, and the verdicts on them. */
public final class InboxStore {

  /** Most letters that are decided together. */
  private static final int MOST = 1_000;

  private static final String LEAVE =
      """
      INSERT INTO inbox (run_id, id, event)
      SELECT $1, u.id, u.event::json FROM unnest($2::uuid[], $3::text[]) AS u(id, event)
      ON CONFLICT (run_id, id) DO NOTHING
      """;

  private static final String OPEN =
      """
      SELECT id, event FROM inbox
       WHERE run_id = $1 AND verdict IS NULL ORDER BY at, id LIMIT %d
      """
          .formatted(MOST);

  /**
   * What was decided about some letters, which are gone then, and the turn where some are left and
   * nobody has it.
   */
  private static final String POLL =
      """
      WITH taken AS (
        DELETE FROM inbox
         WHERE run_id = $1 AND id = ANY ($2::uuid[]) AND verdict IS NOT NULL
        RETURNING id, verdict
      ), turn AS (
        INSERT INTO inbox_turn (run_id, until)
        SELECT $1, now() + $3 * interval '1 millisecond'
         WHERE (SELECT count(*) FROM taken) < cardinality($2::uuid[])
        ON CONFLICT (run_id) DO UPDATE SET until = excluded.until WHERE inbox_turn.until < now()
        RETURNING run_id
      )
      SELECT id, verdict FROM taken UNION ALL SELECT run_id, NULL FROM turn
      """;

  private static final String WITHDRAW =
      "DELETE FROM inbox WHERE run_id = $1 AND id = ANY ($2::uuid[]) RETURNING id, verdict";

  private static final String ANSWER =
      """
      WITH turned AS (
        DELETE FROM inbox_turn WHERE run_id = $1
      )
      UPDATE inbox i SET verdict = u.verdict
        FROM unnest($2::uuid[], $3::text[]) AS u(id, verdict)
       WHERE i.run_id = $1 AND i.id = u.id AND i.verdict IS NULL
      """;

  /** A sender decides its letters itself as long as it lives: these have none any more. */
  private static final String ORPHANED =
      """
      SELECT DISTINCT run_id FROM inbox
       WHERE verdict IS NULL AND at < now() - $1 * interval '1 millisecond' LIMIT 100
      """;

  private static final String FORGET =
      """
      WITH turns AS (
        DELETE FROM inbox_turn WHERE until < now() - $1 * interval '1 millisecond'
      )
      DELETE FROM inbox WHERE at < now() - $1 * interval '1 millisecond'
      """;

  /** An event that was left for a run. */
  public record Letter(UUID id, Event event) {}

  private final Pool pool;

  public InboxStore(Pool pool) {
    this.pool = pool;
  }

  /** Whether an event of this kind can be left: those that many processes have at once can. */
  public static boolean takes(Event event) {
    return event instanceof Event.Begin || event instanceof Event.Report;
  }

  /** Leaves letters for a run; the same again is harmless. */
  public Uni<Void> leave(UUID run, Collection<Letter> letters) {
    return pool.preparedQuery(LEAVE)
        .execute(
            Tuple.of(
                run,
                letters.stream().map(Letter::id).toArray(UUID[]::new),
                letters.stream()
                    .map(letter -> Encoding.json(EventJson.of(letter.event())))
                    .toArray(String[]::new)))
        .replaceWithVoid();
  }

  /** The letters of a run that nobody has decided, the oldest first. */
  public Uni<List<Letter>> open(UUID run) {
    return pool.preparedQuery(OPEN)
        .execute(Tuple.of(run))
        .map(
            rows ->
                Queries.list(
                    rows,
                    row ->
                        new Letter(
                            row.getUUID("id"), EventJson.read(RunReader.object(row, "event")))));
  }

  /**
   * A look at the inbox.
   *
   * @param verdicts on letters that others have decided
   * @param turn whether it is our turn to decide what is open
   */
  public record Look(Map<UUID, Verdict> verdicts, boolean turn) {}

  /**
   * Takes the verdicts on these letters, and the turn where some are open and nobody has it.
   *
   * @param length how long a turn is
   */
  public Uni<Look> look(UUID run, Collection<UUID> letters, Duration length) {
    return pool.preparedQuery(POLL)
        .execute(Tuple.of(run, letters.toArray(UUID[]::new), (double) length.toMillis()))
        .map(
            rows ->
                new Look(verdicts(rows), Queries.list(rows, InboxStore::isTurn).contains(true)));
  }

  private static boolean isTurn(Row row) {
    return row.getString("verdict") == null;
  }

  /** Takes these letters away; the result has the verdicts on those that others have decided. */
  public Uni<Map<UUID, Verdict>> withdraw(UUID run, Collection<UUID> letters) {
    return pool.preparedQuery(WITHDRAW)
        .execute(Tuple.of(run, letters.toArray(UUID[]::new)))
        .map(InboxStore::verdicts);
  }

  private static Map<UUID, Verdict> verdicts(RowSet<Row> rows) {
    Map<UUID, Verdict> verdicts = new HashMap<>();
    for (Row row : rows) {
      String verdict = row.getString("verdict");
      if (verdict != null) {
        verdicts.put(row.getUUID("id"), Verdict.valueOf(verdict));
      }
    }
    return verdicts;
  }

  /** Leaves verdicts that change nothing in the run. */
  public Uni<Void> answer(UUID run, Map<UUID, Verdict> verdicts) {
    return pool.preparedQuery(ANSWER)
        .execute(
            Tuple.of(
                run,
                verdicts.keySet().toArray(UUID[]::new),
                verdicts.values().stream().map(Verdict::name).toArray(String[]::new)))
        .replaceWithVoid();
  }

  /** Runs with letters that nobody has decided for so long. */
  public Uni<List<UUID>> orphaned(Duration age) {
    return pool.preparedQuery(ORPHANED)
        .execute(Tuple.of((double) age.toMillis()))
        .map(rows -> Queries.list(rows, row -> row.getUUID(0)));
  }

  /** Removes letters that are older than this, decided or not. */
  public Uni<Void> forget(Duration age) {
    return pool.preparedQuery(FORGET).execute(Tuple.of((double) age.toMillis())).replaceWithVoid();
  }
}
