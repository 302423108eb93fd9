-- Runs that go on after their end.

-- When the present attempt began; empty on the first one.
ALTER TABLE run ADD COLUMN restarted_at timestamptz;

-- How the earlier attempts of a run ended, and who began the next one from where.
CREATE TABLE run_attempt (
  run_id      uuid        NOT NULL,
  attempt     integer     NOT NULL,
  status      text        NOT NULL,
  reason      json,
  outputs     json,
  started_at  timestamptz NOT NULL,
  finished_at timestamptz,
  next_from   text        NOT NULL,
  next_by     text        NOT NULL,
  steps       json,
  PRIMARY KEY (run_id, attempt)
);
