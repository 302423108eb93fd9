package dev.fanfare.store;

/**
 * The statements of the hot path, one constant each.
 *
 * <p>Each of the two writes is one statement and therefore one transaction and one round trip, for
 * any number of runs and steps. Rows travel as one array per column. Steps, events and timers of a
 * run that is not in {@code r} are not written, which makes the check of its version (or of its
 * idempotency key) atomic with everything else.
 */
final class LedgerSql {

  /** A run as it is first stored; one with a known idempotency key stays out of {@code r}. */
  private static final String CREATE_HEAD =
      """
      WITH r AS (
        INSERT INTO run (id, workflow, graph, idempotency_key, params, event, context, attempt,
                         status, version, last_event, open, active, waiting, marks, step_limit,
                         queued, outputs, reason, finished_at, sweep_at)
        SELECT u.id, u.workflow, u.graph, u.key, u.params::json, u.event::json, u.context::json,
               u.attempt, u.status, u.version, u.last_event, u.open, u.active, u.waiting, u.marks,
               u.step_limit, u.queued, u.outputs::json, u.reason::json,
               CASE WHEN u.finished <> 0 THEN now() END,
               now() + {lease} * interval '1 millisecond'
          FROM unnest({r_id}::uuid[], {r_workflow}::text[], {r_graph}::text[], {r_key}::text[],
                      {r_params}::text[], {r_event}::text[], {r_context}::text[],
                      {r_attempt}::int[], {r_status}::text[], {r_version}::bigint[],
                      {r_last_event}::bigint[], {r_open}::int[], {r_active}::int[],
                      {r_waiting}::int[], {r_marks}::int[], {r_limit}::int[],
                      {r_queued}::bigint[], {r_outputs}::text[], {r_reason}::text[],
                      {r_finished}::int[])
            AS u(id, workflow, graph, key, params, event, context, attempt, status, version,
                 last_event, open, active, waiting, marks, step_limit, queued, outputs, reason,
                 finished)
        ON CONFLICT (workflow, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
        RETURNING id
      )
      """;

  /** Moves runs on; one whose version has changed since the decision stays out of {@code r}. */
  private static final String ADVANCE_HEAD =
      """
      WITH r AS (
        UPDATE run
           SET status = u.status, version = u.version, last_event = u.last_event,
               open = u.open, active = u.active, waiting = u.waiting, marks = u.marks,
               step_limit = u.step_limit, queued = u.queued, outputs = u.outputs::json,
               reason = u.reason::json, attempt = u.attempt,
               context = CASE WHEN u.attempt = run.attempt THEN run.context
                              ELSE u.context::json END,
               restarted_at = CASE WHEN u.attempt = run.attempt THEN run.restarted_at
                                   ELSE now() END,
               finished_at = CASE WHEN u.finished <> 0 THEN coalesce(run.finished_at, now()) END
          FROM unnest({r_id}::uuid[], {r_status}::text[], {r_version}::bigint[],
                      {r_last_event}::bigint[], {r_open}::int[], {r_active}::int[],
                      {r_waiting}::int[], {r_marks}::int[], {r_limit}::int[],
                      {r_queued}::bigint[], {r_outputs}::text[], {r_reason}::text[],
                      {r_finished}::int[], {r_attempt}::int[], {r_context}::text[])
            AS u(id, status, version, last_event, open, active, waiting, marks, step_limit,
                 queued, outputs, reason, finished, attempt, context)
         WHERE run.id = u.id AND run.version = u.version - 1
        RETURNING run.id
      )
      """;

