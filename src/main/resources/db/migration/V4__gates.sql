-- Grants of locks and slots.

-- What was asked comes back with the grant, so that a grant of an earlier question is told apart.
ALTER TABLE hold ADD COLUMN ticket integer NOT NULL DEFAULT 0;
ALTER TABLE hold ALTER COLUMN ticket DROP DEFAULT;

-- The newest who asked for a key says how many may hold it.
DROP INDEX hold_key;
CREATE INDEX hold_key ON hold (scope, key, asked_at);

-- Who holds a key, who is next, and who does not wait in line.
CREATE INDEX hold_held ON hold (scope, key) WHERE granted_at IS NOT NULL;
CREATE INDEX hold_next ON hold (scope, key, priority DESC, asked_at) WHERE granted_at IS NULL;
CREATE INDEX hold_impatient ON hold (scope, key)
  WHERE granted_at IS NULL AND policy <> 'QUEUE';

-- Grants of one key have an order by an advisory lock, which leaves no rows behind.
DROP TABLE semaphore;

-- A run that waits for its slot has no worker that could be lost.
DROP INDEX run_live;
CREATE INDEX run_live ON run (id) WHERE status IN ('running', 'failing');
