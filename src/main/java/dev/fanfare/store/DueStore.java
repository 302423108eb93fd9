package dev.fanfare.store;

import dev.fanfare.engine.Event;
import dev.fanfare.engine.TimerKind;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Timers that have come due, by the database's clock.
 *
 * <p>Reading a timer does not take it: the decision about it deletes its row, so a process that
 * dies in between loses nothing, and two that read the same timer find that only one decision
 * counts.
 */
public final class DueStore {

  /** One range of the index on {@code at}. */
  private static final String DUE =
      "SELECT run_id, step, kind, attempt, at, data FROM due WHERE at <= now() ORDER BY at LIMIT"
          + " $1";

  /** The head of the index on {@code at}. */
  private static final String NEXT =
      """
      SELECT greatest(0, ceil(extract(epoch FROM at - clock_timestamp()) * 1000))::bigint
        FROM due ORDER BY at LIMIT 1
      """;

  /** One range of the index on {@code at}. */
  private static final String WITHIN =
      """
      SELECT DISTINCT ceil(extract(epoch FROM at - now()))::bigint AS seconds FROM due
       WHERE at > now() AND at <= now() + $1 * interval '1 millisecond' ORDER BY seconds
      """;

  /**
   * Timers that nobody fires: one range of the index on {@code at}. And claims that nobody takes
   * back: the steps of live runs, as the sweep reads them.
   */
  private static final String OVERDUE =
      """
      SELECT d.run_id AS id FROM due d WHERE d.at < now() - $1 * interval '1 millisecond'
       UNION
      SELECT s.run_id FROM run r JOIN step s ON s.run_id = r.id
       WHERE r.status IN ('running', 'failing') AND s.status IN ('dispatched', 'running')
         AND s.lease_until < now() - $1 * interval '1 millisecond'
       LIMIT $2
      """;

  private static final String DROP =
      """
      DELETE FROM due
       WHERE run_id = $1 AND step = $2 AND kind = $3 AND attempt = $4 AND at = $5
      """;

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /**
   * A timer that has come due.
   *
   * @param at when, as exactly as it is stored
   */
  public record Timer(UUID run, Event.Due event, OffsetDateTime at) {}

  private final Pool pool;

  public DueStore(Pool pool) {
    this.pool = pool;
  }

  public Uni<List<Timer>> due(int limit) {
    return pool.preparedQuery(DUE)
        .execute(Tuple.of(limit))
        .map(
            rows ->
                Queries.list(
                    rows,
                    row ->
                        new Timer(
                            row.getUUID("run_id"),
                            new Event.Due(
                                TimerKind.valueOf(row.getString("kind")),
                                row.getString("step"),
                                row.getInteger("attempt"),
                                RunReader.object(row, "data"),
                                MILLIS.format(row.getOffsetDateTime("at"))),
                            row.getOffsetDateTime("at"))));
  }

  /** How long until the next timer comes due; empty if there is none. */
  public Uni<Optional<Duration>> next() {
    return pool.preparedQuery(NEXT)
        .execute()
        .map(rows -> Queries.first(rows, row -> Duration.ofMillis(row.getLong(0))));
  }

  /** In how many seconds timers come due that do so within this long, each once. */
  public Uni<List<Duration>> within(Duration window) {
    return pool.preparedQuery(WITHIN)
        .execute(Tuple.of(window.toMillis()))
        .map(rows -> Queries.list(rows, row -> Duration.ofSeconds(row.getLong(0))));
  }

  /**
   * Runs that something should have been done about for longer than this, and was not.
   *
   * @param most how many are looked for
   */
  public Uni<List<UUID>> overdue(Duration late, int most) {
    return pool.preparedQuery(OVERDUE)
        .execute(Tuple.of(late.toMillis(), most))
        .map(rows -> Queries.list(rows, row -> row.getUUID("id")));
  }

  /** Removes a timer that has come due and that nobody wants, unless it was set again. */
  public Uni<Void> drop(Timer timer) {
    Event.Due event = timer.event();
    return pool.preparedQuery(DROP)
        .execute(
            Tuple.of(timer.run(), event.step(), event.kind().name(), event.attempt(), timer.at()))
        .replaceWithVoid();
  }
}