  /** Steps that come to be: one insertion each. */
  private static final String INSERTED =
      """
      , inserted AS (
        INSERT INTO step (run_id, path, node, parent, ordinal, status, attempt, failures, losses,
                          marks, pending, satisfied, open, failed, active, child_limit, cursor,
                          bindings, detail, output, error, reason, exit_code, released_by,
                          backoff_ms, ready_at, dispatched_at, started_at, began_at, ended_at,
                          lease_until, worker)
        SELECT u.run_id, u.path, u.node, u.parent, u.ordinal, u.status, u.attempt, u.failures,
               u.losses, u.marks, u.pending, u.satisfied, u.open, u.failed, u.active,
               u.child_limit, u.cursor, u.bindings::json, u.detail::json, u.output::json,
               u.error::json, u.reason::json, u.exit_code, u.released_by, u.backoff_ms,
               CASE WHEN u.stamps & 1 <> 0 THEN now() END,
               CASE WHEN u.stamps & 2 <> 0 THEN now() END,
               CASE WHEN u.stamps & 4 <> 0 THEN now() END,
               CASE WHEN u.stamps & 4 <> 0 THEN now() END,
               CASE WHEN u.stamps & 8 <> 0 THEN now() END,
               CASE WHEN u.stamps & 24 = 16 THEN now() + {lease} * interval '1 millisecond' END,
               CASE WHEN u.stamps & 16 <> 0 THEN {worker} END
          FROM unnest({i_run}::uuid[], {i_path}::text[], {i_node}::int[], {i_parent}::text[],
                      {i_ordinal}::int[], {i_status}::text[], {i_attempt}::int[],
                      {i_failures}::int[], {i_losses}::int[], {i_marks}::int[],
                      {i_pending}::int[], {i_satisfied}::int[], {i_open}::int[],
                      {i_failed}::int[], {i_active}::int[], {i_limit}::int[], {i_cursor}::int[],
                      {i_bindings}::text[], {i_detail}::text[], {i_output}::text[],
                      {i_error}::text[], {i_reason}::text[], {i_exit}::int[],
                      {i_released}::text[], {i_backoff}::bigint[], {i_stamps}::int[])
            AS u(run_id, path, node, parent, ordinal, status, attempt, failures, losses, marks,
                 pending, satisfied, open, failed, active, child_limit, cursor, bindings, detail,
                 output, error, reason, exit_code, released_by, backoff_ms, stamps)
          JOIN r ON r.id = u.run_id
      )
      """;

  /**
   * Steps that change: one probe of the primary key each, a HOT update, since no index holds a
   * column that changes. A structure's detail can be large and seldom changes: null keeps it.
   */
  private static final String UPDATED =
      """
      , updated AS (
        UPDATE step s
           SET status = u.status, attempt = u.attempt, failures = u.failures, losses = u.losses,
               marks = u.marks, pending = u.pending, satisfied = u.satisfied, open = u.open,
               failed = u.failed, active = u.active, child_limit = u.child_limit,
               cursor = u.cursor,
               bindings = CASE WHEN u.bindings IS NULL THEN s.bindings ELSE u.bindings::json END,
               detail = CASE WHEN u.detail IS NULL THEN s.detail ELSE u.detail::json END,
               output = u.output::json, error = u.error::json, reason = u.reason::json,
               exit_code = u.exit_code, released_by = u.released_by, backoff_ms = u.backoff_ms,
               ready_at = CASE WHEN u.stamps & 1 <> 0 THEN now()
                               WHEN u.stamps & 32 = 0 THEN s.ready_at END,
               dispatched_at = CASE WHEN u.stamps & 2 <> 0 THEN now()
                                    WHEN u.stamps & 32 = 0 THEN s.dispatched_at END,
               started_at = CASE WHEN u.stamps & 36 = 36 THEN now()
                                 WHEN u.stamps & 4 <> 0 THEN coalesce(s.started_at, now())
                                 WHEN u.stamps & 32 = 0 THEN s.started_at END,
               began_at = CASE WHEN u.stamps & 4 <> 0 THEN now()
                               WHEN u.stamps & 32 = 0 THEN s.began_at END,
               ended_at = CASE WHEN u.stamps & 8 <> 0 THEN now()
                               WHEN u.stamps & 32 = 0 THEN s.ended_at END,
               lease_until = CASE WHEN u.stamps & 24 = 16
                                  THEN now() + {lease} * interval '1 millisecond'
                                       * CASE WHEN u.stamps & 4 = 0
                                              THEN least(1 + u.losses, 15) ELSE 1 END END,
               worker = CASE WHEN u.stamps & 16 <> 0 THEN {worker} ELSE s.worker END
          FROM unnest({u_run}::uuid[], {u_path}::text[], {u_status}::text[], {u_attempt}::int[],
                      {u_failures}::int[], {u_losses}::int[], {u_marks}::int[],
                      {u_pending}::int[], {u_satisfied}::int[], {u_open}::int[],
                      {u_failed}::int[], {u_active}::int[], {u_limit}::int[], {u_cursor}::int[],
                      {u_bindings}::text[], {u_detail}::text[], {u_output}::text[],
                      {u_error}::text[], {u_reason}::text[], {u_exit}::int[],
                      {u_released}::text[], {u_backoff}::bigint[], {u_stamps}::int[])
            AS u(run_id, path, status, attempt, failures, losses, marks, pending, satisfied, open,
                 failed, active, child_limit, cursor, bindings, detail, output, error, reason,
                 exit_code, released_by, backoff_ms, stamps)
          JOIN r ON r.id = u.run_id
         WHERE s.run_id = u.run_id AND s.path = u.path
      )
      """;

