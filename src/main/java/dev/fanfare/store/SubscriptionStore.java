package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What waits for an event or a callback: {@link RunLedger} writes it with the decision to wait,
 * this reads it for whoever brings what is waited for.
 */
public final class SubscriptionStore {

  /** How long an event's id is remembered. */
  private static final String REMEMBERED = "7 days";

  private static final String NOW = "SELECT now() AS at, true AS first";

  /** One range of the index on {@code at}, mostly empty. */
  private static final String FORGET =
      "DELETE FROM published WHERE at < now() - interval '" + REMEMBERED + "'";

  private static final String PUBLISH =
      """
      INSERT INTO published (name, id, at) VALUES ($1, $2, now())
      ON CONFLICT (name, id) DO UPDATE SET at = published.at
      RETURNING at, (xmax = 0) AS first
      """;

  /** One range of the index on open subscriptions of an event. */
  private static final String WAITING =
      """
      SELECT run_id, step, attempt FROM subscription
       WHERE kind = 'EVENT' AND open AND key = $1 AND opened_at <= $2
         AND (key, run_id, step, attempt) > ($1, $3, $4, $5)
       ORDER BY key, run_id, step, attempt
       LIMIT $6
      """;

  private static final String TICKET =
      """
      SELECT run_id, step, attempt, open, used, closed_at FROM subscription
       WHERE kind = 'CALLBACK' AND key = $1
      """;

  /**
   * An event that was published.
   *
   * @param at when first, by the database's clock
   * @param first whether this is the first time
   */
  public record Published(OffsetDateTime at, boolean first) {}

  /** An attempt that waits. */
  public record Subscriber(UUID run, String step, int attempt) {
    /** Before all others. */
    public static final Subscriber NONE = new Subscriber(new UUID(0, 0), "", 0);
  }

  /**
   * What a callback's token stands for.
   *
   * @param open whether its step waits for it
   * @param used whether it was used
   * @param closedAt when the wait ended
   */
  public record Ticket(
      Subscriber subscriber, boolean open, boolean used, Optional<Instant> closedAt) {}

  private final Pool pool;

  public SubscriptionStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * Notes that an event is published.
   *
   * @param id under which it is known when it is published again, for seven days
   */
  public Uni<Published> publish(String name, Optional<String> id) {
    Uni<Published> noted =
        id.map(
                known ->
                    pool.query(FORGET)
                        .execute()
                        .chain(
                            () ->
                                pool.preparedQuery(PUBLISH)
                                    .execute(Tuple.of(Encoding.text(name), Encoding.text(known)))))
            .orElseGet(() -> pool.query(NOW).execute())
            .map(rows -> Queries.first(rows, SubscriptionStore::published).orElseThrow());
    return noted;
  }

  private static Published published(Row row) {
    return new Published(
        row.getOffsetDateTime("at").withOffsetSameInstant(ZoneOffset.UTC), row.getBoolean("first"));
  }

  /**
   * Attempts that wait for an event now and did so when it was first published, page by page.
   *
   * @param after the last one of the page before, or {@link Subscriber#NONE}
   */
  public Uni<List<Subscriber>> waiting(
      String event, OffsetDateTime published, Subscriber after, int limit) {
    return pool.preparedQuery(WAITING)
        .execute(
            Tuple.of(
                Encoding.text(event), published, after.run(), after.step(), after.attempt(), limit))
        .map(rows -> Queries.list(rows, SubscriptionStore::subscriber));
  }

  /**
   * What a callback's token stands for; empty where it is none.
   *
   * @param digest of the token
   */
  public Uni<Optional<Ticket>> ticket(String digest) {
    return pool.preparedQuery(TICKET)
        .execute(Tuple.of(digest))
        .map(
            rows ->
                Queries.first(
                    rows,
                    row ->
                        new Ticket(
                            subscriber(row),
                            row.getBoolean("open"),
                            row.getBoolean("used"),
                            LeaseStore.instant(row, "closed_at"))));
  }

  private static Subscriber subscriber(Row row) {
    return new Subscriber(row.getUUID("run_id"), row.getString("step"), row.getInteger("attempt"));
  }
}
