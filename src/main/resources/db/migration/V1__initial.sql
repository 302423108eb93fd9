-- The state of Fanfare. docs/schema.sql is this schema as PostgreSQL prints it.
--
-- Values are json, not jsonb: they come back as they were written, keys in order, and nothing
-- queries inside them. No sequences, no triggers, no LISTEN: a connection proxy may pin none of it.

-- A workflow file as it was given, and what of a run shaped its graph. Immutable.
CREATE TABLE graph (
  hash        text        PRIMARY KEY,
  workflow    text        NOT NULL,
  dialect     text        NOT NULL,
  file_name   text        NOT NULL,
  source      text        NOT NULL,
  inputs      json        NOT NULL,
  layout      json,
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- Registered workflows: a name, and the versions it has had.
CREATE TABLE workflow (
  name        text        NOT NULL,
  version     integer     NOT NULL,
  description text        NOT NULL,
  dialect     text        NOT NULL,
  file_name   text        NOT NULL,
  source      text        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (name, version)
);

-- One row a run. Every transaction about a run updates this row first: that is the run's order, and
-- version is its optimistic lock. No index holds a column that a report changes, so reports are HOT
-- updates; status changes a few times in a run's life.
CREATE TABLE run (
  id              uuid        PRIMARY KEY,
  workflow        text        NOT NULL,
  graph           text        NOT NULL,
  idempotency_key text,
  params          json        NOT NULL,
  event           json        NOT NULL,
  context         json        NOT NULL,
  attempt         integer     NOT NULL,
  status          text        NOT NULL,
  version         bigint      NOT NULL,
  last_event      bigint      NOT NULL,
  open            integer     NOT NULL,
  active          integer     NOT NULL,
  waiting         integer     NOT NULL,
  marks           integer     NOT NULL,
  step_limit      integer     NOT NULL,
  queued          bigint      NOT NULL,
  outputs         json,
  reason          json,
  created_at      timestamptz NOT NULL DEFAULT now(),
  finished_at     timestamptz,
  sweep_at        timestamptz NOT NULL
) WITH (fillfactor = 70);

CREATE UNIQUE INDEX run_idempotency ON run (workflow, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
CREATE INDEX run_created ON run (created_at);
CREATE INDEX run_workflow ON run (workflow, created_at);
-- What the sweep looks at: runs in which something is at work.
CREATE INDEX run_live ON run (id) WHERE status IN ('queued', 'running', 'failing');

-- One row for each step instance that something has happened to. A step of the graph without a row
-- is pending. attempt is the fencing token of every report.
CREATE TABLE step (
  run_id        uuid        NOT NULL,
  path          text        NOT NULL,
  node          integer     NOT NULL,
  parent        text        NOT NULL,
  ordinal       integer     NOT NULL,
  status        text        NOT NULL,
  attempt       integer     NOT NULL,
  failures      integer     NOT NULL,
  losses        integer     NOT NULL,
  marks         integer     NOT NULL,
  pending       integer     NOT NULL,
  satisfied     integer     NOT NULL,
  open          integer     NOT NULL,
  failed        integer     NOT NULL,
  active        integer     NOT NULL,
  child_limit   integer     NOT NULL,
  cursor        integer     NOT NULL,
  bindings      json,
  detail        json,
  output        json,
  error         json,
  reason        json,
  exit_code     integer,
  released_by   text        NOT NULL,
  backoff_ms    bigint      NOT NULL,
  ready_at      timestamptz,
  dispatched_at timestamptz,
  started_at    timestamptz,
  began_at      timestamptz,
  ended_at      timestamptz,
  lease_until   timestamptz,
  worker        text,
  PRIMARY KEY (run_id, path)
) WITH (fillfactor = 70);

-- The event log of a run, append-only: one row for each transaction, holding its entries first to
-- last. The sequence of a run has no gaps. run_event shows it an entry a row.
CREATE TABLE event_batch (
  run_id  uuid        NOT NULL,
  first   bigint      NOT NULL,
  last    bigint      NOT NULL,
  at      timestamptz NOT NULL,
  entries json        NOT NULL,
  PRIMARY KEY (run_id, first)
);

CREATE VIEW run_event AS
  SELECT b.run_id,
         b.first + e.place - 1 AS seq,
         b.at,
         e.entry ->> 'type'    AS type,
         e.entry ->> 'step'    AS step,
         e.entry               AS body
    FROM event_batch b
   CROSS JOIN LATERAL json_array_elements(b.entries) WITH ORDINALITY AS e (entry, place);

-- What has to happen at a time: retries, sleeps, deadlines.
CREATE TABLE due (
  run_id  uuid        NOT NULL,
  step    text        NOT NULL,
  kind    text        NOT NULL,
  attempt integer     NOT NULL,
  at      timestamptz NOT NULL,
  PRIMARY KEY (run_id, step, kind)
);
CREATE INDEX due_at ON due (at);

-- Ready steps that wait for a slot of a limit; scope is the limiting group, empty for the run.
CREATE TABLE backlog (
  run_id   uuid   NOT NULL,
  scope    text   NOT NULL,
  position bigint NOT NULL,
  step     text   NOT NULL,
  PRIMARY KEY (run_id, scope, position)
);

-- Output of steps while they run, in chunks of whole lines.
CREATE TABLE log_chunk (
  run_id     uuid    NOT NULL,
  step       text    NOT NULL,
  attempt    integer NOT NULL,
  chunk      integer NOT NULL,
  first_line bigint  NOT NULL,
  lines      integer NOT NULL,
  body       text    NOT NULL,
  PRIMARY KEY (run_id, step, attempt, chunk)
);

-- Processes that hold leases, so that one that comes back on the same machine need not wait for the
-- leases of its predecessor to run out.
CREATE TABLE worker (
  id         text        PRIMARY KEY,
  host       text        NOT NULL,
  pid        bigint      NOT NULL,
  started_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL
);
