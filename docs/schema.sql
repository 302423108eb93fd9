-- The schema of Fanfare as PostgreSQL tells it, after every migration in
-- src/main/resources/db/migration, which also say what each table is for.
-- Generated and compared by a test. To write it anew:
--   scripts/test -Dtest=SchemaPageTest -Dfanfare.schema=write

CREATE TABLE api_token (
    id uuid NOT NULL,
    name text NOT NULL,
    scopes text[] NOT NULL,
    digest bytea NOT NULL,
    created_by text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT api_token_digest_key UNIQUE (digest),
    CONSTRAINT api_token_pkey PRIMARY KEY (id)
);

CREATE TABLE backlog (
    run_id uuid NOT NULL,
    scope text NOT NULL,
    "position" bigint NOT NULL,
    step text NOT NULL,
    CONSTRAINT backlog_pkey PRIMARY KEY (run_id, scope, "position")
);

CREATE TABLE breaker (
    name text NOT NULL,
    failures integer NOT NULL,
    open_until timestamp with time zone,
    trial_until timestamp with time zone,
    trial_by text,
    CONSTRAINT breaker_pkey PRIMARY KEY (name)
);

CREATE TABLE cache_entry (
    key text NOT NULL,
    output json,
    stored_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT cache_entry_pkey PRIMARY KEY (key)
);

CREATE INDEX cache_entry_expires ON public.cache_entry USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE TABLE due (
    run_id uuid NOT NULL,
    step text NOT NULL,
    kind text NOT NULL,
    attempt integer NOT NULL,
    at timestamp with time zone NOT NULL,
    data json,
    CONSTRAINT due_pkey PRIMARY KEY (run_id, step, kind)
);

CREATE INDEX due_at ON public.due USING btree (at);

CREATE TABLE event_batch (
    run_id uuid NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    entries json NOT NULL,
    CONSTRAINT event_batch_pkey PRIMARY KEY (run_id, first)
);

CREATE TABLE flow_state (
    scope text NOT NULL,
    key text NOT NULL,
    value json NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT flow_state_pkey PRIMARY KEY (scope, key)
);

CREATE INDEX flow_state_expires_at ON public.flow_state USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE TABLE graph (
    hash text NOT NULL,
    workflow text NOT NULL,
    dialect text NOT NULL,
    file_name text NOT NULL,
    source text NOT NULL,
    inputs json NOT NULL,
    layout json,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT graph_pkey PRIMARY KEY (hash)
);

CREATE TABLE hold (
    run_id uuid NOT NULL,
    step text NOT NULL,
    scope text NOT NULL,
    key text NOT NULL,
    policy text NOT NULL,
    slots integer NOT NULL,
    priority integer NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    granted_at timestamp with time zone,
    ticket integer NOT NULL,
    superseded_by uuid,
    CONSTRAINT hold_pkey PRIMARY KEY (run_id, step)
);

CREATE INDEX hold_held ON public.hold USING btree (scope, key) WHERE (granted_at IS NOT NULL);

CREATE INDEX hold_impatient ON public.hold USING btree (scope, key) WHERE ((granted_at IS NULL) AND (policy <> 'QUEUE'::text));

CREATE INDEX hold_key ON public.hold USING btree (scope, key, asked_at);

CREATE INDEX hold_next ON public.hold USING btree (scope, key, priority DESC, asked_at) WHERE (granted_at IS NULL);

CREATE TABLE inbox (
    run_id uuid NOT NULL,
    id uuid NOT NULL,
    event json NOT NULL,
    verdict text,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT inbox_pkey PRIMARY KEY (run_id, id)
);

CREATE TABLE inbox_turn (
    run_id uuid NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT inbox_turn_pkey PRIMARY KEY (run_id)
);

CREATE TABLE log_chunk (
    run_id uuid NOT NULL,
    step text NOT NULL,
    attempt integer NOT NULL,
    chunk integer NOT NULL,
    first_line bigint NOT NULL,
    lines integer NOT NULL,
    body text NOT NULL,
    CONSTRAINT log_chunk_pkey PRIMARY KEY (run_id, step, attempt, chunk)
);

CREATE TABLE published (
    name text NOT NULL,
    id text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT published_pkey PRIMARY KEY (name, id)
);

CREATE INDEX published_at ON public.published USING btree (at);

CREATE TABLE registration (
    workflow text NOT NULL,
    paused_at timestamp with time zone,
    CONSTRAINT registration_pkey PRIMARY KEY (workflow)
);

