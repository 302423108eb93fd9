package dev.fanfare.store;

import dev.fanfare.engine.Decision;
import dev.fanfare.engine.Reply;
import dev.fanfare.engine.RunRow;
import dev.fanfare.engine.Verdict;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the engine decides. The only class that writes rows of runs and steps.
 *
 * <p>Everything about one event is in one transaction, because it is one statement. Several runs,
 * and several events of one run, share a statement: that is the group commit.
 */
public final class RunLedger {

  /**
   * A run to be stored, with what its start decided.
   *
   * @param graph hash of its graph
   * @param idempotencyKey at most one run of the workflow has it
   */
  public record NewRun(String graph, Optional<String> idempotencyKey, Reply.Decided decided) {}

  /**
   * Moves a run on, if nobody else has since the decision was taken.
   *
   * @param answered letters of others in the run's inbox, with their verdicts
   * @param own letters of this process that were decided too
   */
  public record Advance(
      UUID run, Reply.Decided decided, Map<UUID, Verdict> answered, Set<UUID> own) {
    public Advance(UUID run, Reply.Decided decided) {
      this(run, decided, Map.of(), Set.of());
    }

    boolean hasLetters() {
      return !answered.isEmpty() || !own.isEmpty();
    }
  }

  private record Letter(UUID run, UUID id, String verdict) {}

  private final Pool pool;
  private final String worker;
  private final Duration lease;

  /**
   * @param worker who holds the leases that are written
   * @param lease how long a claimed step may stay silent
   */
  public RunLedger(Pool pool, String worker, Duration lease) {
    this.pool = pool;
    this.worker = worker;
    this.lease = lease;
  }

  /** Stores new runs; the result has those that were stored, not those whose key existed. */
  public Uni<Set<UUID>> create(List<NewRun> runs) {
    List<RunRow> rows = runs.stream().map(run -> run.decided().run()).toList();
    Statement.Values values = runs(rows);
    values
        .texts("r_workflow", rows, row -> row.facts().workflow())
        .texts("r_graph", runs, NewRun::graph)
        .texts("r_key", runs, run -> run.idempotencyKey().map(Encoding::text).orElse(null))
        .texts("r_params", rows, row -> Encoding.json(row.facts().params()))
        .texts("r_event", rows, row -> Encoding.json(row.facts().event()))
        .texts("r_context", rows, row -> Encoding.json(row.facts().context()));
    List<Advance> advances =
        runs.stream()
            .map(run -> new Advance(run.decided().run().facts().id(), run.decided()))
            .toList();
    return write(
        advances,
        values,
        LedgerSql.CREATE,
        LedgerSql.CREATE_WITH_TIMERS,
        LedgerSql.CREATE_WITH_EXTRAS);
  }

  /** Moves runs on; the result has those whose version still was the one decided on. */
  public Uni<Set<UUID>> advance(List<Advance> advances) {
    List<RunRow> rows = advances.stream().map(advance -> advance.decided().run()).toList();
    Statement.Values values = runs(rows);
    values.texts("r_context", advances, RunLedger::newContext);
    letters(values, advances);
    return write(
        advances,
        values,
        LedgerSql.ADVANCE,
        LedgerSql.ADVANCE_WITH_TIMERS,
        advances.stream().anyMatch(Advance::hasLetters)
            ? LedgerSql.ADVANCE_WITH_LETTERS
            : LedgerSql.ADVANCE_WITH_EXTRAS);
  }

  private static void letters(Statement.Values values, List<Advance> advances) {
    List<Letter> answered = new ArrayList<>();
    List<Letter> own = new ArrayList<>();
    for (Advance advance : advances) {
      advance
          .answered()
          .forEach((id, verdict) -> answered.add(new Letter(advance.run(), id, verdict.name())));
      advance.own().forEach(id -> own.add(new Letter(advance.run(), id, "")));
    }
    values
        .uuids("letter_run", answered, Letter::run)
        .uuids("letter_id", answered, Letter::id)
        .texts("letter_verdict", answered, Letter::verdict)
        .uuids("own_run", own, Letter::run)
        .uuids("own_id", own, Letter::id);
  }

  /** The context changes with the attempt only. */
  private static @Nullable String newContext(Advance advance) {
    boolean next =
        advance.decided().decisions().stream().anyMatch(Decision.NextAttempt.class::isInstance);
    return next ? Encoding.json(advance.decided().run().facts().context()) : null;
  }

  private Uni<Set<UUID>> write(
      List<Advance> advances,
      Statement.Values values,
      Statement plain,
      Statement withTimers,
      Statement withExtras) {
    values.put("lease", lease.toMillis()).put("worker", worker);
    StepColumns.put(values, advances);
    events(values, advances);
    boolean timers = TimerColumns.put(values, advances);
    boolean extras = ExtraColumns.put(values, advances);
    boolean letters = advances.stream().anyMatch(Advance::hasLetters);
    Statement statement = extras || letters ? withExtras : timers ? withTimers : plain;
    return pool.preparedQuery(statement.sql()).execute(statement.bind(values)).map(RunLedger::ids);
  }

  private static Statement.Values runs(List<RunRow> rows) {
    return new Statement.Values()
        .uuids("r_id", rows, row -> row.facts().id())
        .texts("r_status", rows, row -> row.status().id())
        .longs("r_version", rows, RunRow::version)
        .longs("r_last_event", rows, RunRow::lastEvent)
        .ints("r_open", rows, RunRow::open)
        .ints("r_active", rows, RunRow::active)
        .ints("r_waiting", rows, RunRow::waiting)
        .ints("r_marks", rows, RunRow::marks)
        .ints("r_limit", rows, RunRow::limit)
        .longs("r_queued", rows, RunRow::queued)
        .texts("r_outputs", rows, row -> Encoding.json(row.outputs()))
        .texts(
            "r_reason",
            rows,
            row -> row.reason() == null ? null : Encoding.json(row.reason().toJson()))
        .ints("r_attempt", rows, row -> row.facts().attempt())
        .ints("r_finished", rows, row -> row.status().isTerminal() ? 1 : 0);
  }

  private static void events(Statement.Values values, List<Advance> advances) {
    List<Advance> noted =
        advances.stream().filter(advance -> !advance.decided().notes().isEmpty()).toList();
    values
        .uuids("e_run", noted, Advance::run)
        .longs("e_first", noted, advance -> firstEvent(advance.decided()))
        .longs("e_last", noted, advance -> advance.decided().run().lastEvent())
        .texts("e_body", noted, advance -> Encoding.json(advance.decided().notes()));
  }

  /** The sequence number of the first entry that a decision adds to its run's log. */
  public static long firstEvent(Reply.Decided decided) {
    return decided.run().lastEvent() - decided.notes().size() + 1;
  }

  private static Set<UUID> ids(RowSet<Row> rows) {
    Set<UUID> ids = new HashSet<>();
    rows.forEach(row -> ids.add(row.getUUID(0)));
    return ids;
  }
}