  /** The event log: one row for each run of the write. */
  private static final String NOTED =
      """
      , noted AS (
        INSERT INTO event_batch (run_id, first, last, at, entries)
        SELECT u.run_id, u.first, u.last, now(), u.entries::json
          FROM unnest({e_run}::uuid[], {e_first}::bigint[], {e_last}::bigint[], {e_body}::text[])
            AS u(run_id, first, last, entries)
          JOIN r ON r.id = u.run_id
      )
      """;

  /** Timers and waiting entries; only in writes that have any. */
  private static final String TIMERS =
      """
      , disarmed AS (
        DELETE FROM due d
         USING unnest({d_run}::uuid[], {d_step}::text[], {d_kind}::text[])
            AS u(run_id, step, kind), r
         WHERE r.id = u.run_id AND d.run_id = u.run_id AND d.step = u.step AND d.kind = u.kind
      ), armed AS (
        INSERT INTO due (run_id, step, kind, attempt, at, data)
        SELECT u.run_id, u.step, u.kind, u.attempt, now() + u.after * interval '1 millisecond',
               u.data::json
          FROM unnest({a_run}::uuid[], {a_step}::text[], {a_kind}::text[], {a_attempt}::int[],
                      {a_after}::bigint[], {a_data}::text[])
            AS u(run_id, step, kind, attempt, after, data)
          JOIN r ON r.id = u.run_id
        ON CONFLICT (run_id, step, kind)
        DO UPDATE SET attempt = excluded.attempt, at = excluded.at, data = excluded.data
      ), parked AS (
        INSERT INTO backlog (run_id, scope, position, step)
        SELECT u.run_id, u.scope, u.position, u.step
          FROM unnest({p_run}::uuid[], {p_scope}::text[], {p_position}::bigint[],
                      {p_step}::text[])
            AS u(run_id, scope, position, step)
          JOIN r ON r.id = u.run_id
      ), unparked AS (
        DELETE FROM backlog b
         USING unnest({q_run}::uuid[], {q_scope}::text[], {q_position}::bigint[])
            AS u(run_id, scope, position), r
         WHERE r.id = u.run_id AND b.run_id = u.run_id AND b.scope = u.scope
           AND b.position = u.position
      ), finished_due AS (
        DELETE FROM due d USING unnest({f_run}::uuid[]) AS u(run_id), r
         WHERE r.id = u.run_id AND d.run_id = u.run_id
      ), finished_backlog AS (
        DELETE FROM backlog b USING unnest({f_run}::uuid[]) AS u(run_id), r
         WHERE r.id = u.run_id AND b.run_id = u.run_id
      )
      """;