CREATE TABLE run (
    id uuid NOT NULL,
    workflow text NOT NULL,
    graph text NOT NULL,
    idempotency_key text,
    params json NOT NULL,
    event json NOT NULL,
    context json NOT NULL,
    attempt integer NOT NULL,
    status text NOT NULL,
    version bigint NOT NULL,
    last_event bigint NOT NULL,
    open integer NOT NULL,
    active integer NOT NULL,
    waiting integer NOT NULL,
    marks integer NOT NULL,
    step_limit integer NOT NULL,
    queued bigint NOT NULL,
    outputs json,
    reason json,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    sweep_at timestamp with time zone NOT NULL,
    restarted_at timestamp with time zone,
    CONSTRAINT run_pkey PRIMARY KEY (id)
) WITH (fillfactor=70);

CREATE INDEX run_created ON public.run USING btree (created_at);

CREATE UNIQUE INDEX run_idempotency ON public.run USING btree (workflow, idempotency_key) WHERE (idempotency_key IS NOT NULL);

CREATE INDEX run_live ON public.run USING btree (id) WHERE (status = ANY (ARRAY['running'::text, 'failing'::text]));

CREATE INDEX run_workflow ON public.run USING btree (workflow, created_at);

CREATE TABLE run_attempt (
    run_id uuid NOT NULL,
    attempt integer NOT NULL,
    status text NOT NULL,
    reason json,
    outputs json,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    next_from text NOT NULL,
    next_by text NOT NULL,
    steps json,
    CONSTRAINT run_attempt_pkey PRIMARY KEY (run_id, attempt)
);

CREATE TABLE step (
    run_id uuid NOT NULL,
    path text NOT NULL,
    node integer NOT NULL,
    parent text NOT NULL,
    ordinal integer NOT NULL,
    status text NOT NULL,
    attempt integer NOT NULL,
    failures integer NOT NULL,
    losses integer NOT NULL,
    marks integer NOT NULL,
    pending integer NOT NULL,
    satisfied integer NOT NULL,
    open integer NOT NULL,
    failed integer NOT NULL,
    active integer NOT NULL,
    child_limit integer NOT NULL,
    cursor integer NOT NULL,
    bindings json,
    detail json,
    output json,
    error json,
    reason json,
    exit_code integer,
    released_by text NOT NULL,
    backoff_ms bigint NOT NULL,
    ready_at timestamp with time zone,
    dispatched_at timestamp with time zone,
    started_at timestamp with time zone,
    began_at timestamp with time zone,
    ended_at timestamp with time zone,
    lease_until timestamp with time zone,
    worker text,
    CONSTRAINT step_pkey PRIMARY KEY (run_id, path)
) WITH (fillfactor=70);

CREATE TABLE subscription (
    run_id uuid NOT NULL,
    step text NOT NULL,
    attempt integer NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    open boolean NOT NULL,
    used boolean DEFAULT false NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT subscription_pkey PRIMARY KEY (run_id, step, attempt)
);

CREATE INDEX subscription_approval ON public.subscription USING btree (run_id, step) WHERE ((kind = 'APPROVAL'::text) AND open);

CREATE INDEX subscription_event ON public.subscription USING btree (key, run_id, step, attempt) WHERE ((kind = 'EVENT'::text) AND open);

CREATE INDEX subscription_token ON public.subscription USING btree (key) WHERE (kind = 'CALLBACK'::text);

CREATE TABLE worker (
    id text NOT NULL,
    host text NOT NULL,
    pid bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT worker_pkey PRIMARY KEY (id)
);

CREATE TABLE workflow (
    name text NOT NULL,
    version integer NOT NULL,
    description text NOT NULL,
    dialect text NOT NULL,
    file_name text NOT NULL,
    source text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workflow_pkey PRIMARY KEY (name, version)
);

CREATE TABLE workflow_trigger (
    workflow text NOT NULL,
    key text NOT NULL,
    ordinal integer NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    spec json NOT NULL,
    next_at timestamp with time zone,
    last_at timestamp with time zone,
    last_run uuid,
    skipped_at timestamp with time zone,
    skipped json,
    CONSTRAINT workflow_trigger_pkey PRIMARY KEY (workflow, key)
);

CREATE INDEX workflow_trigger_name ON public.workflow_trigger USING btree (kind, name) WHERE (next_at IS NULL);

CREATE INDEX workflow_trigger_next ON public.workflow_trigger USING btree (next_at) WHERE (next_at IS NOT NULL);

CREATE VIEW run_event AS
 SELECT b.run_id,
    b.first + e.place - 1 AS seq,
    b.at,
    e.entry ->> 'type'::text AS type,
    e.entry ->> 'step'::text AS step,
    e.entry AS body
   FROM event_batch b
     CROSS JOIN LATERAL json_array_elements(b.entries) WITH ORDINALITY e(entry, place);
