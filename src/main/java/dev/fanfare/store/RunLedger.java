package dev.fanfare.store;

import dev.fanfare.engine.Decision;
import dev.fanfare.engine.Reply;
import dev.fanfare.engine.RunRow;
import dev.fanfare.engine.StepRow;
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

  /** Moves a run on, if nobody else has since the decision was taken. */
  public record Advance(UUID run, Reply.Decided decided) {}

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
        .texts("r_context", rows, row -> Encoding.json(row.facts().context()))
        .ints("r_attempt", rows, row -> row.facts().attempt());
    List<Advance> advances =
        runs.stream()
            .map(run -> new Advance(run.decided().run().facts().id(), run.decided()))
            .toList();
    return write(advances, values, LedgerSql.CREATE, LedgerSql.CREATE_WITH_TIMERS);
  }

  /** Moves runs on; the result has those whose version still was the one decided on. */
  public Uni<Set<UUID>> advance(List<Advance> advances) {
    List<RunRow> rows = advances.stream().map(advance -> advance.decided().run()).toList();
    return write(advances, runs(rows), LedgerSql.ADVANCE, LedgerSql.ADVANCE_WITH_TIMERS);
  }

  private Uni<Set<UUID>> write(
      List<Advance> advances, Statement.Values values, Statement plain, Statement withTimers) {
    values.put("lease", lease.toMillis()).put("worker", worker);
    LedgerSteps.put(values, advances);
    events(values, advances);
    boolean timers = LedgerTimers.put(values, advances);
    Statement statement = timers ? withTimers : plain;
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

  /** The columns of steps. */
  private static final class LedgerSteps {

    private record Of(UUID run, StepRow row) {}

    static void put(Statement.Values values, List<Advance> advances) {
      List<Of> inserted = new ArrayList<>();
      List<Of> updated = new ArrayList<>();
      for (Advance advance : advances) {
        for (StepRow row : advance.decided().steps()) {
          (row.stored() ? updated : inserted).add(new Of(advance.run(), row));
        }
      }
      common(values, "i_", inserted);
      values
          .ints("i_node", inserted, of -> of.row().node())
          .texts("i_parent", inserted, of -> of.row().parent())
          .ints("i_ordinal", inserted, of -> of.row().ordinal());
      common(values, "u_", updated);
    }

    private static void common(Statement.Values values, String prefix, List<Of> rows) {
      values
          .uuids(prefix + "run", rows, Of::run)
          .texts(prefix + "path", rows, of -> Encoding.text(of.row().path()))
          .texts(prefix + "status", rows, of -> of.row().status().id())
          .ints(prefix + "attempt", rows, of -> of.row().attempt())
          .ints(prefix + "failures", rows, of -> of.row().failures())
          .ints(prefix + "losses", rows, of -> of.row().losses())
          .ints(prefix + "marks", rows, of -> of.row().marks())
          .ints(prefix + "pending", rows, of -> of.row().pending())
          .ints(prefix + "satisfied", rows, of -> of.row().satisfied())
          .ints(prefix + "open", rows, of -> of.row().open())
          .ints(prefix + "failed", rows, of -> of.row().failed())
          .ints(prefix + "active", rows, of -> of.row().active())
          .ints(prefix + "limit", rows, of -> of.row().limit())
          .ints(prefix + "cursor", rows, of -> of.row().cursor())
          .texts(prefix + "bindings", rows, of -> Encoding.json(of.row().bindings()))
          .texts(prefix + "detail", rows, of -> Encoding.json(of.row().detail()))
          .texts(prefix + "output", rows, of -> Encoding.json(of.row().output()))
          .texts(
              prefix + "error",
              rows,
              of -> of.row().error() == null ? null : Encoding.json(of.row().error().toJson()))
          .texts(
              prefix + "reason",
              rows,
              of -> of.row().reason() == null ? null : Encoding.json(of.row().reason().toJson()))
          .integers(prefix + "exit", rows, of -> of.row().exitCode())
          .texts(prefix + "released", rows, of -> of.row().releasedBy())
          .longs(prefix + "backoff", rows, of -> of.row().backoffMs())
          .ints(prefix + "stamps", rows, of -> of.row().stamps());
    }
  }

  /** The columns of timers and of steps that wait for a slot. */
  private static final class LedgerTimers {

    private record Of<D>(UUID run, D decision) {}

    static boolean put(Statement.Values values, List<Advance> advances) {
      List<Of<Decision.Arm>> armed = new ArrayList<>();
      List<Of<Decision.Disarm>> disarmed = new ArrayList<>();
      List<Of<Decision.Enqueue>> parked = new ArrayList<>();
      List<Of<Decision.Dequeue>> unparked = new ArrayList<>();
      List<UUID> finished = new ArrayList<>();
      for (Advance advance : advances) {
        UUID run = advance.run();
        Map<String, Decision.Arm> lastArmed = new java.util.LinkedHashMap<>();
        Map<String, Decision.Disarm> lastDisarmed = new java.util.LinkedHashMap<>();
        for (Decision decision : advance.decided().decisions()) {
          switch (decision) {
            case Decision.Arm arm -> {
              String key = arm.kind() + " " + arm.step();
              lastDisarmed.remove(key);
              lastArmed.put(key, arm);
            }
            case Decision.Disarm disarm -> {
              String key = disarm.kind() + " " + disarm.step();
              lastArmed.remove(key);
              lastDisarmed.put(key, disarm);
            }
            case Decision.Enqueue enqueue -> parked.add(new Of<>(run, enqueue));
            case Decision.Dequeue dequeue -> unparked.add(new Of<>(run, dequeue));
            case Decision.Finish ignored -> {
              int marks = advance.decided().run().marks();
              if ((marks & (RunRow.Marks.HAS_TIMERS | RunRow.Marks.HAS_BACKLOG)) != 0) {
                finished.add(run);
              }
            }
            case Decision.Invoke ignored -> {}
            case Decision.Continue ignored -> {}
            case Decision.Stop ignored -> {}
          }
        }
        if (advance.decided().run().status().isTerminal()) {
          continue;
        }
        lastArmed.values().forEach(arm -> armed.add(new Of<>(run, arm)));
        lastDisarmed.values().forEach(disarm -> disarmed.add(new Of<>(run, disarm)));
      }
      parked.removeIf(of -> finished.contains(of.run()));
      unparked.removeIf(of -> finished.contains(of.run()));
      columns(values, armed, disarmed, parked, unparked);
      values.uuids("f_run", finished, run -> run);
      return !(armed.isEmpty()
          && disarmed.isEmpty()
          && parked.isEmpty()
          && unparked.isEmpty()
          && finished.isEmpty());
    }

    private static void columns(
        Statement.Values values,
        List<Of<Decision.Arm>> armed,
        List<Of<Decision.Disarm>> disarmed,
        List<Of<Decision.Enqueue>> parked,
        List<Of<Decision.Dequeue>> unparked) {
      values
          .uuids("a_run", armed, Of::run)
          .texts("a_step", armed, of -> of.decision().step())
          .texts("a_kind", armed, of -> of.decision().kind().name())
          .ints("a_attempt", armed, of -> of.decision().attempt())
          .longs("a_after", armed, of -> of.decision().after().toMillis())
          .uuids("d_run", disarmed, Of::run)
          .texts("d_step", disarmed, of -> of.decision().step())
          .texts("d_kind", disarmed, of -> of.decision().kind().name())
          .uuids("p_run", parked, Of::run)
          .texts("p_scope", parked, of -> of.decision().scope())
          .longs("p_position", parked, of -> of.decision().position())
          .texts("p_step", parked, of -> of.decision().step())
          .uuids("q_run", unparked, Of::run)
          .texts("q_scope", unparked, of -> of.decision().scope())
          .longs("q_position", unparked, of -> of.decision().position());
    }
  }
}