  /** What a run shares with others or waits for outside it; only in writes that have any. */
  private static final String EXTRAS =
      """
      , awaited AS (
        INSERT INTO subscription (run_id, step, attempt, kind, key, open)
        SELECT u.run_id, u.step, u.attempt, u.kind, u.key, true
          FROM unnest({s_run}::uuid[], {s_step}::text[], {s_attempt}::int[], {s_kind}::text[],
                      {s_key}::text[])
            AS u(run_id, step, attempt, kind, key)
          JOIN r ON r.id = u.run_id
      ), unawaited AS (
        UPDATE subscription s
           SET open = false, used = u.used <> 0, closed_at = now()
          FROM unnest({n_run}::uuid[], {n_step}::text[], {n_used}::int[])
            AS u(run_id, step, used), r
         WHERE r.id = u.run_id AND s.run_id = u.run_id AND s.step = u.step AND s.open
      ), acquired AS (
        INSERT INTO hold (run_id, step, ticket, scope, key, policy, slots, priority, asked_at)
        SELECT o.run_id, o.step, o.ticket, o.scope, o.key, o.policy, o.slots, o.priority,
               clock_timestamp()
          FROM (SELECT u.*
                  FROM unnest({h_run}::uuid[], {h_step}::text[], {h_ticket}::int[],
                              {h_scope}::text[], {h_key}::text[], {h_policy}::text[],
                              {h_slots}::int[], {h_priority}::int[])
                         WITH ORDINALITY
                    AS u(run_id, step, ticket, scope, key, policy, slots, priority, place)
                  JOIN r ON r.id = u.run_id
                 ORDER BY u.place) o
        ON CONFLICT (run_id, step)
        DO UPDATE SET ticket = excluded.ticket, scope = excluded.scope, key = excluded.key,
                      policy = excluded.policy, slots = excluded.slots,
                      priority = excluded.priority, asked_at = excluded.asked_at,
                      granted_at = NULL
      ), released AS (
        DELETE FROM hold h
         USING unnest({l_run}::uuid[], {l_step}::text[]) AS u(run_id, step), r
         WHERE r.id = u.run_id AND h.run_id = u.run_id AND h.step = u.step
      ), woken AS (
        INSERT INTO due (run_id, step, kind, attempt, at, data)
        SELECT u.other, u.step, u.kind, u.attempt, now(), u.data::json
          FROM unnest({w_run}::uuid[], {w_other}::uuid[], {w_step}::text[], {w_kind}::text[],
                      {w_attempt}::int[], {w_data}::text[])
            AS u(run_id, other, step, kind, attempt, data)
          JOIN r ON r.id = u.run_id
         ORDER BY u.other, u.step, u.kind
        ON CONFLICT (run_id, step, kind)
        DO UPDATE SET attempt = excluded.attempt, at = excluded.at, data = excluded.data
      ), archived AS (
        INSERT INTO run_attempt (run_id, attempt, status, reason, outputs, started_at, finished_at,
                                 next_from, next_by, steps)
        SELECT run.id, run.attempt,
               CASE WHEN run.finished_at IS NULL THEN 'failed' ELSE run.status END,
               run.reason, run.outputs, coalesce(run.restarted_at, run.created_at),
               coalesce(run.finished_at, now()), u.next_from, u.next_by,
               (SELECT json_agg(json_build_object(
                         'id', s.path, 'status', s.status, 'reason', s.reason,
                         'attempts', s.attempt, 'startedAt', s.started_at,
                         'finishedAt', s.ended_at, 'error', s.error) ORDER BY s.path)
                  FROM step s WHERE s.run_id = run.id)
          FROM unnest({y_run}::uuid[], {y_from}::text[], {y_by}::text[])
            AS u(run_id, next_from, next_by)
          JOIN r ON r.id = u.run_id
          JOIN run ON run.id = u.run_id
      ), cached AS (
        INSERT INTO cache_entry (key, output, stored_at, expires_at)
        SELECT DISTINCT ON (u.key) u.key, u.result::json, now(),
               CASE WHEN u.ttl >= 0 THEN now() + u.ttl * interval '1 millisecond' END
          FROM unnest({k_run}::uuid[], {k_key}::text[], {k_result}::text[], {k_ttl}::bigint[])
                 WITH ORDINALITY
            AS u(run_id, key, result, ttl, place)
          JOIN r ON r.id = u.run_id
         ORDER BY u.key, u.place DESC
        ON CONFLICT (key)
        DO UPDATE SET output = excluded.output, stored_at = excluded.stored_at,
                      expires_at = excluded.expires_at
      ), attempted AS (
        SELECT u.*,
               max(u.place) FILTER (WHERE u.result = 'SUCCESS' AND NOT u.trial)
                 OVER (PARTITION BY u.name) AS last_success
          FROM unnest({t_run}::uuid[], {t_name}::text[], {t_result}::text[], {t_trial}::boolean[],
                      {t_threshold}::int[], {t_recovery}::bigint[])
                 WITH ORDINALITY
            AS u(run_id, name, result, trial, threshold, recovery, place)
          JOIN r ON r.id = u.run_id
      ), tally AS (
        SELECT a.name, max(a.threshold) AS threshold,
               max(a.recovery) * interval '1 millisecond' AS recovery,
               bool_or(a.last_success IS NOT NULL) AS succeeded,
               count(*) FILTER (WHERE a.result = 'FAILURE' AND NOT a.trial
                                  AND a.place > coalesce(a.last_success, 0)) AS failed,
               bool_or(a.trial) AS tried,
               bool_or(a.trial AND a.result = 'SUCCESS') AS closes,
               bool_or(a.trial AND a.result = 'FAILURE') AS opens
          FROM attempted a GROUP BY a.name
      ), changing AS (
        SELECT t.* FROM tally t JOIN breaker b ON b.name = t.name
         WHERE t.tried OR (b.open_until IS NULL AND (t.failed > 0 OR b.failures > 0))
         ORDER BY b.name
           FOR UPDATE OF b
      ), tallied AS (
        UPDATE breaker b
           SET failures = CASE WHEN t.closes THEN 0
                               WHEN b.open_until IS NOT NULL THEN b.failures
                               WHEN t.succeeded THEN t.failed
                               ELSE b.failures + t.failed END,
               open_until = CASE WHEN t.closes THEN NULL
                                 WHEN b.open_until IS NOT NULL
                                 THEN CASE WHEN t.opens THEN now() + t.recovery
                                           ELSE b.open_until END
                                 WHEN t.failed > 0 AND t.threshold <= t.failed
                                      + CASE WHEN t.succeeded THEN 0 ELSE b.failures END
                                 THEN now() + t.recovery END,
               trial_until = CASE WHEN t.tried THEN NULL ELSE b.trial_until END
          FROM changing t
         WHERE b.name = t.name
      ), finished_hold AS (
        DELETE FROM hold h USING unnest({x_run}::uuid[]) AS u(run_id), r
         WHERE r.id = u.run_id AND h.run_id = u.run_id
      )
      """;

