-- What processes have to say to a run that others keep moving. Whoever moves the run next decides
-- all of it, and leaves each its verdict; the sender takes its row away with that. No row is here
-- while one process has a run to itself.
CREATE TABLE inbox (
  run_id  uuid        NOT NULL,
  id      uuid        NOT NULL,
  event   json        NOT NULL,
  verdict text,
  at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, id)
);

-- Whose turn it is to decide a run's letters. It passes when it has been used, or has run out.
CREATE TABLE inbox_turn (
  run_id uuid        PRIMARY KEY,
  until  timestamptz NOT NULL
);
