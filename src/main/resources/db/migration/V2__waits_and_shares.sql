-- What steps wait for outside their run, and what runs share.

-- What is kept with a timer: the question to ask, the run that has ended.
ALTER TABLE due ADD COLUMN data json;

-- Steps that wait for a person, for an event by its name, or for a callback by the digest of its
-- token. A row stays when the wait is over, so that a callback that comes late or twice is told so;
-- used says that what was waited for came.
CREATE TABLE subscription (
  run_id    uuid        NOT NULL,
  step      text        NOT NULL,
  attempt   integer     NOT NULL,
  kind      text        NOT NULL,
  key       text        NOT NULL,
  open      boolean     NOT NULL,
  used      boolean     NOT NULL DEFAULT false,
  opened_at timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz,
  PRIMARY KEY (run_id, step, attempt)
);
CREATE INDEX subscription_event ON subscription (key, run_id, step, attempt)
  WHERE kind = 'EVENT' AND open;
CREATE INDEX subscription_approval ON subscription (run_id, step) WHERE kind = 'APPROVAL' AND open;
CREATE INDEX subscription_token ON subscription (key) WHERE kind = 'CALLBACK';

-- Events that were published with an id, and when first: published again, an event reaches only
-- those who waited then.
CREATE TABLE published (
  name text        NOT NULL,
  id   text        NOT NULL,
  at   timestamptz NOT NULL,
  PRIMARY KEY (name, id)
);
CREATE INDEX published_at ON published (at);

-- Locks of steps and slots of runs: one row for each that holds or wants one. An empty step is the
-- run itself. Written with the decision, granted after it.
CREATE TABLE hold (
  run_id     uuid        NOT NULL,
  step       text        NOT NULL,
  scope      text        NOT NULL,
  key        text        NOT NULL,
  policy     text        NOT NULL,
  slots      integer     NOT NULL,
  priority   integer     NOT NULL,
  asked_at   timestamptz NOT NULL,
  granted_at timestamptz,
  PRIMARY KEY (run_id, step)
);
CREATE INDEX hold_key ON hold (scope, key);

-- One row a key: whoever grants it locks the row first, so that grants of one key have an order.
CREATE TABLE semaphore (
  scope text NOT NULL,
  key   text NOT NULL,
  PRIMARY KEY (scope, key)
);

-- Results of steps that other runs may use.
CREATE TABLE cache_entry (
  key        text        PRIMARY KEY,
  output     json,
  stored_at  timestamptz NOT NULL,
  expires_at timestamptz
);
CREATE INDEX cache_entry_expires ON cache_entry (expires_at) WHERE expires_at IS NOT NULL;

-- Circuit breakers. Open until a time; then one attempt at a time is let through to try.
CREATE TABLE breaker (
  name       text        PRIMARY KEY,
  failures   integer     NOT NULL,
  open_until timestamptz,
  trial_until timestamptz
);