  /** Letters of the run's inbox that the decision answers; the sender's own are done with. */
  private static final String LETTERS =
      """
      , answered AS (
        UPDATE inbox i SET verdict = u.verdict
          FROM unnest({letter_run}::uuid[], {letter_id}::uuid[], {letter_verdict}::text[])
            AS u(run_id, id, verdict)
          JOIN r ON r.id = u.run_id
         WHERE i.run_id = u.run_id AND i.id = u.id AND i.verdict IS NULL
      ), collected AS (
        DELETE FROM inbox i USING unnest({own_run}::uuid[], {own_id}::uuid[]) AS u(run_id, id), r
         WHERE r.id = u.run_id AND i.run_id = u.run_id AND i.id = u.id
      ), turned AS (
        DELETE FROM inbox_turn t USING r WHERE t.run_id = r.id
      )
      """;

  private static final String RESULT = "SELECT r.id FROM r";

  static final Statement CREATE = new Statement(CREATE_HEAD + INSERTED + NOTED + RESULT);
  static final Statement CREATE_WITH_TIMERS =
      new Statement(CREATE_HEAD + INSERTED + NOTED + TIMERS + RESULT);
  static final Statement CREATE_WITH_EXTRAS =
      new Statement(CREATE_HEAD + INSERTED + NOTED + TIMERS + EXTRAS + RESULT);
  static final Statement ADVANCE =
      new Statement(ADVANCE_HEAD + INSERTED + UPDATED + NOTED + RESULT);
  static final Statement ADVANCE_WITH_TIMERS =
      new Statement(ADVANCE_HEAD + INSERTED + UPDATED + NOTED + TIMERS + RESULT);

  static final Statement ADVANCE_WITH_EXTRAS =
      new Statement(ADVANCE_HEAD + INSERTED + UPDATED + NOTED + TIMERS + EXTRAS + RESULT);

  static final Statement ADVANCE_WITH_LETTERS =
      new Statement(ADVANCE_HEAD + INSERTED + UPDATED + NOTED + TIMERS + EXTRAS + LETTERS + RESULT);

  private LedgerSql() {}
}
