package dev.fanfare.store;

import dev.fanfare.engine.Event;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Leases of claimed steps: renewed by whoever works, found expired by the sweep. */
public final class LeaseStore {

  /**
   * Renews leases; a step that is no longer leased under that attempt is not in the result, and its
   * work should stop. One probe of the primary key each; runs without the run's order, because a
   * lease decides nothing.
   */
  private static final String RENEW =
      """
      UPDATE step s SET lease_until = now() + $4 * interval '1 millisecond', worker = $5
        FROM unnest($1::uuid[], $2::text[], $3::int[]) AS u(run_id, path, attempt)
       WHERE s.run_id = u.run_id AND s.path = u.path AND s.attempt = u.attempt
         AND s.status IN ('dispatched', 'running')
      RETURNING s.run_id, s.path, s.attempt
      """;

  /**
   * Which of some claims nobody holds any more: their steps have ended, or are another attempt's.
   * One probe of the primary key each, and nothing is written.
   */
  private static final String GONE =
      """
      SELECT u.run_id, u.path, u.attempt
        FROM unnest($1::uuid[], $2::text[], $3::int[]) AS u(run_id, path, attempt)
        LEFT JOIN step s ON s.run_id = u.run_id AND s.path = u.path
       WHERE s.attempt IS DISTINCT FROM u.attempt OR s.status NOT IN ('dispatched', 'running')
      """;

  /**
   * Gives steps that are on their way more time. One that somebody has begun meanwhile keeps the
   * lease that it has.
   */
  private static final String POSTPONE =
      """
      UPDATE step s SET lease_until = now() + $4 * interval '1 millisecond'
        FROM unnest($1::uuid[], $2::text[], $3::int[]) AS u(run_id, path, attempt)
       WHERE s.run_id = u.run_id AND s.path = u.path AND s.attempt = u.attempt
         AND s.status = 'dispatched'
      """;

  /**
   * Each live run is looked at once in a sweep, by one process; how much else happens in it makes
   * no difference to a step that has lost its worker. One range of the steps' primary key a run.
   */
  private static final String EXPIRED =
      """
      WITH looked_at AS (
        UPDATE run r SET sweep_at = now() + $1 * interval '1 millisecond'
         WHERE r.id IN (SELECT id FROM run
                         WHERE status IN ('running', 'failing') AND sweep_at < now()
                           FOR UPDATE SKIP LOCKED)
        RETURNING r.id
      )
      SELECT s.run_id, s.path, s.attempt
        FROM looked_at r
        JOIN step s ON s.run_id = r.id
       WHERE s.status IN ('dispatched', 'running') AND s.lease_until < now()
      """;

  private static final String HELD =
      """
      SELECT s.run_id, s.path, s.attempt, w.host, w.pid, w.started_at
        FROM run r
        JOIN step s ON s.run_id = r.id
        JOIN worker w ON w.id = s.worker
       WHERE r.status IN ('running', 'failing')
         AND s.status IN ('dispatched', 'running') AND s.lease_until IS NOT NULL
         AND w.host = $1 AND w.id <> $2
      """;

  private static final String REGISTER =
      """
      INSERT INTO worker (id, host, pid, started_at, seen_at) VALUES ($1, $2, $3, $4, now())
      ON CONFLICT (id) DO UPDATE SET seen_at = now()
      """;

  /** Rows of workers that hold nothing and have not been seen for a day say nothing any more. */
  private static final String FORGET =
      "DELETE FROM worker WHERE seen_at < now() - interval '1 day'";

  /** A claimed step. */
  public record Lease(UUID run, String step, int attempt) {
    public Event.Lost lost() {
      return new Event.Lost(step, attempt);
    }
  }

  /** A process that holds leases. */
  public record Worker(String id, String host, long pid, Instant startedAt) {}

  /** A claimed step and the process that claimed it. */
  public record Held(Lease lease, String host, long pid, Instant startedAt) {}

  private final Pool pool;

  public LeaseStore(Pool pool) {
    this.pool = pool;
  }

  /** Renews leases; the result has those that still are leases. */
  public Uni<Set<Lease>> renew(Worker worker, Collection<Lease> leases, Duration length) {
    if (leases.isEmpty()) {
      return Uni.createFrom().item(Set.of());
    }
    return pool.preparedQuery(RENEW)
        .execute(columns(leases).addLong(length.toMillis()).addString(worker.id()))
        .map(rows -> new HashSet<>(Queries.list(rows, LeaseStore::lease)));
  }

  /** Which of these are leases no more. */
  public Uni<List<Lease>> gone(Collection<Lease> leases) {
    return pool.preparedQuery(GONE)
        .execute(columns(leases))
        .map(rows -> Queries.list(rows, LeaseStore::lease));
  }

  /** Gives steps that nobody has begun this long from now on. */
  public Uni<Void> postpone(Collection<Lease> leases, Duration length) {
    return pool.preparedQuery(POSTPONE)
        .execute(columns(leases).addLong(length.toMillis()))
        .replaceWithVoid();
  }

  private static Tuple columns(Collection<Lease> leases) {
    return Tuple.of(
        leases.stream().map(Lease::run).toArray(UUID[]::new),
        leases.stream().map(Lease::step).toArray(String[]::new),
        leases.stream().map(Lease::attempt).toArray(Integer[]::new));
  }

  /**
   * Leases that ran out, in runs that nobody has looked at for a while.
   *
   * @param every how soon a run is looked at again
   */
  public Uni<List<Lease>> expired(Duration every) {
    return pool.preparedQuery(EXPIRED)
        .execute(Tuple.of(every.toMillis()))
        .map(rows -> Queries.list(rows, LeaseStore::lease));
  }

  /** What other processes on a worker's machine have claimed and not reported. */
  public Uni<List<Held>> heldBesides(Worker worker) {
    return pool.preparedQuery(HELD)
        .execute(Tuple.of(worker.host(), worker.id()))
        .map(
            rows ->
                Queries.list(
                    rows,
                    row ->
                        new Held(
                            lease(row),
                            row.getString("host"),
                            row.getLong("pid"),
                            row.getOffsetDateTime("started_at").toInstant())));
  }

  public Uni<Void> register(Worker worker) {
    return pool.preparedQuery(REGISTER)
        .execute(
            Tuple.of(
                worker.id(),
                worker.host(),
                worker.pid(),
                worker.startedAt().atOffset(ZoneOffset.UTC)))
        .chain(() -> pool.query(FORGET).execute())
        .replaceWithVoid();
  }

  private static Lease lease(Row row) {
    return new Lease(row.getUUID("run_id"), row.getString("path"), row.getInteger("attempt"));
  }

  static Optional<Instant> instant(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(at -> at.toInstant());
  }
}
