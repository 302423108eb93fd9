-- What starts runs of registered workflows.

-- One row a registered name. Whoever registers a version locks it first, so that the newest version
-- and the triggers are always those of the same file. While it is paused no trigger starts a run.
CREATE TABLE registration (
  workflow  text        PRIMARY KEY,
  paused_at timestamptz
);
INSERT INTO registration (workflow) SELECT DISTINCT name FROM workflow;

-- The triggers of each workflow's newest version. The key says what a trigger waits for; one that
-- stays from version to version keeps its row. next_at is the tick that a schedule or an interval
-- waits for; whoever takes it holds the row's lock until the run is stored and the row moved on.
CREATE TABLE workflow_trigger (
  workflow   text        NOT NULL,
  key        text        NOT NULL,
  ordinal    integer     NOT NULL,
  kind       text        NOT NULL,
  name       text        NOT NULL,
  spec       json        NOT NULL,
  next_at    timestamptz,
  last_at    timestamptz,
  last_run   uuid,
  skipped_at timestamptz,
  skipped    json,
  PRIMARY KEY (workflow, key)
);
CREATE INDEX workflow_trigger_next ON workflow_trigger (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX workflow_trigger_name ON workflow_trigger (kind, name) WHERE next_at IS NULL;
